// SPDX-License-Identifier: MIT
// Whether the page has answered a click: the evidence without which a click is a dead one. One
// `mutation` record per click that is answered.
//
// Watched from the press on, since much opens before the click comes, for 2500 ms after the click,
// which is how long a click waits (`dead_ms`; a longer one sees no more). An answer is: a change of
// the document, or of the open shadow trees and the frame the click went through; a request; input;
// a form sent or refused; focus that goes elsewhere than the press takes it; a selection; a popover,
// dialog or media that starts or stops; scrolling at once; a navigation or a download; the window
// that loses its focus to something the browser has opened.
//
// What the page does anyway is no answer:
// - A node that changes by itself, like a clock. It is known by its rhythm: three changes in a row,
//   less than 2500 ms apart, while nobody has done anything. Rhythms are learnt for 5 s once a page
//   view is laid out, and after a click again, at most every 20 s. A slower rhythm meets few clicks.
// - An address that was asked for three times in the 30 s before, without its query: a poll.
// - The script element and the request of our own core (load_script.ts).
//
// A request is told to us only when it is over. One that takes longer than a click waits is written
// with the time at which it began, provided that nothing has been written since.
import type { Capture } from "../capture.js";
import { EXEMPT_DEAD, selectionOf } from "../element.js";
import { mutation } from "../events.gen.js";
import { idle } from "../idle.js";

const OUR_CORE = /\/insitu\.core/;
const WAIT_MS = 2500;
const SCROLL_MS = 300;
const LEARN_MS = 5000;
const RELEARN_MS = 20000;
const BEAT_MS = 300;
const POLL_MS = 30000;
const TIMES = 3;

// What follows from these, such as `change` and `invalid`, need not be heard too.
const EVENTS = "input submit select selectionchange focusin toggle play pause scroll";
const ALL = { subtree: true, childList: true, attributes: true, characterData: true };

/** How often in a row a node has changed by itself, and when last. */
type Rhythm = [beats: number, at: number];

export function reactions(capture: Capture): void {
  const { _clock, _listen, _onClick, _onHide, _onSettled, _onView, _writer } = capture;
  let rhythms = new WeakMap<Node, Rhythm>();
  let path: EventTarget[] = []; // of the latest press or click
  let pressed = 0;
  let clicked = 0; // the latest click that waits for an answer, 0 for none
  let early: boolean | undefined; // whether a press that is no click yet has its answer
  let acted = 0; // when somebody has done something
  let learnt = -RELEARN_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const guard = _listen._guard;

  // Something happened that began at `start`. An answer that comes too late to be written under its
  // own time is none.
  const react = (start: number) => {
    if (early === false) early = true;
    const now = performance.now();
    const ago = Math.min(now - start, _clock._mono() - _writer._mono) | 0;
    if (!clicked || now - ago - clicked > WAIT_MS) return;
    clicked = 0;
    _writer._ago = ago;
    capture._write(mutation);
    _writer._ago = 0;
    if (early === undefined) stop();
  };
  const reactNow = () => react(performance.now());

  const changes = new MutationObserver(
    guard<MutationRecord[]>((records) => {
      const now = performance.now();
      for (const { addedNodes, removedNodes, target } of records) {
        if ("insituCore" in (addedNodes[0] || removedNodes[0] || target)) continue;
        const [beats, at] = rhythms.get(target) || [0, 0];
        if (beats >= TIMES) continue;
        if (now - acted <= WAIT_MS) return react(now);
        const gap = now - at;
        if (gap > BEAT_MS) rhythms.set(target, [gap < WAIT_MS ? beats + 1 : 1, now]);
      }
    }),
  );
  const requests =
    window.PerformanceObserver &&
    new PerformanceObserver(
      guard<PerformanceObserverEntryList>((list) => {
        for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
          // Beacons tell a server, and nobody waits for them.
          const isAfter =
            entry.startTime >= pressed &&
            entry.initiatorType !== "beacon" &&
            entry.name !== capture._endpoint &&
            !OUR_CORE.test(entry.name);
          if (isAfter && !isPoll(entry)) react(entry.startTime);
        }
      }),
    );
  const address = ({ name }: PerformanceEntry) => name.split("?")[0];
  const isPoll = (entry: PerformanceEntry) =>
    performance
      .getEntriesByType("resource")
      .filter(
        (other) =>
          other.startTime < pressed &&
          other.startTime > pressed - POLL_MS &&
          address(other) === address(entry),
      ).length >= TIMES;

  const stop = () => {
    changes.disconnect();
    if (requests) requests.disconnect();
  };
  const observe = (then: () => void, ms: number) => {
    // The document, and the shadow trees and the frame on the way; those have other classes Node.
    for (const root of [document, ...path] as Node[]) {
      if (root.nodeType === 9 || root.nodeType === 11) changes.observe(root, ALL);
    }
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const watch = (event: Event) => {
    path = event.composedPath();
    acted = performance.now();
    // What was not learnt to the end is learnt again.
    if (acted - learnt < LEARN_MS) learnt = -RELEARN_MS;
    observe(learn, WAIT_MS);
    if (requests) requests.observe({ entryTypes: ["resource"] });
  };
  const learn = guard<void>(() => {
    const now = performance.now();
    early = undefined;
    observe(stop, LEARN_MS);
    if (now - learnt < RELEARN_MS) changes.disconnect();
    else learnt = now;
  });

  _listen._on(null, "pointerdown", (event) => {
    if (!event.isTrusted) return;
    watch(event);
    pressed = acted;
    early = false;
  });
  _onClick.push((event, exempt) => {
    const answered = early;
    early = undefined;
    acted = performance.now();
    if (exempt & EXEMPT_DEAD) return;
    watch(event);
    // Keys click without a press.
    if (answered === undefined) pressed = acted;
    clicked = acted;
    if (answered) reactNow();
  });
  for (const type of EVENTS.split(" ")) {
    _listen._on(null, type, ({ target }) => {
      const now = performance.now();
      if (type === "input") acted = now;
      if (type === "scroll") {
        acted = capture._scrolled = now;
        if (now - clicked > SCROLL_MS) return;
      }
      if (type === "focusin" && path.includes(target as EventTarget)) return;
      // A press takes the selection away; that is no answer.
      if (type === "selectionchange" && !selectionOf(target as Document)) return;
      react(now);
    });
  }
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) _listen._on(navigation, "navigate", reactNow);
  _listen._on(window, "blur", ({ target }) => {
    if (target === window && !document.hasFocus()) reactNow();
  });
  _onHide.push(reactNow);
  // The page view itself is the answer.
  _onView.push(() => {
    clicked = 0;
    if (early === false) early = true;
  });
  _onSettled.push(() => {
    rhythms = new WeakMap();
    learnt = -RELEARN_MS;
    idle(learn);
  });
  _listen._ending(() => {
    clearTimeout(timer);
    stop();
  });
}
