// SPDX-License-Identifier: MIT
// Finds frames as they come, so that their events are heard (frames.ts).
import type { Capture } from "../capture.js";
import { MARK } from "../frames.js";

export function frames(capture: Capture): void {
  const { _listen, _onSettled } = capture;
  // Tells an Insitu of the page around this one to keep out.
  (window as { [MARK]?: boolean })[MARK] = true;
  _listen._on("frame", null, "load", (event) => {
    if (/^i?frame$/.test((event.target as Element).localName)) _listen._spread();
  });
  _onSettled.push(() => _listen._spread());
}
