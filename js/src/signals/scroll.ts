// SPDX-License-Identifier: MIT
// How far the document was scrolled, sampled.
import type { Capture } from "../capture.js";
import { scroll } from "../events.gen.js";

const SAMPLE_MS = 200;
const STEP_PX = 8;

/**
 * At most one record per 200 ms, and always the place where scrolling stopped; places less than 9 px
 * from the last one told are left out. Only the document: other scrollers have no depth yet.
 */
export function scrolls(capture: Capture): void {
  const { _listen, _onHide, _onView, _writer } = capture;
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | 0 = 0;
  const write = _listen._guard<void>("scroll", () => {
    timer = 0;
    const y = Math.round(scrollY);
    if (Math.abs(y - told) <= STEP_PX) return;
    told = y;
    if (capture._begin()) scroll(_writer, y);
  });
  const sample = () => {
    timer ||= setTimeout(write, SAMPLE_MS);
  };
  _listen._on("scroll", document, "scroll", (event) => {
    if (event.target === document) sample();
  });
  // A new page view starts at the top for the reader of the records; a route without a scroll reset
  // or a restored position does not.
  _onView.push(() => {
    told = 0;
    sample();
  });
  _onHide.push(() => {
    clearTimeout(timer as number);
    write();
  });
}
