// SPDX-License-Identifier: MIT
// Covers js/src/upload/difference.ts: what is taken for uploads adds up, by the native command, to
// the partial itself, text for text.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";
import { nativeCli } from "../helpers/native_cli.mjs";
import { merge } from "../helpers/receiver.mjs";

const { difference, halves, saysNothing } = await loadTs("js/src/upload/difference.ts");
const { canonical } = await loadTs("js/src/canonical.ts");

const head = { version: 1, options: "{}" };
const skip = !nativeCli && "there is no native command";

test("pairs are 96-bit numbers: borrow and sign", () => {
  const grown = (now, before) =>
    difference({ ...head, kpis: { a: now } }, { ...head, kpis: { a: before } }).kpis?.a;
  assert.deepEqual(grown([1, 0], [0, 1]), [0, 4294967295]);
  assert.deepEqual(grown([0, 5], [0, 7]), [-1, 4294967294]);
  assert.deepEqual(grown([-1, 4294967295], undefined), [-1, 4294967295]);
  assert.deepEqual(grown(undefined, [0, 1]), [-1, 4294967295]);
  assert.deepEqual(grown(undefined, [2, 0]), [-2, 0]);
  assert.equal(grown([7, 7], [7, 7]), undefined);
});

test("what has not changed is left out, another head starts anew", () => {
  const now = { ...head, kpis: { a: { x: 1, n: 2 }, b: { n: 3 } } };
  assert.deepEqual(difference(now, now), head);
  assert.ok(saysNothing(difference(now, now)));
  assert.deepEqual(difference(now, { ...head, kpis: { a: { n: 2 } } }), {
    ...head,
    kpis: { a: { x: 1 }, b: { n: 3 } },
  });
  assert.deepEqual(difference(now, { ...now, options: '{"confidence":0.9}' }), now);
  assert.deepEqual(difference({ ...head, kpis: {} }, { ...head, kpis: { a: { n: 2 } } }), {
    ...head,
    kpis: { a: { n: -2 } },
  });
});

test("a minimum is sent when it is new, never as a difference", () => {
  const tasks = (ms) => ({ ...head, tasks: { buy: { spec_time_ms_min: ms } } });
  assert.deepEqual(difference(tasks(500), tasks(900)), tasks(500));
  assert.deepEqual(difference(tasks(500), tasks(500)), head);
  assert.deepEqual(difference(tasks(500)), tasks(500));
});

test("keys from the page are ordinary ones", () => {
  const now = JSON.parse(
    '{"options":"{}","heatmaps":{"__proto__":{"views":2},"constructor":{"views":1}}}',
  );
  const before = JSON.parse('{"options":"{}","heatmaps":{"__proto__":{"views":1}}}');
  assert.equal(
    canonical(difference(now, before)),
    '{"heatmaps":{"__proto__":{"views":1},"constructor":{"views":1}},"options":"{}"}',
  );
  const [one, two] = halves(now);
  assert.equal(canonical(one), '{"heatmaps":{"__proto__":{"views":2}},"options":"{}"}');
  assert.equal(canonical(two), '{"heatmaps":{"constructor":{"views":1}},"options":"{}"}');
});

const vectors = new URL("../fixtures/vectors/", import.meta.url);
const partialsOf = (name) =>
  JSON.parse(readFileSync(new URL(`${name}.partials.json`, vectors), "utf8"))
    .cases.filter(({ options, segment }) => !segment && !Object.keys(options ?? {}).length)
    .flatMap(({ partials, merged }) => [...(partials ?? []), merged])
    .filter(Boolean)
    .map((each) => (typeof each === "string" ? JSON.parse(each) : each));

for (const name of ["log_tiny", "log_small"]) {
  test(`differences along any walk over the partials of ${name} add up to where it ends`, {
    skip,
  }, () => {
    const partials = partialsOf(name);
    assert.ok(partials.length >= 2, `${partials.length}`);
    // Up and down again: counts fall too.
    const walk = [
      ...partials,
      ...(partials.toReversed?.() ?? [...partials].reverse()),
      partials.at(-1),
    ];
    const parts = walk.map((now, i) => difference(now, walk[i - 1]));
    // A minimum does not rise again, so the walk ends where it has met the smallest.
    const without = (partial) =>
      JSON.parse(
        JSON.stringify(partial, (key, value) => (key === "spec_time_ms_min" ? undefined : value)),
      );
    assert.equal(merge(parts.map(without)), canonical(without(walk.at(-1)), true));
  });

  test(`halves of halves of ${name} add up to it`, { skip }, () => {
    const all = partialsOf(name).at(-1);
    const pieces = [];
    const split = (partial) => {
      const both = JSON.stringify(partial).length > 400 && halves(partial);
      if (both) both.forEach(split);
      else pieces.push(partial);
    };
    split(all);
    assert.ok(pieces.length > 4);
    assert.equal(merge(pieces), canonical(all, true));
  });
}
