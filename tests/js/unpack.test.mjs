// SPDX-License-Identifier: MIT
// Covers js/src/unpack.ts: packed results, also hostile and damaged ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { unpack } = await loadTs("js/src/unpack.ts");

test("single values", () => {
  const cases = [
    [[0], null],
    [[1], false],
    [[2], true],
    [[3, -0.5], -0.5],
    [[4, 1], "b"],
    [[5, 6], []],
    [[7, 8], {}],
  ];
  for (const [tokens, value] of cases) assert.deepEqual(unpack(tokens, ["a", "b"]), value);
});

test("nested values, numbers that look like tokens", () => {
  // {"a": [6, {"b": 8}, "a"], "b": null}
  const tokens = [7, 9, 0, 5, 3, 6, 7, 9, 1, 3, 8, 8, 4, 0, 6, 9, 1, 0, 8];
  const value = unpack(Float64Array.from(tokens), ["a", "b"]);
  assert.deepEqual(value, { a: [6, { b: 8 }, "a"], b: null });
  assert.equal(JSON.stringify(value), '{"a":[6,{"b":8},"a"],"b":null}');
});

test("keys from the page change no prototype", () => {
  const value = unpack(
    [7, 9, 0, 7, 9, 1, 2, 8, 9, 2, 3, 1, 8],
    ["__proto__", "polluted", "constructor"],
  );
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ["__proto__", "constructor"]);
  assert.equal({}.polluted, undefined);
  assert.equal(value.polluted, undefined);
  assert.equal(value.constructor, 1);
});

test("cut or damaged tokens are an error, never an endless loop", () => {
  const bad = [
    [],
    [5],
    [5, 3, 1],
    [7],
    [7, 9],
    [7, 9, 0],
    [7, 3],
    [10],
    [NaN],
    [4],
    [4, 7],
    [6],
    [7, 9, 5, 0, 8],
  ];
  for (const tokens of bad) {
    assert.throws(() => unpack(tokens, ["a"]), RangeError, JSON.stringify(tokens));
  }
});
