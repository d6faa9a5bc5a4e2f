// SPDX-License-Identifier: MIT
// The one place where the demo meets the global that the script tag makes.

import type { Insitu } from "insitu";

/**
 * Insitu of this page; null where its script did not load or was blocked. The shop works without,
 * as every site should.
 */
export function insituOfPage(): Insitu | null {
  const found = (window as { insitu?: Partial<Insitu> }).insitu;
  return typeof found?.task === "function" ? (found as Insitu) : null;
}
