// SPDX-License-Identifier: MIT
// Canonical JSON: equal values, equal text.

const encoder = new TextEncoder();

/**
 * The JSON text of a value as RFC 8785 has it, but with keys in the order of their UTF-8 bytes.
 * `sparse`: without members that are objects without members, as partials are written.
 * O(size log size).
 */
export function canonical(value: unknown, sparse?: boolean): string {
  if (typeof value !== "object" || !value) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, sparse))}]`;
  const members = Object.entries(value)
    .map(([key, member]) => [bytesOf(key), JSON.stringify(key), canonical(member, sparse)])
    .filter(([, , text]) => !sparse || text !== "{}")
    .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
  return `{${members.map(([, key, text]) => `${key}:${text}`)}}`;
}

// A text whose order is that of the UTF-8 bytes of `text`.
function bytesOf(text: string): string {
  return String.fromCharCode(...encoder.encode(text));
}
