// SPDX-License-Identifier: MIT
// A quiet moment.

const LATEST_MS = 2000;

/** Calls `work` when the page has nothing better to do, within two seconds if it is not frozen. */
export function idle(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: LATEST_MS });
  else setTimeout(work, 200);
}
