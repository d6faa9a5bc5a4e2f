// SPDX-License-Identifier: MIT
// Covers web/demo/lib/signals.ts: which button a signal belongs to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { countsOf, firedBetween, limitsOf } = await loadTs("web/demo/lib/signals.ts");
const none = { dead: 0, error: 0, rage: 0 };
const limits = limitsOf();
const fired = (before, after, presses, now) =>
  firedBetween(before, after, presses, ["bug"], limits, now).map(
    ({ signal, button }) => `${signal} ${button}`,
  );

test("without a report the limits are the defaults of the specification", () => {
  assert.deepEqual(limits, {
    deadMs: 2500,
    errorMs: 1000,
    rageClicks: 3,
    ragePx: 30,
    rageMs: 1000,
  });
});

test("a report's own options are the limits", () => {
  const definition = { options: { dead_ms: 4000 } };
  assert.equal(limitsOf({ kpis: { dead_click_rate: { definition } } }).deadMs, 4000);
});

test("counts: dead and error clicks, and bursts instead of visits with one", () => {
  const kpis = {
    dead_click_rate: { x: 2 },
    error_click_rate: { x: 1 },
    rage_click_rate: { x: 1, episodes: 3 },
  };
  assert.deepEqual(countsOf({ kpis }), { dead: 2, error: 1, rage: 3 });
  assert.deepEqual(countsOf({ kpis: {} }), none);
});

test("dead clicks go to the presses that have waited long enough, oldest first, each once", () => {
  const presses = [
    { button: "slow", at: 0 },
    { button: "dead", at: 1000 },
  ];
  assert.deepEqual(fired(none, { ...none, dead: 1 }, presses, 2600), ["dead slow"]);
  assert.deepEqual(fired({ ...none, dead: 1 }, { ...none, dead: 2 }, presses, 3000), []);
  assert.deepEqual(fired({ ...none, dead: 1 }, { ...none, dead: 2 }, presses, 3500), ["dead dead"]);
  assert.deepEqual(presses, []);
});

test("a press that was answered, or that throws, is no dead click", () => {
  const presses = [
    { button: "stubborn", at: 0, answered: true },
    { button: "bug", at: 0 },
  ];
  assert.deepEqual(fired(none, { ...none, dead: 1 }, presses, 9000), []);
});

test("an error click is the latest press of a button that throws", () => {
  const presses = [
    { button: "bug", at: 0 },
    { button: "dead", at: 10 },
  ];
  assert.deepEqual(fired(none, { ...none, error: 1 }, presses, 100), ["error bug"]);
  assert.deepEqual(fired(none, { ...none, error: 1 }, [{ button: "dead", at: 0 }], 100), []);
});

test("a burst belongs to the button pressed last, if it was pressed often enough", () => {
  const presses = [1, 2, 3].map((at) => ({ button: "stubborn", at }));
  assert.deepEqual(fired(none, { ...none, rage: 1 }, presses, 100), ["rage stubborn"]);
  assert.deepEqual(fired(none, { ...none, rage: 1 }, presses.slice(1), 100), []);
  assert.deepEqual(fired(none, { ...none, rage: 1 }, [], 100), []);
});

test("nothing new is nothing fired, also after everything was forgotten", () => {
  const presses = [{ button: "dead", at: 0 }];
  assert.deepEqual(fired(none, none, presses, 9000), []);
  assert.deepEqual(fired({ dead: 5, error: 5, rage: 5 }, none, presses, 9000), []);
});
