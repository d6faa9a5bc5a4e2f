// SPDX-License-Identifier: MIT
// Clicks, taps and their keyboard equals.
import type { Capture } from "../capture.js";
import {
  above,
  EXEMPT_DEAD,
  EXEMPT_RAGE,
  elementKey,
  exemptions,
  IGNORE,
  ignored,
  isInteractive,
  isStepper,
  MASK,
  NAME,
} from "../element.js";
import { click } from "../events.gen.js";

// A label passes its click on to its control at once; this is only for slow machines.
const LABEL_MS = 50;
// Larger elements are no steppers; collecting their text would cost.
const STEPPER_CHILDREN = 4;

/** Untrusted clicks, made by scripts of the page, are nobody's and are left out. */
export function clicks(capture: Capture): void {
  let control: Element | null = null; // will be clicked by the browser for its label
  let labelAt = 0;
  capture._listen._on<PointerEvent>("click", document, "click", (event) => {
    const target = event.composedPath()[0];
    if (!event.isTrusted || !(target instanceof Element)) return;
    if (target === control && event.timeStamp - labelAt < LABEL_MS) return;

    let masked: Element | undefined;
    let named: Element | undefined;
    let actionable: Element | undefined;
    let heat = true;
    const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    let exempt = modified ? EXEMPT_DEAD : 0;
    control = null;
    for (let at: Element | null = target; at; at = above(at)) {
      if (at.localName === "label" && !control) {
        control = (at as HTMLLabelElement).control;
        labelAt = event.timeStamp;
      }
      exempt |= exemptions(at);
      if (!actionable && isInteractive(at)) actionable = at;
      // Up to the nearest actionable one: what names a region does not name the buttons in it.
      if (!named && (!actionable || actionable === at) && at.hasAttribute(NAME)) named = at;
      if (at.hasAttribute(MASK)) masked = at;
      const rule = at.getAttribute(IGNORE);
      if (rule) {
        const found = ignored(rule);
        if (!found) return;
        exempt |= found.exempt;
        heat &&= !found.heat;
      }
    }
    if (actionable && actionable.childElementCount <= STEPPER_CHILDREN) {
      const label = actionable.getAttribute("aria-label") ?? actionable.textContent;
      if (isStepper(label)) exempt |= EXEMPT_RAGE;
    }
    const selection = getSelection();
    if (selection && !selection.isCollapsed && selection.containsNode(target, true)) {
      exempt |= EXEMPT_RAGE | EXEMPT_DEAD;
    }

    const element = masked ?? named ?? actionable ?? target;
    const box = element.getBoundingClientRect();
    const left = box.left + scrollX;
    const top = box.top + scrollY;
    // Keys have no place; and where inside of a masked element is nobody's business.
    const centred = masked || event.detail === 0;
    const x = centred ? left + box.width / 2 : event.pageX;
    const y = centred ? top + box.height / 2 : event.pageY;
    // A click outside of heatmaps is one without a place.
    const place = heat ? Math.round : () => Number.NaN;
    if (!capture._begin()) return;
    const writer = capture._writer;
    click(
      writer,
      place(x),
      place(y),
      writer._string(elementKey(element)),
      place(left),
      place(top),
      place(box.width),
      place(box.height),
      +!!actionable,
      exempt,
    );
  });
}
