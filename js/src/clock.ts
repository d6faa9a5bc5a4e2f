// SPDX-License-Identifier: MIT
// The monotonic clock of a page view.

/** Whole ms since the current page view began; never goes back. */
export class Clock {
  private _start = performance.now();

  /** A page view begins now. */
  _restart(): void {
    this._start = performance.now();
  }

  _mono(): number {
    return Math.max(0, Math.round(performance.now() - this._start));
  }
}
