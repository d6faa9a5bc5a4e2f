// SPDX-License-Identifier: MIT
// How names of a page stand in a log, and how those of a log may be shown.
import { elementKey } from "../element.js";
import { scrub } from "../scrub.js";

// Half of a pair of surrogates, which UTF-8 cannot say.
const HALF = /\p{Cs}/gu;
// As src/heatmap/lettering.cpp has them: controls, the soft hyphen, line and paragraph separators,
// marks and overrides of direction, zero-width characters, the byte order mark, what is no character.
const UNSHOWN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  /[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/** The key of an element as a log has it: UTF-8, and a space for NUL. */
export const keyOf = (element: Element) =>
  elementKey(element).replace(HALF, "\ufffd").replace(/\0/g, " ");

/**
 * A text of a log as it may be shown: without what scrub.ts cuts out, at most 120 characters, and
 * U+FFFD for what cannot be seen or would turn what stands beside it.
 */
export function shown(text: string): string {
  const clean = scrub(text);
  return (clean.length > 120 ? `${clean.slice(0, 119)}…` : clean).replace(UNSHOWN, "\ufffd");
}
