// SPDX-License-Identifier: MIT
// That somebody is still there. Time between two events counts as active up to 30 s (idle_cap_ms),
// so who reads on with a hand on the mouse has to be told of, though nothing else is recorded then.
import type { Capture } from "../capture.js";
import { heartbeat } from "../events.gen.js";

const BEAT_MS = 15000;
// Not `scroll` and `pointerover`, which a page can bring about without anybody.
const INPUTS = ["pointermove", "keydown", "wheel", "touchmove"];

/** An input is a heartbeat when nothing was recorded in the 15 s before. No timer runs for it. */
export function heartbeats(capture: Capture): void {
  const { _listen, _onTake, _writer } = capture;
  let last = performance.now();
  const beat = () => {
    const now = performance.now();
    if (now - last < BEAT_MS) return;
    last = now;
    capture._write(heartbeat);
  };
  _onTake.push(() => {
    if (_writer._pending()) last = performance.now();
  });
  for (const type of INPUTS) _listen._on(document, type, beat);
}
