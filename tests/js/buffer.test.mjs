// SPDX-License-Identifier: MIT
// Covers js/src/buffer.ts: the bytes of batches, strings, and what happens when the halves are full.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";
import { decodeBatch } from "./decode_batch.mjs";

const { createWriter } = await loadTs("js/src/buffer.ts");
const events = await loadTs("js/src/events.gen.ts");

function writer() {
  let mono = 0;
  const made = createWriter(4711, { _mono: () => mono++ });
  made._pv = 3;
  made._page = "/shop";
  return made;
}

// Takes the only batch there is.
function take(from) {
  const row = from._take();
  assert.equal(from._take(), undefined);
  return { row, ...decodeBatch(row.b) };
}

const goal = (w, name) => {
  if (!w._begin()) return false;
  w._put(events.conversion, name);
  return true;
};

test("an empty buffer has no batch", () => {
  const w = writer();
  assert.equal(w._take(), undefined);
  assert.equal(w._pending(), 0);
});

test("a click comes out as it was written", () => {
  const w = writer();
  w._previous = 42;
  assert.ok(w._begin());
  w._put(events.click, 10, 20, "#buy", 1, 2, 30, 40, 1, 2, "button|tabcd", "#sure");
  assert.equal(w._pending(), 1);
  const { row, head, events: read } = take(w);
  assert.deepEqual([row.d, row.n], [4711, 1]);
  assert.deepEqual([head.document, head.previous, head.records], [4711, 42, 5]);
  const { t, ...rest } = read[0];
  assert.ok(Math.abs(t - Date.now()) < 5000);
  assert.deepEqual(rest, {
    type: "click",
    mono: 0,
    pv: 3,
    page: "/shop",
    x: 10,
    y: 20,
    element: "#buy",
    ex: 1,
    ey: 2,
    ew: 30,
    eh: 40,
    interactive: true,
    exempt: ["dead"],
    anchor: "button|tabcd",
    state: "#sure",
  });
});

test("before the first page view an event has neither pv nor page", () => {
  const w = writer();
  w._pv = -1;
  goal(w, "order");
  const [event] = take(w).events;
  assert.deepEqual(Object.keys(event), ["type", "t", "mono", "goal"]);
});

test("a text has one string record per batch, well-known words too", () => {
  const w = writer();
  w._page = "";
  goal(w, "signup");
  goal(w, "deal");
  goal(w, "deal");
  const first = take(w);
  assert.equal(first.head.records, 5);
  assert.deepEqual(
    first.events.map((event) => event.goal),
    ["signup", "deal", "deal"],
  );
  goal(w, "deal");
  assert.equal(take(w).head.records, 2);
});

test("texts are cut at 256 bytes of UTF-8, never inside a code point", () => {
  const cases = {
    "255 + one of 2 bytes": [`${"a".repeat(255)}é`, "a".repeat(255)],
    "254 + one of 2 bytes": [`${"a".repeat(254)}é`, `${"a".repeat(254)}é`],
    "one of 4 bytes across the border": [`${"a".repeat(253)}😀`, "a".repeat(253)],
    "64 of 4 bytes": ["😀".repeat(65), "😀".repeat(64)],
    "a lone surrogate": ["x\ud800y", "x\ufffdy"],
    "a NUL": ["a\0b", "a\0b"],
  };
  for (const [name, [text, expected]] of Object.entries(cases)) {
    const w = writer();
    goal(w, text);
    assert.equal(take(w).events[0].goal, expected, name);
  }
});

test("lists and maps come out as they were written", () => {
  const w = writer();
  assert.ok(w._begin(16));
  w._put(events.survey, "sus", [1, null, 5], 1, 5, "buy", 2, NaN, ["late", "fee", "late"]);
  assert.ok(w._begin(16));
  w._put(events.sessionStart, ["device", "phone", "customer", "new"], "", NaN);
  const [survey, start] = take(w).events;
  assert.deepEqual(survey.answers, [1, null, 5]);
  assert.deepEqual(survey.topics, ["late", "fee", "late"]);
  assert.deepEqual([survey.task, survey.attempt, survey.sentiment], ["buy", 2, undefined]);
  assert.deepEqual(start.segment, { device: "phone", customer: "new" });
});

test("a full half is handed over whole while the other one is written", () => {
  const w = writer();
  let written = 0;
  while (!w._isFull()) {
    assert.ok(goal(w, `goal ${written}`));
    written++;
  }
  const first = decodeBatch(w._take().b);
  const second = decodeBatch(w._take().b);
  assert.ok(first.head.bytes <= 32768);
  const goals = [...first.events, ...second.events].map((event) => event.goal);
  assert.deepEqual(
    goals,
    goals.map((_, i) => `goal ${i}`),
  );
  assert.equal(goals.length, written);
});

test("when both halves are full an event is refused and nothing is lost", () => {
  const w = writer();
  let written = 0;
  while (goal(w, `goal ${written}`)) written++;
  assert.equal(w._pending(), written);
  assert.equal(goal(w, "one more"), false);
  const read = [w._take(), w._take()].flatMap((row) => decodeBatch(row.b).events);
  assert.equal(read.length, written);
  assert.ok(goal(w, "room again"));
});

test("the latest event can be taken back, an older one cannot", () => {
  const w = writer();
  goal(w, "first");
  const first = [w._last, w._serial];
  goal(w, "second");
  assert.equal(w._undo(...first), false);
  assert.equal(w._undo(w._last, w._serial), true);
  goal(w, "third");
  const { events: read } = take(w);
  assert.deepEqual(
    read.map((event) => event.goal),
    ["first", "third"],
  );
  assert.equal(w._undo(...first), false);
});

test("a cut batch keeps its own previous document", () => {
  const w = writer();
  goal(w, "a");
  w._cut();
  w._previous = 7;
  goal(w, "b");
  assert.equal(decodeBatch(w._take().b).head.previous, 0);
  assert.equal(decodeBatch(w._take().b).head.previous, 7);
});

test("nothing of an earlier batch is left in a later one", () => {
  const w = writer();
  for (let i = 0; i < 50; i++) goal(w, `secret ${i}`);
  take(w);
  goal(w, "x");
  goal(w, "y");
  const { row } = take(w);
  assert.ok(!Buffer.from(row.b).includes("secret"));
});
