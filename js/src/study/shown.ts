// SPDX-License-Identifier: MIT
// How a name that a log holds may be shown.
import { scrub } from "../scrub.js";

/** A text of a log as it may be shown: without what scrub.ts cuts out, at most 120 characters. */
export function shown(text: string): string {
  const clean = scrub(text);
  return clean.length > 120 ? `${clean.slice(0, 119)}…` : clean;
}
