// SPDX-License-Identifier: MIT
// The record buffer: events become bytes here and wait for the journal (docs/wire-format.md).
import type { Clock } from "./clock.js";
import { FIRST_BATCH_STRING, type Layout, SCHEMA_VERSION, type Text } from "./events.gen.js";
import type { Row } from "./rows.js";
import { scrub } from "./scrub.js";

const MAGIC = 0x49534e49;
const HALF_BYTES = 32768;
const HEAD_WORDS = 4;
const STRING_BYTES = 256;
// A string record with the longest text: type, size, id, length, text, padding.
const STRING_WORDS = (12 + STRING_BYTES + 7) >> 3;
const TYPE_STRING = 1;
const HAS_PV = 1;
const HAS_MONO = 2;
const HAS_PAGE = 4;
// Of a page view: fields 2 and 3.
const HAS_SIZE = 32 | 64;
// After the head: the first bit of `present`, and the first place of a 4-byte field.
const OWN_BIT = 8;
const OWN_U32 = 9;

type Item = number | null;
type Value = Item | undefined | readonly Item[];

interface Half {
  readonly _bytes: Uint8Array;
  readonly _u32: Uint32Array;
  readonly _f64: Float64Array;
  _words: number;
  _records: number;
  _events: number;
}

function createHalf(): Half {
  const _bytes = new Uint8Array(HALF_BYTES);
  const { buffer } = _bytes;
  return {
    _bytes,
    _u32: new Uint32Array(buffer),
    _f64: new Float64Array(buffer),
    _words: HEAD_WORDS,
    _records: 0,
    _events: 0,
  };
}

/**
 * Two halves of fixed size: one is written, the other one waits for the journal when it is full.
 * Each half is one batch with its own strings. An event that finds both full is refused.
 *
 * Write an event as `if (writer._begin()) writer._put(layout, ...values)`.
 */
export interface BatchWriter {
  /** Local number of the page view that events belong to; -1 before the first. */
  _pv: number;
  /** Route of that page view. */
  _page: string;
  /** Key of the document that this one replaced in its tab, 0 for none. Holds from the next batch. */
  _previous: number;
  /** Offset of the latest record in 8-byte words. */
  _last: number;
  /** Time of the latest record on the clock of its page view. */
  _mono: number;
  /** How long ago what is written now has happened, ms. Not before the latest record. */
  _ago: number;
  /** Changes whenever earlier offsets stop being valid. */
  _serial: number;

  /** Events that wait here. */
  _pending(): number;
  /** True when one half is full and wants to be taken soon. */
  _isFull(): boolean;
  /**
   * Makes room for one event of up to `values` numbers and texts. False: both halves are full, and
   * the event must be dropped.
   */
  _begin(values?: number): boolean;
  /**
   * Writes an event into the room that `_begin` has made. One function for all types, told by a text
   * what their fields are (events.gen.ts): straight code for each type was 3 KB of the visitor's
   * script. After the type comes a letter for each value: `n` number, absent if it is none; `o` number
   * or null, undefined absent; `s` text, empty absent; `x` the same, kept as it is; `b` bool, -1
   * absent; `w` bits of words; lists: `i` numbers or null, `t` texts, `m` pairs of them.
   */
  _put<Values extends readonly unknown[]>(layout: Layout<Values>, ...values: Values): void;
  /** Writes the size of the page into the page view at `offset` of the current half. */
  _resize(offset: number, width: number, height: number): void;
  /** Takes the latest event back, if it is the one at `offset` of `serial`. */
  _undo(offset: number, serial: number): boolean;
  /** Ends the current batch, so that the next event begins a new one. No effect when both are full. */
  _cut(): void;
  /** The oldest waiting batch, undefined when no event waits. Its half is free again. */
  _take(): Row | undefined;
  /** Forgets what waits here; gives the number of events. */
  _clear(): number;
}

export function createWriter(document: number, clock: Clock): BatchWriter {
  const strings = new Map<string, number>();
  const encoder = new TextEncoder();
  let active = createHalf();
  let other = createHalf();

  const isFull = () => other._events > 0;

  const turn = () => {
    const half = active;
    half._u32.set([MAGIC, SCHEMA_VERSION | (HEAD_WORDS << 16), half._words * 8, half._records]);
    half._f64.set([document, writer._previous], 2);
    active = other;
    other = half;
    strings.clear();
    writer._serial++;
  };

  const cut = () => {
    if (active._events && !isFull()) turn();
  };

  const take = (): Row | undefined => {
    if (!isFull()) cut();
    const half = other;
    if (!half._events) return undefined;
    const used = half._words * 8;
    const row = { d: document, n: half._events, b: half._bytes.slice(0, used) };
    // Nothing of an earlier batch may shine through where a record leaves bytes unwritten.
    half._bytes.fill(0, 0, used);
    half._words = HEAD_WORDS;
    half._records = half._events = 0;
    return row;
  };

  // Id of `text` in the current batch, 0 for none; texts are cut to 256 bytes of UTF-8. All texts of
  // records pass here, so here they are scrubbed, but for those that only tell one `exact` thing
  // from another. Well-known words are texts like any other here: the core knows them by their text,
  // and the list of them would be 200 bytes.
  const idOf = (text: Text, exact?: boolean): number => {
    if (!text) return 0;
    let id = strings.get(text);
    if (id) return id;
    const clean = exact ? text : scrub(text);
    if (clean !== text) return idOf(clean);
    id = FIRST_BATCH_STRING + strings.size;
    strings.set(text, id);
    const at = active._words * 8;
    // Not encodeInto, which browsers before 2019 have not.
    const bytes = encoder.encode(text.slice(0, STRING_BYTES));
    let length = Math.min(bytes.length, STRING_BYTES);
    // Back to the begin of a code point that does not fit.
    while (((bytes[length] as number) & 0xc0) === 0x80) length--;
    active._bytes.set(bytes.subarray(0, length), at + 12);
    const words = (12 + length + 7) >> 3;
    active._u32.set([TYPE_STRING | (words << 16), id, length], at / 4);
    active._words += words;
    active._records++;
    return id;
  };

  // The same for a value of any kind.
  const itemOf = (value: unknown, exact?: boolean): unknown =>
    typeof value === "string"
      ? idOf(value, exact)
      : Array.isArray(value)
        ? value.map((item) => itemOf(item))
        : value;

  const writer: BatchWriter = {
    _pv: -1,
    _page: "",
    _previous: 0,
    _last: 0,
    _mono: 0,
    _ago: 0,
    _serial: 0,
    _pending: () => active._events + other._events,
    _isFull: isFull,
    _begin(values = 8) {
      // As if all of them were texts of full length; one more for the page, and the record itself.
      const isRoom = active._words + (values + 2) * STRING_WORDS <= HALF_BYTES / 8;
      if (isRoom || isFull()) return isRoom;
      turn();
      return true;
    },
    _put(layout, ...values) {
      const kinds = layout.slice(2);
      // Records of strings come before the one that uses them.
      const items = values.map((value, i) =>
        /[no]/.test(kinds[i] as string) ? value : itemOf(value, kinds[i] === "x"),
      ) as Value[];
      const inView = writer._pv >= 0;
      const page = inView ? idOf(writer._page) : 0;
      const { _u32, _f64, _words: at } = active;
      const wides = kinds.replace(/[^no]/g, "").length;
      let present = HAS_MONO | (inView ? HAS_PV : 0) | (page ? HAS_PAGE : 0);
      let narrow = at * 2 + OWN_U32;
      let wide = at + ((OWN_U32 + kinds.length - wides + 1) >> 1);
      let tail = wide + wides;
      items.forEach((value, i) => {
        const kind = kinds[i] as string;
        const list = value as readonly Item[];
        if (kind === "n" || kind === "o") {
          const isNumber = Number.isFinite(value);
          if (kind === "o" ? value !== undefined : isNumber) present |= OWN_BIT << i;
          _f64[wide++] = isNumber ? (value as number) : NaN;
          return;
        }
        if (/[sx]/.test(kind) ? value : kind !== "b" || (value as number) >= 0)
          present |= OWN_BIT << i;
        if (!Array.isArray(value)) {
          _u32[narrow++] = Math.max(0, value as number);
          return;
        }
        _u32[narrow++] = kind === "m" ? list.length >> 1 : list.length;
        list.forEach((item, k) => {
          if (kind === "i") _f64[tail + k] = item === null ? NaN : item;
          else _u32[tail * 2 + k] = item as number;
        });
        tail += kind === "i" ? list.length : (list.length + 1) >> 1;
      });
      writer._mono = clock._mono() - writer._ago;
      _u32.set([+layout.slice(0, 2) | ((tail - at) << 16), present], at * 2);
      _f64.set([Date.now() - writer._ago, writer._mono, inView ? writer._pv : 0], at + 1);
      _u32[at * 2 + 8] = page;
      active._words = tail;
      active._records++;
      active._events++;
      writer._last = at;
    },
    _resize(offset, width, height) {
      const { _u32, _f64 } = active;
      (_u32[offset * 2 + 1] as number) |= HAS_SIZE;
      _f64.set([width, height], offset + 7);
    },
    _undo(offset, serial) {
      const half = active;
      if (serial !== writer._serial || offset !== writer._last || !half._events) return false;
      half._bytes.fill(0, offset * 8, half._words * 8);
      half._words = offset;
      half._records--;
      half._events--;
      writer._last = 0;
      return true;
    },
    _cut: cut,
    _take: take,
    _clear() {
      let events = 0;
      for (let row = take(); row; row = take()) events += row.n;
      return events;
    },
  };
  return writer;
}
