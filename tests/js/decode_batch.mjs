// SPDX-License-Identifier: MIT
// Reads a batch as docs/wire-format.md describes it, from src/events/events.json alone: shares no
// line with the writer it checks.
import { readFileSync } from "node:fs";

const schema = JSON.parse(
  readFileSync(new URL("../../src/events/events.json", import.meta.url), "utf8"),
);
const wide = ["number", "int", "int_or_null"];
const lists = ["ints", "strings", "map"];

// { head, events } of a batch given as bytes; fields that are absent are left out, `exempt` is a list.
// Throws when a size does not fit, a string is not defined before its use, or padding is not zero.
export function decodeBatch(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (at) => view.getUint16(at, true);
  const u32 = (at) => view.getUint32(at, true);
  const f64 = (at) => view.getFloat64(at, true);
  const check = (holds, what) => {
    if (!holds) throw new Error(`bad batch: ${what}`);
  };
  const head = {
    magic: Buffer.from(bytes.slice(0, 4)).toString("latin1"),
    version: u16(4),
    headWords: u16(6),
    bytes: u32(8),
    records: u32(12),
    document: f64(16),
    previous: f64(24),
  };
  check(head.magic === "INSI" && head.version === 1 && head.headWords === 4, "head");
  check(head.bytes === bytes.length && bytes.length % 8 === 0, "size");

  const strings = new Map(schema.words.map((word, i) => [i + 1, word]));
  const stringOf = (id) => {
    check(strings.has(id), `string ${id} is not defined`);
    return strings.get(id);
  };
  const events = [];
  let records = 0;
  for (let at = 32; at < bytes.length; ) {
    const type = u16(at);
    const size = u16(at + 2) * 8;
    check(size >= 8 && at + size <= bytes.length, `size of the record at ${at}`);
    records++;
    if (type === 1) {
      const length = u32(at + 8);
      check(size === Math.ceil((12 + length) / 8) * 8, "size of a string");
      check(!strings.has(u32(at + 4)), "a string is defined twice");
      strings.set(
        u32(at + 4),
        new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice(at + 12, at + 12 + length)),
      );
      check(
        bytes.slice(at + 12 + length, at + size).every((byte) => byte === 0),
        "padding",
      );
    } else {
      events.push(readEvent(at, size));
    }
    at += size;
  }
  check(records === head.records, "number of records");
  return { head, events };

  function readEvent(start, size) {
    const type = schema.events.find((each) => each.id === u16(start));
    check(type, `type ${u16(start)}`);
    const present = u32(start + 4);
    const event = { type: type.name, t: f64(start + 8) };
    if (present & 2) event.mono = f64(start + 16);
    if (present & 1) event.pv = f64(start + 24);
    if (present & 4) event.page = stringOf(u32(start + 32));
    let at = start + 36;
    const offsets = {};
    for (const field of type.fields) {
      if (wide.includes(field.kind)) continue;
      offsets[field.name] = at;
      at += 4;
    }
    at = start + Math.ceil((at - start) / 8) * 8;
    for (const field of type.fields) {
      if (!wide.includes(field.kind)) continue;
      offsets[field.name] = at;
      at += 8;
    }
    let tail = at;
    type.fields.forEach((field, i) => {
      const offset = offsets[field.name];
      const count = lists.includes(field.kind) ? u32(offset) : 0;
      const from = tail;
      tail +=
        { ints: count * 8, strings: Math.ceil(count / 2) * 8, map: count * 8 }[field.kind] ?? 0;
      if (!(present & (1 << (i + 3)))) return;
      const each = (read) => Array.from({ length: count }, (_, k) => read(k));
      const nullable = (value) => (Number.isNaN(value) ? null : value);
      event[field.name] = {
        number: () => f64(offset),
        int: () => f64(offset),
        int_or_null: () => nullable(f64(offset)),
        bool: () => u32(offset) === 1,
        string: () => stringOf(u32(offset)),
        words: () => field.of.filter((_, bit) => u32(offset) & (1 << bit)),
        ints: () => each((k) => nullable(f64(from + 8 * k))),
        strings: () => each((k) => stringOf(u32(from + 4 * k))),
        map: () =>
          Object.fromEntries(
            each((k) => [stringOf(u32(from + 8 * k)), stringOf(u32(from + 8 * k + 4))]),
          ),
      }[field.kind]();
    });
    check(tail - start === size, `size of ${type.name}`);
    return event;
  }
}
