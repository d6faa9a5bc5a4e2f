// SPDX-License-Identifier: MIT
// The monotonic clock of a page view.

export interface Clock {
  /** A page view begins now. */
  _restart(): void;
  /** Whole ms since the current page view began; never goes back. */
  _mono(): number;
}

export function createClock(): Clock {
  let start = performance.now();
  return {
    _restart() {
      start = performance.now();
    },
    _mono: () => Math.max(0, Math.round(performance.now() - start)),
  };
}
