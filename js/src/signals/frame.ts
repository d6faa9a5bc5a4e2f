// SPDX-License-Identifier: MIT
// Finds frames as they come, so that their events are heard (frames.ts).
import type { Capture } from "../capture.js";

export function frames(capture: Capture): void {
  const { _listen, _onSettled } = capture;
  _listen._on(null, "load", (event) => {
    if (/^i?frame$/.test((event.target as Element).localName)) _listen._spread();
  });
  _onSettled.push(() => _listen._spread());
}
