// SPDX-License-Identifier: MIT
// Lays a record out (docs/wire-format.md). One function for all types, told by a text what their
// fields are: straight code for each type was 3 KB of the visitor's script.

/** Where a record goes: `open` writes the head and gives the record's offset in 8-byte words, -1 when there is no room. */
export interface RecordWriter {
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  open(type: number, words: number, present: number): number;
}

type Item = number | null;
export type FieldValue = Item | undefined | readonly Item[];

// After the head: the first bit of `present`, and the first place of a 4-byte field.
const OWN_BIT = 8;
const OWN_U32 = 9;

/**
 * Writes an event of `type`; nothing when there is no room. `kinds` has a letter for each field:
 * `n` number, NaN absent; `o` number or null, undefined absent; `s` string id, 0 absent; `b` bool,
 * -1 absent; `w` bits of words; lists: `i` numbers or null, `t` string ids, `m` pairs of them.
 */
export function put(w: RecordWriter, type: number, kinds: string, values: FieldValue[]): void {
  let present = 0;
  let narrow = OWN_U32;
  let wide = 0;
  let tail = 0;
  values.forEach((value, i) => {
    const kind = kinds[i];
    const items = value as readonly Item[];
    const isThere =
      kind === "n"
        ? !Number.isNaN(value)
        : kind === "o"
          ? value !== undefined
          : kind === "s"
            ? value
            : kind !== "b" || (value as number) >= 0;
    if (isThere) present |= OWN_BIT << i;
    if (kind === "n" || kind === "o") wide++;
    else narrow++;
    if (kind === "i") tail += items.length;
    else if (items?.length) tail += (items.length + 1) >> 1;
  });
  const first = (narrow + 1) >> 1;
  const at = w.open(type, first + wide + tail, present);
  if (at < 0) return;
  narrow = at * 2 + OWN_U32;
  wide = at + first;
  tail = at + first + kinds.replace(/[^no]/g, "").length;
  values.forEach((value, i) => {
    const kind = kinds[i];
    if (kind === "n" || kind === "o") {
      w.f64[wide++] = (value as Item) ?? Number.NaN;
      return;
    }
    const items = value as readonly Item[];
    const length = items.length;
    w.u32[narrow++] =
      length === undefined ? Math.max(0, value as number) : kind === "m" ? length >> 1 : length;
    if (!length) return;
    if (kind === "i") {
      for (const item of items) w.f64[tail++] = item ?? Number.NaN;
    } else {
      items.forEach((item, k) => {
        w.u32[tail * 2 + k] = item as number;
      });
      tail += (length + 1) >> 1;
    }
  });
}
