// SPDX-License-Identifier: MIT
// What signals work with: the record buffer, the listeners, and the moments of a page's life.
import { type BatchWriter, createWriter } from "./buffer.js";
import { type Clock, createClock } from "./clock.js";
import type { Layout } from "./events.gen.js";
import { createListen, type Listen } from "./listen.js";
import type { Books } from "./status.js";
import { createTab, type Tab } from "./tab.js";

/** A signal registers its listeners once. Signals know this interface, never one another. */
export type Signal = (capture: Capture) => void;

export interface Capture {
  /** Key of the document. */
  readonly _document: number;
  readonly _books: Books;
  readonly _clock: Clock;
  readonly _writer: BatchWriter;
  readonly _tab: Tab;
  readonly _listen: Listen;

  /** A page view has begun; its record is the latest one. */
  readonly _onView: (() => void)[];
  /** The page of the current page view has been laid out. Once per page view. */
  readonly _onSettled: (() => void)[];
  /** Waiting events are about to be taken from the buffer. */
  readonly _onTake: (() => void)[];
  /** The page is about to be hidden: last chance to write what a timer still holds. */
  readonly _onHide: (() => void)[];
  /** A click was written, with the bits of what it is exempt from. */
  readonly _onClick: ((event: Event, exempt: number) => void)[];

  /** Where our own uploads go, as a whole address: they are nothing that the page does. */
  _endpoint: string;
  /** When anything was scrolled last, on the clock of performance.now(). */
  _scrolled: number;
  /** The element whose scrolling counts as the page's (page.ts). */
  _scrollRoot: Element | null;
  /** Fingerprint of an element, and what is open over the page (anchor.ts); comes with the core. */
  _describe: (element: Element) => readonly string[];

  /** Called before each event. Set by who must see to it that the event gets its own page view. */
  _before: () => void;
  /** Called after each event, with the count of waiting ones. Set by the owner. */
  _wake: () => void;
  /**
   * Stores what waits, now: the document may be gone in a moment. `late`: that is left to the next
   * one. Set by the owner.
   */
  _append: (late: boolean) => void;
  /** Stores what other documents of this tab have left. Set by the owner. */
  _takeOver: () => void;

  /** Writes an event (BatchWriter._put) and enters it in the books. False: there is no room. */
  _write<Values extends readonly unknown[]>(layout: Layout<Values>, ...values: Values): boolean;
}

export function createCapture(_document: number, _books: Books): Capture {
  const _clock = createClock();
  const _writer = createWriter(_document, _clock);
  const nothing = () => {};
  const capture: Capture = {
    _document,
    _books,
    _clock,
    _writer,
    _tab: createTab(_document),
    _listen: createListen(_books),
    _onView: [],
    _onSettled: [],
    _onTake: [],
    _onHide: [],
    _onClick: [],
    _endpoint: "",
    _scrolled: 0,
    _scrollRoot: null,
    _describe: () => [],
    _before: nothing,
    _wake: nothing,
    _append: nothing,
    _takeOver: nothing,
    _write(layout, ...values) {
      capture._before();
      _books._accepted++;
      // Each item of a list is a value of its own.
      const isRoom = _writer._begin(([] as unknown[]).concat(...values).length);
      if (isRoom) {
        capture._wake();
        _writer._put(layout, ...values);
      } else {
        _books._drop("buffer_full", 1);
      }
      return isRoom;
    },
  };
  return capture;
}
