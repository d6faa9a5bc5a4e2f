// SPDX-License-Identifier: MIT
// Writes batches as docs/wire-format.md describes them, from src/events/events.json alone: shares no
// line with the writers of the core and of the shell.
import { readFileSync } from "node:fs";

const schema = JSON.parse(
  readFileSync(new URL("../../src/events/events.json", import.meta.url), "utf8"),
);
const kHeadBytes = 40;
const kFirstBatchString = 256;
const isWide = (kind) => kind === "number" || kind === "int" || kind === "int_or_null";
const isList = (kind) => kind === "ints" || kind === "strings" || kind === "map";
const up8 = (bytes) => (bytes + 7) & ~7;

// Where every field lies: 4-byte fields first, then 8-byte ones, both in schema order.
const layouts = new Map(
  schema.events.map(({ id, name, fields }) => {
    let at = kHeadBytes - 4;
    const offsets = fields.map(() => 0);
    fields.forEach(({ kind }, i) => {
      if (isWide(kind)) return;
      offsets[i] = at;
      at += 4;
    });
    at = up8(at);
    fields.forEach(({ kind }, i) => {
      if (!isWide(kind)) return;
      offsets[i] = at;
      at += 8;
    });
    return [name, { id, fields: fields.map((f, i) => ({ ...f, offset: offsets[i] })), bytes: at }];
  }),
);

export const knownTypes = [...layouts.keys()];

// One batch. `event()` takes objects with the fields of a log line.
export class BatchWriter {
  // `document` 0: numbers are final, and context() is needed.
  constructor({ document = 0, previous = 0 } = {}) {
    this.document = document;
    this.previous = previous;
    this.records = [];
    this.ids = new Map(schema.words.map((word, i) => [word, i + 1]));
    this.next = kFirstBatchString;
  }

  get bytes() {
    return this.records.reduce((sum, record) => sum + record.length, 32);
  }

  record(bytes) {
    const view = new DataView(new ArrayBuffer(bytes));
    view.setUint16(2, bytes / 8, true);
    this.records.push(new Uint8Array(view.buffer));
    return view;
  }

  string(text) {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const utf8 = new TextEncoder().encode(text);
    const view = this.record(Math.max(16, up8(12 + utf8.length)));
    view.setUint16(0, 1, true);
    view.setUint32(4, this.next, true);
    view.setUint32(8, utf8.length, true);
    new Uint8Array(view.buffer).set(utf8, 12);
    this.ids.set(text, this.next);
    return this.next++;
  }

  context(visitor, session, seq) {
    const [visitorId, sessionId] = [this.string(visitor), this.string(session)];
    const view = this.record(24);
    view.setUint16(0, 2, true);
    view.setUint32(4, visitorId, true);
    view.setFloat64(8, seq, true);
    view.setUint32(16, sessionId, true);
  }

  end() {
    this.record(8).setUint16(0, 3, true);
  }

  event(event) {
    const { id, fields, bytes } = layouts.get(event.type);
    let present = 0;
    const writes = []; // (view) => void, once the size is known and strings are defined
    const tail = []; // one list of 4- or 8-byte elements per list field
    const integer = (name, bit, offset) => {
      if (!Number.isInteger(event[name])) return;
      present |= 1 << bit;
      writes.push((view) => view.setFloat64(offset, event[name], true));
    };
    integer("pv", 0, 24);
    integer("mono", 1, 16);
    if (typeof event.page === "string") {
      const page = this.string(event.page);
      present |= 1 << 2;
      writes.push((view) => view.setUint32(32, page, true));
    }
    fields.forEach(({ name, kind, offset, of }, i) => {
      const value = event[name];
      if (value === undefined) return;
      const set = (write) => {
        present |= 1 << (i + 3);
        writes.push(write);
      };
      if (kind === "number" || kind === "int") {
        const valid = kind === "int" ? Number.isInteger(value) : typeof value === "number";
        // A clock offset that is none is absent; other numbers were there.
        if (!valid && name === "clock_offset") return;
        set((view) => view.setFloat64(offset, valid ? value : Number.NaN, true));
      } else if (kind === "int_or_null") {
        if (value !== null && !Number.isInteger(value)) return;
        set((view) => view.setFloat64(offset, value ?? Number.NaN, true));
      } else if (kind === "bool") {
        if (typeof value === "boolean") set((view) => view.setUint32(offset, +value, true));
      } else if (kind === "string") {
        if (typeof value !== "string") return;
        const text = this.string(value);
        set((view) => view.setUint32(offset, text, true));
      } else if (kind === "words") {
        if (!Array.isArray(value) || value.some((word) => typeof word !== "string")) return;
        const bits = of.reduce((sum, word, bit) => sum | (value.includes(word) << bit), 0);
        set((view) => view.setUint32(offset, bits, true));
      } else if (isList(kind)) {
        const elements =
          kind === "ints"
            ? value.map((item) => (typeof item === "number" ? item : Number.NaN))
            : kind === "strings"
              ? value.map((item) => this.string(item))
              : Object.entries(value).flatMap((entry) => entry.map((text) => this.string(text)));
        const width = kind === "ints" ? 8 : 4;
        set((view) =>
          view.setUint32(offset, kind === "map" ? elements.length / 2 : elements.length, true),
        );
        tail.push({ elements, width });
      }
    });
    const lists = tail.reduce((sum, { elements, width }) => sum + up8(elements.length * width), 0);
    const view = this.record(bytes + lists);
    view.setUint16(0, id, true);
    view.setUint32(4, present, true);
    view.setFloat64(8, event.t, true);
    for (const write of writes) write(view);
    let at = bytes;
    for (const { elements, width } of tail) {
      elements.forEach((element, i) => {
        if (width === 8) view.setFloat64(at + i * 8, element, true);
        else view.setUint32(at + i * 4, element, true);
      });
      at += up8(elements.length * width);
    }
  }

  finish() {
    const batch = new Uint8Array(this.bytes);
    const view = new DataView(batch.buffer);
    batch.set(new TextEncoder().encode("INSI"));
    view.setUint16(4, 1, true);
    view.setUint16(6, 4, true);
    view.setUint32(8, batch.length, true);
    view.setUint32(12, this.records.length, true);
    view.setFloat64(16, this.document, true);
    view.setFloat64(24, this.previous, true);
    let at = 32;
    for (const record of this.records) {
      batch.set(record, at);
      at += record.length;
    }
    return batch;
  }
}

// The event of a line, null when it is none (KPI specification 1, "Reading").
export function eventOf(line) {
  let event;
  try {
    event = typeof line === "string" ? JSON.parse(line) : line;
  } catch {
    return null;
  }
  if (typeof event !== "object" || event === null || !layouts.has(event.type)) return null;
  const { t, visitor, session, seq } = event;
  const isKey = (text) => typeof text === "string" && text !== "";
  if (!isKey(visitor) || !isKey(session)) return null;
  if (!Number.isSafeInteger(t) || t < 0 || t > 8.64e15) return null;
  if (!Number.isSafeInteger(seq) || seq < 0) return null;
  return event.type === "page_view" && typeof event.page !== "string" ? null : event;
}

// The batches of a log: lines that are events of known types, each once, by their seq, one client
// session after the other in the order of their first line; each batch about `size` bytes.
export function batchesOfLog(lines, size = 16 << 10) {
  const sessions = new Map();
  for (const line of lines) {
    const event = eventOf(line);
    if (!event) continue;
    const key = JSON.stringify([event.visitor, event.session]);
    if (!sessions.has(key)) sessions.set(key, new Map());
    const events = sessions.get(key);
    if (!events.has(event.seq)) events.set(event.seq, event);
  }
  const batches = [];
  for (const events of sessions.values()) {
    const sorted = [...events.values()].sort((a, b) => a.seq - b.seq);
    let batch = new BatchWriter();
    let expected = Number.NaN;
    for (const event of sorted) {
      if (batch.bytes > size) {
        batches.push(batch.finish());
        batch = new BatchWriter();
        expected = Number.NaN;
      }
      if (event.seq !== expected) batch.context(event.visitor, event.session, event.seq);
      expected = event.seq + 1;
      batch.event(event);
    }
    batch.end();
    batches.push(batch.finish());
  }
  return batches;
}
