// SPDX-License-Identifier: MIT
// What signals work with: the record buffer, the listeners, and the moments of a page's life.
import { BatchWriter } from "./buffer.js";
import { Clock } from "./clock.js";
import type { Layout } from "./events.gen.js";
import { Listen } from "./listen.js";
import type { Books } from "./status.js";
import { Tab } from "./tab.js";

/** A signal registers its listeners once. Signals know this class, never one another. */
export type Signal = (capture: Capture) => void;

export class Capture {
  readonly _clock = new Clock();
  readonly _writer: BatchWriter;
  readonly _tab: Tab;
  readonly _listen: Listen;

  /** A page view has begun; its record is the latest one. */
  readonly _onView: (() => void)[] = [];
  /** The page of the current page view has been laid out. Once per page view. */
  readonly _onSettled: (() => void)[] = [];
  /** Waiting events are about to be taken from the buffer. */
  readonly _onTake: (() => void)[] = [];
  /** The page is about to be hidden: last chance to write what a timer still holds. */
  readonly _onHide: (() => void)[] = [];

  /** Where our own uploads go, as a whole address: they are nothing that the page does. */
  _endpoint = "";
  /** Called before each event. Set by who must see to it that the event gets its own page view. */
  _before: () => void = () => {};
  /** A click was written, with the bits of what it is exempt from. */
  readonly _onClick: ((event: Event, exempt: number) => void)[] = [];
  /** When anything was scrolled last, on the clock of performance.now(). */
  _scrolled = 0;
  /** Fingerprint of an element, and what is open over the page (anchor.ts); comes with the core. */
  _describe: (element: Element) => readonly string[] = () => [];
  /** The element whose scrolling counts as the page's (page.ts). */
  _scrollRoot: Element | null = null;

  /** Called after each event, with the count of waiting ones. Set by the owner. */
  _wake: () => void = () => {};
  /** Stores what waits, now: the document may be gone in a moment. Set by the owner. */
  _append: () => void = () => {};

  constructor(
    readonly _document: number,
    readonly _books: Books,
  ) {
    this._tab = new Tab(_document);
    this._writer = new BatchWriter(_document, this._clock);
    this._listen = new Listen((name, error) =>
      _books._fail(`The signal ${name} failed and is off: ${error}`),
    );
  }

  /** Writes an event (BatchWriter._put) and enters it in the books. False: there is no room. */
  _write<Values extends readonly unknown[]>(layout: Layout<Values>, ...values: Values): boolean {
    this._before();
    this._books._accepted++;
    // Each item of a list is a value of its own.
    const count = values.reduce<number>(
      (sum, value) => sum + (Array.isArray(value) ? value.length : 1),
      0,
    );
    const isRoom = this._writer._begin(count);
    if (isRoom) {
      this._wake();
      this._writer._put(layout, ...values);
    } else {
      this._books._drop("buffer_full", 1);
    }
    return isRoom;
  }
}
