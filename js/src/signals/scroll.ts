// SPDX-License-Identifier: MIT
// How far the page was scrolled, sampled.
import type { Capture } from "../capture.js";
import { SCROLL_ROOT } from "../element.js";
import { scroll } from "../events.gen.js";
import { sampler } from "../sample.js";

const SAMPLE_MS = 200;
const STEP_PX = 8;

/**
 * At most one record per 200 ms, and always the place where scrolling stopped; places less than 9 px
 * from the last one told are left out. The document and the declared scroll root (page.ts): other
 * scrollers have no depth.
 */
export function scrolls(capture: Capture): void {
  const { _listen, _onView } = capture;
  let told = 0;
  const sample = sampler(capture, SAMPLE_MS, () => {
    const { _scrollRoot } = capture;
    const y = Math.round(scrollY + (_scrollRoot ? _scrollRoot.scrollTop : 0));
    if (Math.abs(y - told) <= STEP_PX) return;
    told = y;
    capture._write(scroll, y);
  });
  _listen._on(document, "scroll", (event) => {
    const target = event.target as Element;
    const isRoot = target.nodeType === 1 && target.hasAttribute(SCROLL_ROOT);
    if (isRoot) capture._scrollRoot = target;
    if (isRoot || event.target === document) sample();
  });
  // A new page view starts at the top for the reader of the records; a route without a scroll reset
  // or a restored position does not.
  _onView.push(() => {
    told = 0;
    sample();
  });
}
