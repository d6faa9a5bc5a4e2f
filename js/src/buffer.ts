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
// After the head: the first bit of `present`, and the first place of a 4-byte field.
const OWN_BIT = 8;
const OWN_U32 = 9;

type Item = number | null;
type Value = Item | undefined | readonly Item[];

class Half {
  readonly _bytes = new Uint8Array(HALF_BYTES);
  readonly _u32 = new Uint32Array(this._bytes.buffer);
  readonly _f64 = new Float64Array(this._bytes.buffer);
  _words = HEAD_WORDS;
  _records = 0;
  _events = 0;
}

/**
 * Two halves of fixed size: one is written, the other one waits for the journal when it is full.
 * Each half is one batch with its own strings. An event that finds both full is refused.
 *
 * Write an event as `if (writer._begin()) writer._put(layout, ...values)`.
 */
export class BatchWriter {
  _u32: Uint32Array;
  _f64: Float64Array;
  /** Local number of the page view that events belong to; -1 before the first. */
  _pv = -1;
  /** Route of that page view. */
  _page = "";
  /** Key of the document that this one replaced in its tab, 0 for none. Holds from the next batch. */
  _previous = 0;
  /** Offset of the latest record in 8-byte words. */
  _last = 0;
  /** Time of the latest record on the clock of its page view. */
  _mono = 0;
  /** How long ago what is written now has happened, ms. Not before the latest record. */
  _ago = 0;
  /** Changes whenever earlier offsets stop being valid. */
  _serial = 0;

  private _active = new Half();
  private _other = new Half();
  private readonly _strings = new Map<string, number>();
  private readonly _encoder = new TextEncoder();

  constructor(
    private readonly _document: number,
    private readonly _clock: Clock,
  ) {
    this._u32 = this._active._u32;
    this._f64 = this._active._f64;
  }

  /** Events that wait here. */
  get _pending(): number {
    return this._active._events + this._other._events;
  }

  /** True when one half is full and wants to be taken soon. */
  get _full(): boolean {
    return this._other._events > 0;
  }

  /**
   * Makes room for one event of up to `values` numbers and texts. False: both halves are full, and
   * the event must be dropped.
   */
  _begin(values = 8): boolean {
    // As if all of them were texts of full length; one more for the page, and the record itself.
    const isRoom = this._active._words + (values + 2) * STRING_WORDS <= HALF_BYTES / 8;
    if (isRoom || this._full) return isRoom;
    this._turn();
    return true;
  }

  /**
   * Writes an event into the room that `_begin` has made. One function for all types, told by a text
   * what their fields are (events.gen.ts): straight code for each type was 3 KB of the visitor's
   * script. After the type comes a letter for each value: `n` number, NaN absent; `o` number or null,
   * undefined absent; `s` text, empty absent; `x` the same, kept as it is (_string); `b` bool, -1
   * absent; `w` bits of words; lists: `i` numbers or null, `t` texts, `m` pairs of them.
   */
  _put<Values extends readonly unknown[]>(layout: Layout<Values>, ...values: Values): void {
    const kinds = layout.slice(2);
    // Records of strings come before the one that uses them.
    const idOf = (value: unknown, exact?: boolean): unknown =>
      typeof value === "string"
        ? this._string(value, exact)
        : Array.isArray(value)
          ? value.map((item) => idOf(item))
          : value;
    const items = values.map((value, i) => idOf(value, kinds[i] === "x")) as Value[];
    const inView = this._pv >= 0;
    const page = inView ? this._string(this._page) : 0;
    const half = this._active;
    const { _u32, _f64 } = half;
    const at = half._words;
    const wides = kinds.replace(/[^no]/g, "").length;
    let present = HAS_MONO | (inView ? HAS_PV : 0) | (page ? HAS_PAGE : 0);
    let narrow = at * 2 + OWN_U32;
    let wide = at + ((OWN_U32 + kinds.length - wides + 1) >> 1);
    let tail = wide + wides;
    items.forEach((value, i) => {
      const kind = kinds[i] as string;
      const list = value as readonly Item[];
      if (kind === "n" || kind === "o") {
        if (kind === "o" ? value !== undefined : !Number.isNaN(value)) present |= OWN_BIT << i;
        _f64[wide++] = (value as Item) ?? Number.NaN;
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
        if (kind === "i") _f64[tail + k] = item ?? Number.NaN;
        else _u32[tail * 2 + k] = item as number;
      });
      tail += kind === "i" ? list.length : (list.length + 1) >> 1;
    });
    _u32[at * 2] = +layout.slice(0, 2) | ((tail - at) << 16);
    _u32[at * 2 + 1] = present;
    this._mono = this._clock._mono() - this._ago;
    _f64[at + 1] = Date.now() - this._ago;
    _f64[at + 2] = this._mono;
    _f64[at + 3] = inView ? this._pv : 0;
    _u32[at * 2 + 8] = page;
    half._words = tail;
    half._records++;
    half._events++;
    this._last = at;
  }

  // Id of `text` in the current batch, 0 for none; texts are cut to 256 bytes of UTF-8. All texts of
  // records pass here, so here they are scrubbed, but for those that only tell one `exact` thing
  // from another. Well-known words are texts like any other here: the core knows them by their text,
  // and the list of them would be 200 bytes.
  private _string(text: Text, exact?: boolean): number {
    if (!text) return 0;
    let id = this._strings.get(text);
    if (id) return id;
    const clean = exact ? text : scrub(text);
    if (clean !== text) return this._string(clean);
    id = FIRST_BATCH_STRING + this._strings.size;
    this._strings.set(text, id);
    const half = this._active;
    const at = half._words * 8;
    // Not encodeInto, which browsers before 2019 have not.
    const bytes = this._encoder.encode(text.slice(0, STRING_BYTES));
    let length = Math.min(bytes.length, STRING_BYTES);
    // Back to the begin of a code point that does not fit.
    while (((bytes[length] as number) & 0xc0) === 0x80) length--;
    half._bytes.set(bytes.subarray(0, length), at + 12);
    const words = (12 + length + 7) >> 3;
    half._u32[at / 4] = TYPE_STRING | (words << 16);
    half._u32[at / 4 + 1] = id;
    half._u32[at / 4 + 2] = length;
    half._words += words;
    half._records++;
    return id;
  }

  /** Takes the latest event back, if it is the one at `offset` of `serial`. */
  _undo(offset: number, serial: number): boolean {
    const half = this._active;
    if (serial !== this._serial || offset !== this._last || !half._events) return false;
    half._bytes.fill(0, offset * 8, half._words * 8);
    half._words = offset;
    half._records--;
    half._events--;
    this._last = 0;
    return true;
  }

  /** Ends the current batch, so that the next event begins a new one. No effect when both are full. */
  _cut(): void {
    if (this._active._events && !this._full) this._turn();
  }

  /** The oldest waiting batch, undefined when no event waits. Its half is free again. */
  _take(): Row | undefined {
    if (!this._full) this._cut();
    const half = this._other;
    if (!half._events) return undefined;
    const used = half._words * 8;
    const row = { d: this._document, n: half._events, b: half._bytes.slice(0, used) };
    // Nothing of an earlier batch may shine through where a record leaves bytes unwritten.
    half._bytes.fill(0, 0, used);
    half._words = HEAD_WORDS;
    half._records = half._events = 0;
    return row;
  }

  /** Forgets what waits here; gives the number of events. */
  _clear(): number {
    let events = 0;
    for (let row = this._take(); row; row = this._take()) events += row.n;
    return events;
  }

  private _turn(): void {
    const half = this._active;
    half._u32[0] = MAGIC;
    half._u32[1] = SCHEMA_VERSION | (HEAD_WORDS << 16);
    half._u32[2] = half._words * 8;
    half._u32[3] = half._records;
    half._f64[2] = this._document;
    half._f64[3] = this._previous;
    this._active = this._other;
    this._other = half;
    this._u32 = this._active._u32;
    this._f64 = this._active._f64;
    this._strings.clear();
    this._serial++;
  }
}
