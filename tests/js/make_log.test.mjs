// SPDX-License-Identifier: MIT
// The log generator: what benchmarks stand on must be the same everywhere, and be a log.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { eventLines } from "../../tools/make_log.mjs";

const root = new URL("../../", import.meta.url);

function take(count, options) {
  const lines = [];
  for (const line of eventLines(options)) {
    lines.push(line);
    if (lines.length === count) return lines;
  }
}

test("equal seeds give equal logs, other seeds others", () => {
  const lines = take(5000, { seed: 7, visitors: 50 });
  assert.deepEqual(take(5000, { seed: 7, visitors: 50 }), lines);
  assert.notDeepEqual(take(5000, { seed: 8, visitors: 50 }), lines);
});

test("every type of event comes, in the order of time, seq counting up", () => {
  const events = take(200_000, { seed: 1, visitors: 300 }).map((line) => JSON.parse(line));
  const schema = JSON.parse(readFileSync(new URL("src/events/events.json", root), "utf8"));
  const known = schema.events.map((event) => event.name).sort();
  assert.deepEqual([...new Set(events.map((event) => event.type))].sort(), known);

  const next = new Map();
  let t = 0;
  for (const event of events) {
    assert.ok(event.t >= t);
    t = event.t;
    const key = `${event.visitor}/${event.session}`;
    assert.equal(event.seq, next.get(key) ?? 0);
    next.set(key, event.seq + 1);
    if (event.pv !== undefined) assert.ok(Number.isSafeInteger(event.mono) && event.mono >= 0);
  }
  assert.ok(new Set(events.map((event) => event.visitor)).size > 200);
});

test("client sessions fall into one to three parts", () => {
  const parts = new Map();
  const last = new Map();
  const ended = new Set();
  for (const line of take(200_000, { seed: 3, visitors: 300 })) {
    const { type, t, visitor, session } = JSON.parse(line);
    const key = `${visitor}/${session}`;
    if (!last.has(key) || t - last.get(key) > 1_800_000) parts.set(key, (parts.get(key) ?? 0) + 1);
    last.set(key, t);
    if (type === "session_end") ended.add(key);
  }
  const counts = new Set([...ended].map((key) => parts.get(key)));
  assert.deepEqual([...counts].sort(), [1, 2, 3]);
});

test("the command writes as many bytes as asked for, and refuses what is no size", () => {
  const tool = fileURLToPath(new URL("tools/make_log.mjs", root));
  const run = (...args) => spawnSync(process.execPath, [tool, ...args], { maxBuffer: 1 << 26 });
  const log = run("--bytes", "700KB", "--seed", "2").stdout;
  assert.ok(log.length >= 700_000 && log.length < 702_000);
  assert.equal(log.at(-1), 10);
  const wrong = run("--bytes", "many");
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr.toString(), /--bytes must be a size/);
});
