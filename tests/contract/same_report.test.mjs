// SPDX-License-Identifier: MIT
// The native command and the module in a browser give the same report for the same log: reference
// scenarios and generated logs, the latter visitor by visitor, since a browser has one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { BatchWriter, batchesOfLog, eventOf } from "../helpers/encode_batch.mjs";
import { nativeReport } from "../helpers/native_cli.mjs";
import { WasmCore } from "../helpers/wasm_core.mjs";

const kTolerance = 1e-9;
const vectors = new URL("../fixtures/vectors/", import.meta.url);
const read = (name) => readFileSync(new URL(name, vectors), "utf8");

// What the reader of lines counts, which the module never sees.
const ofReader = ["malformed", "unknown_type", "duplicate", "out_of_order"];

// Every difference, with its path.
function differences(expected, actual, path = "") {
  if (typeof expected === "number" && typeof actual === "number") {
    const close = Math.abs(expected - actual) <= kTolerance * Math.max(1, Math.abs(expected));
    return close ? [] : [`${path}: native ${expected}, wasm ${actual}`];
  }
  const isPlain = (value) => typeof value !== "object" || value === null;
  if (isPlain(expected) || isPlain(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    return expected === actual ? [] : [`${path}: native ${expected}, wasm ${actual}`];
  }
  const keys = Object.keys(expected);
  const order = JSON.stringify(keys) === JSON.stringify(Object.keys(actual));
  return [
    ...(order ? [] : [`${path}: keys ${keys} and ${Object.keys(actual)}`]),
    ...keys.flatMap((key) => differences(expected[key], actual[key], `${path}/${key}`)),
  ];
}

function withoutReader(report) {
  for (const counter of ofReader) delete report.quality[counter];
  return report;
}

const counted = { values: 0 };
function count(value) {
  if (typeof value !== "object" || value === null) counted.values++;
  else for (const each of Object.values(value)) count(each);
}

async function check(lines, options, name) {
  const visitors = Map.groupBy
    ? Map.groupBy(lines, (line) => eventOf(line)?.visitor)
    : lines.reduce((map, line) => {
        const visitor = eventOf(line)?.visitor;
        return map.set(visitor, [...(map.get(visitor) ?? []), line]);
      }, new Map());
  visitors.delete(undefined);
  for (const [visitor, own] of visitors) {
    const native = withoutReader(nativeReport(`${own.join("\n")}\n`, options));
    const core = await WasmCore.make(options);
    for (const batch of batchesOfLog(own)) assert.equal(core.ingest(batch), 0);
    const wasm = withoutReader(core.report());
    count(native);
    assert.deepEqual(differences(native, wasm), [], `${name}, visitor ${visitor}`);
    // And the grids one by one.
    for (const [page, { views, out_of_bounds, click }] of Object.entries(native.heatmaps)) {
      const grid = core.heatmap(page);
      if (page === "") continue; // no text has no number
      assert.deepEqual(
        [grid.page, grid.views, grid.out_of_bounds, grid.cells],
        [page, views, out_of_bounds, click],
      );
    }
  }
  return visitors.size;
}

describe("native and wasm", () => {
  test("give the same report of every scenario whose lines are events", async () => {
    let scenarios = 0;
    for (const { id, input } of JSON.parse(read("event_scenario.json"))) {
      if (input.events.some((event) => typeof event === "string")) continue;
      scenarios += Math.sign(
        await check(
          input.events.map((event) => JSON.stringify(event)),
          input.options,
          id,
        ),
      );
    }
    assert.ok(scenarios >= 60, `${scenarios} scenarios compared`);
  });

  for (const name of ["log_tiny", "log_tabs", "log_small"]) {
    test(`give the same report of every visitor of ${name}, under every set of options`, async () => {
      const lines = read(`${name}.ndjson`).split("\n").filter(Boolean);
      const { cases } = JSON.parse(read(`${name}.expected.json`));
      let visitors = 0;
      for (const { options, segment } of cases) {
        if (segment) continue;
        visitors += await check(lines, options, `${name} ${JSON.stringify(options)}`);
      }
      assert.ok(visitors >= 2);
    });
  }

  test("have compared what they were meant to compare", () => {
    assert.ok(counted.values > 10_000, `${counted.values} values`);
  });

  test("read the same binary log alike", async () => {
    const lines = read("log_tiny.ndjson").split("\n").filter(Boolean);
    const own = lines.filter((line) => eventOf(line)?.visitor === "v0001");
    const batches = batchesOfLog(own, 1000);
    const core = await WasmCore.make();
    for (const batch of batches) assert.equal(core.ingest(batch), 0);
    const log = Buffer.concat(batches);
    assert.deepEqual(differences(nativeReport(log), core.report()), []);
    // Nothing is lost on the way: the lines say the same too.
    assert.deepEqual(differences(nativeReport(`${own.join("\n")}\n`).kpis, core.report().kpis), []);
  });

  test("give tabs' local numbers the same final ones", async () => {
    const tab = (document, previous, t) => {
      const batch = new BatchWriter({ document, previous });
      batch.event({
        type: "page_view",
        t,
        pv: 0,
        page: "/",
        vh: 600,
        dw: 800,
        dh: 900,
        from: previous ? -1 : null,
      });
      batch.event({ type: "task_start", t: t + 10, pv: 0, task: "buy", attempt: 0 });
      batch.event({ type: "click", t: t + 500, pv: 0, x: 5, y: 5, exempt: ["rage"] });
      batch.event({
        type: "task_end",
        t: t + 900,
        pv: 0,
        task: "buy",
        attempt: 0,
        outcome: "success",
      });
      return batch.finish();
    };
    const batches = [
      tab(11, 0, 1000),
      tab(22, 0, 1200),
      tab(33, 11, 2500),
      tab(44, 33, 2_000_000_000),
    ];
    const core = await WasmCore.make();
    core.module.identify(core.putText("somebody"));
    core.module.keepFinal(1);
    const lines = [];
    for (const batch of batches) {
      assert.equal(core.ingest(batch), 0);
      const events = core.events(core.finalBatch());
      assert.equal(events.length, 4);
      lines.push(...events.map((event) => JSON.stringify(event)));
    }
    const parsed = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      parsed.map(({ session }) => session).filter((_, i) => i % 4 === 0),
      ["s1", "s1", "s1", "s2"],
    );
    assert.deepEqual(
      parsed.filter(({ type }) => type === "page_view").map(({ pv, from }) => [pv, from]),
      [
        [0, null],
        [1, null],
        [2, 0],
        [0, null],
      ],
    );
    assert.deepEqual(
      parsed.filter(({ type }) => type === "task_end").map(({ attempt }) => attempt),
      [0, 1, 0, 0],
    );
    assert.ok(parsed.every(({ visitor }) => visitor === "somebody"));
    const log = Buffer.concat(batches);
    assert.deepEqual(differences(nativeReport(log), core.report()), []);
    assert.deepEqual(differences(nativeReport(lines.join("\n")), core.report()), []);
  });
});
