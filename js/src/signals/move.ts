// SPDX-License-Identifier: MIT
// Where the pointer is, sampled; only when the site asks for it. Fingers have no place but where they
// touch, and that is a click.
import type { Capture } from "../capture.js";
import { isPrivatePlace } from "../element.js";
import { move } from "../events.gen.js";
import { originOf } from "../frames.js";
import { sampler } from "../sample.js";

const SAMPLE_MS = 100;

/** At most one record per 100 ms, and always the place where the pointer stopped. */
export function moves(capture: Capture): void {
  const { _listen, _onView } = capture;
  let latest: PointerEvent | undefined;
  let target: Element;
  const sample = sampler(capture, SAMPLE_MS, () => {
    if (!latest || isPrivatePlace(target)) return;
    // An event that stands for several ones has the place of the last of them.
    const [left, top] = originOf(target, capture._scrollRoot);
    capture._write(move, Math.round(latest.clientX + left), Math.round(latest.clientY + top));
    latest = undefined;
  });
  _listen._on<PointerEvent>(null, "pointermove", (event) => {
    if (!event.isTrusted || event.pointerType === "touch") return;
    latest = event;
    // Known only while the event is on its way.
    target = event.composedPath()[0] as Element;
    sample();
  });
  // Where the pointer was on the page before is no place on this one.
  _onView.push(() => {
    latest = undefined;
  });
}
