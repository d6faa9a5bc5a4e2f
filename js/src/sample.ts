// SPDX-License-Identifier: MIT
// Thins out what happens all the time.
import type { Capture } from "./capture.js";

/**
 * A function that asks for `write`, which is then called once after `ms`, or when the page is hidden
 * before.
 */
export function sampler(capture: Capture, ms: number, write: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | 0 = 0;
  const run = capture._listen._guard<void>(() => {
    clearTimeout(timer as number);
    timer = 0;
    write();
  });
  capture._onHide.push(run);
  return () => {
    timer ||= setTimeout(run, ms);
  };
}
