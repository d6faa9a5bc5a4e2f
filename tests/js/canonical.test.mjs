// SPDX-License-Identifier: MIT
// Covers js/src/canonical.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { canonical } = await loadTs("js/src/canonical.ts");

test("keys come in the order of their UTF-8 bytes, at every depth", () => {
  const value = { b: { "\u{10000}": 1, "\uffff": 2, é: 3, z: 4 }, a: [{ y: 1, x: null }], "": 0 };
  assert.equal(
    canonical(value),
    '{"":0,"a":[{"x":null,"y":1}],"b":{"z":4,"é":3,"\uffff":2,"\u{10000}":1}}',
  );
});

test("numbers and texts are those of RFC 8785", () => {
  assert.equal(
    canonical([1e21, 0.1, 2 ** 53, -5, '\u0001\n"\\/\u2028']),
    '[1e+21,0.1,9007199254740992,-5,"\\u0001\\n\\"\\\\/\u2028"]',
  );
  assert.equal(canonical("é"), '"é"');
});

test("sparse leaves out members without members, and what becomes one by it", () => {
  const value = { a: {}, b: { c: { d: {} } }, e: [0, 0], f: 0, g: { h: 1 } };
  assert.equal(canonical(value, true), '{"e":[0,0],"f":0,"g":{"h":1}}');
  assert.equal(canonical(value), '{"a":{},"b":{"c":{"d":{}}},"e":[0,0],"f":0,"g":{"h":1}}');
  assert.equal(canonical({ a: {} }, true), "{}");
});

test("keys from the page are ordinary ones", () => {
  const value = JSON.parse('{"__proto__":1,"constructor":2}');
  assert.equal(canonical(value), '{"__proto__":1,"constructor":2}');
});
