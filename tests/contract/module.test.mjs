// SPDX-License-Identifier: MIT
// What the module promises the page: the functions that js/ knows, memory that never grows, and no
// input that stops it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, test } from "node:test";
import { BatchWriter } from "../helpers/encode_batch.mjs";
import { WasmCore } from "../helpers/wasm_core.mjs";

const root = new URL("../../", import.meta.url);
const kMemoryBytes = 4 << 20;
const kStart = 1_767_225_600_000;

// "name(a, b): type" of every method in the braces after `head`.
function methods(path, head) {
  const text = readFileSync(new URL(path, root), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const body = text.slice(text.indexOf(head) + head.length).split("\n}")[0];
  return [...body.matchAll(/^\s*(\w+\([^)]*\): \w+);/gm)].map(([, method]) => method).sort();
}

// A generator of numbers below n that is the same everywhere (mulberry32).
function random(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const memory = (core) => core.module.HEAPU8.buffer.byteLength;

// Everything that can be asked; throws if the module traps.
function askAll(core) {
  const report = core.report();
  assert.ok(report.kpis.sessions);
  core.heatmap("/");
  core.save();
  assert.equal(memory(core), kMemoryBytes);
  return report;
}

// Batches of at most 32 KB of a final client session; `make(i)` gives event number i.
function* batches(count, make, { session = "s", visitor = "v" } = {}) {
  let batch = new BatchWriter();
  batch.context(visitor, session, 0);
  for (let i = 0; i < count; i++) {
    if (batch.bytes > 32 << 10) {
      yield batch.finish();
      batch = new BatchWriter();
      batch.context(visitor, session, i);
    }
    batch.event({ t: kStart + i, ...make(i) });
  }
  yield batch.finish();
}

describe("the module", () => {
  const listed = methods("js/src/core_module.ts", "export interface CoreModule {");

  test("has exactly the functions that js/src/core_module.ts lists", async () => {
    const { module } = await WasmCore.make();
    const names = Object.keys(module).filter((name) => typeof module[name] === "function");
    assert.ok(names.length > 10);
    assert.deepEqual(
      names.sort(),
      listed.map((method) => method.split("(")[0]),
    );
  });

  test("takes the arguments that the list says", () => {
    const table = readFileSync(new URL("src/bindings/embind.cpp", root), "utf8");
    const bound = [...table.matchAll(/^\s*function\("(\w+\([^)]*\))"/gm)];
    assert.deepEqual(
      bound.map(([, method]) => method).sort(),
      listed.map((method) => method.replace(/: \w+/g, "")),
    );
  });

  // Only the module with runtime checks (./dev test checked) comes with emitted types.
  const types = new URL("build/wasm-debug/insitu_core.d.ts", root);
  const source = new URL("src/bindings/embind.cpp", root);
  const fresh = existsSync(types) && statSync(types).mtimeMs >= statSync(source).mtimeMs;
  const skip = fresh ? false : "there are no emitted types of this state of the table";
  test("has the types that Emscripten emits", { skip }, () => {
    assert.deepEqual(
      methods("build/wasm-debug/insitu_core.d.ts", "interface EmbindModule {"),
      listed,
    );
  });

  test("keeps its memory through a million events", async () => {
    const core = await WasmCore.make();
    const batch = new BatchWriter({ document: 7 });
    let events = 0;
    const add = (event) => {
      batch.event({ pv: 0, ...event, t: kStart + events++ });
    };
    add({ type: "page_view", page: "/", vh: 600, dw: 1280, dh: 3200, from: null });
    while (events < 1000) {
      add({ type: "move", x: events, y: events });
      add({ type: "scroll", y: events });
      add({ type: "click", x: (events * 37) % 1280, y: (events * 91) % 3200 });
      if (events % 50 === 0) add({ type: "task_start", task: "buy", attempt: events });
      if (events % 50 === 1)
        add({ type: "task_end", task: "buy", attempt: events - 1, outcome: "success" });
    }
    const bytes = batch.finish();
    const data = new DataView(bytes.buffer);
    for (let round = 0; round < 1_000_000 / events; round++) {
      data.setFloat64(16, 1 + (round % 100), true); // another document now and then
      assert.equal(core.ingest(bytes), 0);
    }
    assert.equal(memory(core), kMemoryBytes);
    assert.ok(askAll(core).kpis.number_of_clicks.value > 300_000);
  });

  test("says what a status means, and refuses what is too large", async () => {
    const core = await WasmCore.make();
    assert.equal(core.ingest(new Uint8Array(8)), 1);
    assert.match(core.message(1), /not a batch/);
    assert.equal(core.message(0), "fine");
    assert.equal(core.module.reserve(1 << 20), 8);
    assert.equal(core.module.reserve(0xffffffff), 8);
    assert.equal(core.report().quality.bad_batch, 1);
    // More bytes than there are: the core looks at what it has.
    assert.equal(core.module.ingest(0xffffffff), 1);
    assert.equal(core.heatmap("/nowhere"), null);
    assert.deepEqual(core.events(new Uint8Array(100)), []);
  });

  test("takes options by name, and refuses others", async () => {
    const core = await WasmCore.make({
      bounce_mode: "ga4",
      idle_cap_ms: null,
      conversion_goals: ["a", "b"],
    });
    assert.deepEqual(core.report().kpis.bounce_rate.definition.options, {
      bounce_mode: "ga4",
      idle_cap_ms: null,
    });
    assert.deepEqual(core.report().kpis.conversion_rate.definition.options, {
      conversion_goals: ["a", "b"],
    });
    await assert.rejects(WasmCore.make({ bounce_mode: "x" }), /not allowed/);
    await assert.rejects(WasmCore.make({ nonsense: 1 }), /no option/);
    await assert.rejects(WasmCore.make({ confidence: 2 }), /not allowed/);
  });

  test("takes lists of numbers, empty lists, funnel steps and tables", async () => {
    const options = {
      scroll_thresholds: [0.25, 1],
      retention_days: [],
      conversion_goals: [],
      funnel: [{ page: "/a b" }, { goal: "order" }],
      vital_thresholds: { LCP: [1000, 2000], CLS: [0.1, 0.2] },
      health: { usage_days: [0, 30, 1, true] },
    };
    const core = await WasmCore.make(options);
    const { kpis } = core.report();
    const shown = {};
    for (const { definition } of Object.values(kpis)) Object.assign(shown, definition.options);
    assert.deepEqual(shown, options);
    // Vitals and parts that a table leaves out are switched off.
    assert.ok(kpis.lcp_p75 && !kpis.inp_p75);
    const refused = [
      { scroll_thresholds: [2] },
      { scroll_thresholds: ["a"] },
      { scroll_thresholds: 0.5 },
      { conversion_goals: [1] },
      { funnel: [{ page: "/", goal: "order" }] },
      { funnel: [{}] },
      { funnel: ["/"] },
      { vital_thresholds: { LCP: [1000] } },
      { vital_thresholds: { LCP: [1000], CLS: [1, 2, 3] } },
      { vital_thresholds: { FID: [1, 2] } },
      { vital_thresholds: [1, 2] },
      { health: { spend: [0, 0, 1, false] } },
    ];
    for (const options of refused) {
      await assert.rejects(WasmCore.make(options), /not allowed/, JSON.stringify(options));
    }
    // More numbers than the buffer holds.
    assert.notEqual(core.module.setNumbers(0xffffffff, 0xffffffff), 0);
  });

  test("goes on where another instance was saved", async () => {
    const make = (i) =>
      i % 10
        ? { type: "click", pv: 0, x: i, y: i }
        : { type: "page_view", pv: i / 10, page: "/", vh: 5, dw: 900, dh: 900 };
    const [one, two] = [await WasmCore.make(), await WasmCore.make()];
    const all = [...batches(2000, make)];
    assert.ok(all.length > 3);
    for (const batch of all.slice(0, 2)) one.ingest(batch);
    assert.equal(two.restore(one.save()), 0);
    for (const batch of all.slice(2)) {
      one.ingest(batch);
      two.ingest(batch);
    }
    assert.deepEqual(two.report(), one.report());
    const damaged = one.save();
    damaged[damaged.length >> 1] ^= 1;
    assert.equal(two.restore(damaged), 6);
    assert.deepEqual(two.report(), one.report());
    const other = await WasmCore.make({ confidence: 0.9 });
    assert.equal(other.restore(one.save()), 7);
  });

  test("forgets everything but options and visitor", async () => {
    const core = await WasmCore.make({ confidence: 0.9 });
    const empty = core.report();
    for (const batch of batches(10, () => ({ type: "heartbeat" }))) core.ingest(batch);
    assert.notDeepEqual(core.report(), empty);
    core.module.reset();
    assert.deepEqual(core.report(), empty);
  });
});

describe("no input stops the module:", () => {
  const corpus = new URL("tests/fuzz/corpus/batch/", root);
  const seeds = readdirSync(corpus).map((name) => readFileSync(new URL(name, corpus)));

  test("the fuzz corpus", async () => {
    assert.ok(seeds.length >= 10);
    for (const seed of seeds) {
      const core = await WasmCore.make();
      core.module.keepFinal(1);
      for (let at = 0; at + 32 <= seed.length; ) {
        const batch = seed.subarray(at);
        core.ingest(batch);
        const final = core.finalBatch();
        if (final.length) assert.ok(core.events(final).length > 0);
        at += Math.max(8, batch.readUInt32LE(8));
      }
      askAll(core);
    }
  });

  test("thousands of mutations of it", async () => {
    const below = random(1);
    const core = await WasmCore.make();
    core.module.keepFinal(1);
    for (let round = 0; round < 3000; round++) {
      const seed = Uint8Array.from(seeds[below(seeds.length)]);
      for (let n = below(8); n >= 0; n--) {
        const at = below(4) ? 32 + below(seed.length) : below(seed.length);
        if (at < seed.length) seed[at] = below(2) ? below(256) : [0, 1, 255, 128][below(4)];
      }
      core.ingest(seed);
      const final = core.finalBatch();
      if (final.length) core.events(final);
      if (round % 100 === 0) askAll(core);
    }
    askAll(core);
  });

  test("forged states", async () => {
    const below = random(2);
    const source = await WasmCore.make();
    for (const seed of seeds) source.ingest(seed);
    const state = source.save();
    const core = await WasmCore.make();
    for (let round = 0; round < 500; round++) {
      const forged = state.slice(0, below(8) ? state.length : below(state.length));
      for (let n = below(4); n >= 0; n--) forged[below(forged.length)] = below(256);
      assert.ok([0, 2, 6, 7].includes(core.restore(forged)));
    }
    assert.equal(core.restore(state), 0);
    assert.deepEqual(core.report(), source.report());
  });

  // Each fills one table far beyond its limit. What goes beyond is left out and counted.
  const floods = {
    "page views": {
      count: 5000,
      make: (i) => ({ type: "page_view", pv: i, page: "/", vh: 5, dw: 9, dh: 9, from: null }),
    },
    "page-view numbers nobody showed": {
      count: 20_000,
      make: (i) => ({ type: "heartbeat", pv: i }),
    },
    "one page view shown again and again": {
      count: 20_000,
      make: () => ({ type: "page_view", pv: 0, page: "/", vh: 5, dw: 9, dh: 9 }),
    },
    pages: {
      count: 5000,
      make: (i) => ({ type: "page_view", pv: i, page: `/a/page/${i}`, vh: 5, dw: 9, dh: 9 }),
    },
    attempts: { count: 5000, make: (i) => ({ type: "task_start", task: "buy", attempt: i }) },
    "grid cells": {
      count: 40_000,
      make: (i) =>
        i
          ? { type: "click", pv: 0, x: (i % 32) * 40 + 1, y: Math.floor(i / 32) * 40 + 1 }
          : { type: "page_view", pv: 0, page: "/", vh: 600, dw: 1280, dh: 1e6 },
    },
  };
  for (const [name, { count, make }] of Object.entries(floods)) {
    test(name, async () => {
      const core = await WasmCore.make();
      for (const batch of batches(count, make)) assert.equal(core.ingest(batch), 0);
      askAll(core);
      const state = core.save();
      const back = await WasmCore.make();
      assert.equal(back.restore(state), 0);
      assert.deepEqual(back.report(), core.report());
    });
  }

  test("tasks with many times each", async () => {
    const core = await WasmCore.make();
    // Client sessions of 200 attempts at 10 tasks: 1200 tasks in all, 300 times each.
    for (let session = 0; session < 1800; session++) {
      const first = (session % 120) * 10;
      const make = (i) => {
        const attempt = i >> 1;
        const task = `task ${first + (attempt % 10)}`;
        const t = kStart + i * 977 + ((i * i) % 5000);
        return i & 1
          ? { type: "task_end", t, task, attempt, outcome: "success" }
          : { type: "task_start", t, task, attempt };
      };
      for (const batch of batches(400, make, { session: `s${session}` }))
        assert.equal(core.ingest(batch), 0);
    }
    const report = askAll(core);
    assert.ok(report.kpis.task_success_rate.n > 100_000);
    const back = await WasmCore.make();
    assert.equal(back.restore(core.save()), 0);
    assert.deepEqual(back.report(), report);
  });

  test("all tables full at once", async () => {
    const core = await WasmCore.make();
    for (const { count, make } of Object.values(floods)) {
      for (const batch of batches(count, make)) assert.equal(core.ingest(batch), 0);
    }
    askAll(core);
    const back = await WasmCore.make();
    assert.equal(back.restore(core.save()), 0);
    assert.deepEqual(back.report(), core.report());
  });

  test("an engine that keeps final batches, with as many sessions as a batch can open", async () => {
    const core = await WasmCore.make();
    core.module.keepFinal(1);
    const batch = new BatchWriter({ document: 5 });
    for (let i = 0; batch.bytes < 60_000; i++) {
      batch.event({ type: "page_view", t: kStart + i * 2_000_000, pv: 0, page: "/", from: null });
    }
    assert.equal(core.ingest(batch.finish()), 0);
    const events = core.events(core.finalBatch());
    assert.ok(events.length > 500);
    assert.equal(new Set(events.map(({ session }) => session)).size, events.length);
    askAll(core);
  });
});
