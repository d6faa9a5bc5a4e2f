// SPDX-License-Identifier: MIT
// Uncaught errors and rejections of the page. What they say stays where it is.
import type { Capture } from "../capture.js";
import { error } from "../events.gen.js";

// A page that throws in a loop: ten at once, then one a second; the rest is only counted.
const BURST = 10;
const REFILL_MS = 1000;
// Browsers report these harmless notices as errors.
const NOTICE = /^ResizeObserver loop/;

export function errors(capture: Capture): void {
  const { _books, _listen, _writer } = capture;
  let tokens = BURST;
  let refilled = performance.now();
  const tell = () => {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + (now - refilled) / REFILL_MS);
    refilled = now;
    if (tokens < 1) {
      _books._accepted++;
      _books._drop("error_storm", 1);
      return;
    }
    tokens--;
    if (capture._begin()) error(_writer, _writer._string("js"), 0, Number.NaN);
  };
  _listen._on<ErrorEvent>("error", window, "error", (event) => {
    // Resources that fail to load pass by here too, on their way to their own element.
    if (event.target === window && !NOTICE.test(event.message)) tell();
  });
  _listen._on("error", window, "unhandledrejection", tell);
}
