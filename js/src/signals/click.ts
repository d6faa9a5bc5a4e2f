// SPDX-License-Identifier: MIT
// Clicks, taps and their keyboard equals.
import type { Capture } from "../capture.js";
import {
  above,
  EXEMPT_DEAD,
  EXEMPT_RAGE,
  elementKey,
  exemptions,
  IGNORE_ALL,
  IGNORE_HEAT,
  ignored,
  isInteractive,
  isStepper,
  MASK,
  NAME,
  selectionOf,
} from "../element.js";
import { click } from "../events.gen.js";
import { originOf } from "../frames.js";

// A label passes its click on to its control at once; this is only for slow machines.
const LABEL_MS = 50;
// Larger elements are no steppers; collecting their text would cost.
const STEPPER_CHILDREN = 4;
// Scrolling between two clicks of a chain: they step through something.
const SCROLL_MS = 1000;

/** Untrusted clicks, made by scripts of the page, are nobody's and are left out. */
export function clicks(capture: Capture): void {
  let control: Element | null = null; // will be clicked by the browser for its label
  let labelAt = 0;
  let last: Element | undefined; // clicked, and when
  let clicked = 0;
  capture._listen._on<PointerEvent>(null, "click", (event) => {
    const target = event.composedPath()[0] as Element;
    // Not `instanceof`: in a frame there is another class Element.
    if (!event.isTrusted || target.nodeType !== 1) return;
    if (target === control && event.timeStamp - labelAt < LABEL_MS) return;

    let masked: Element | undefined;
    let named: Element | undefined;
    let actionable: Element | undefined;
    const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    let exempt = modified ? EXEMPT_DEAD : 0;
    control = null;
    for (let at: Element | null = target; at; at = above(at)) {
      if (at.localName === "label" && !control) {
        control = (at as HTMLLabelElement).control;
        labelAt = event.timeStamp;
      }
      exempt |= exemptions(at) | ignored(at);
      if (exempt & IGNORE_ALL) return;
      if (!actionable && isInteractive(at)) actionable = at;
      // Up to the nearest actionable one: what names a region does not name the buttons in it.
      if (!named && (!actionable || actionable === at) && at.hasAttribute(NAME)) named = at;
      if (at.hasAttribute(MASK)) masked = at;
    }
    if (actionable && actionable.childElementCount <= STEPPER_CHILDREN) {
      const labels = [actionable.getAttribute("aria-label"), actionable.textContent];
      if (labels.some(isStepper)) exempt |= EXEMPT_RAGE;
    }
    const now = performance.now();
    if (target === last && capture._scrolled > clicked && now - clicked < SCROLL_MS) {
      exempt |= EXEMPT_RAGE;
    }
    last = target;
    clicked = now;
    const selection = selectionOf(target.ownerDocument);
    if (selection && selection.containsNode(target, true)) {
      exempt |= EXEMPT_RAGE | EXEMPT_DEAD;
    }

    const element = masked || named || actionable || target;
    const box = element.getBoundingClientRect();
    const [dx, dy] = originOf(element, capture._scrollRoot);
    const left = box.left + dx;
    const top = box.top + dy;
    // Keys have no place; and where inside of a masked element is nobody's business.
    const centred = masked || event.detail === 0;
    const x = centred ? left + box.width / 2 : event.clientX + dx;
    const y = centred ? top + box.height / 2 : event.clientY + dy;
    // A click outside of heatmaps is one without a place.
    const place = exempt & IGNORE_HEAT ? () => NaN : Math.round;
    exempt &= EXEMPT_RAGE | EXEMPT_DEAD;
    const [anchor, state] = capture._describe(element);
    const isWritten = capture._write(
      click,
      place(x),
      place(y),
      elementKey(element),
      place(left),
      place(top),
      place(box.width),
      place(box.height),
      +!!actionable,
      exempt,
      anchor,
      state,
    );
    if (!isWritten) return;
    for (const tell of capture._onClick) tell(event, exempt);
  });
}
