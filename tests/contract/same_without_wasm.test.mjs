// SPDX-License-Identifier: MIT
// The core as a script, for browsers that refuse WebAssembly, gives byte for byte what the wasm
// gives: reports, partials, heatmaps, saved states; and either goes on where the other was saved.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BatchWriter, batchesOfLog } from "../helpers/encode_batch.mjs";
import { WasmCore } from "../helpers/wasm_core.mjs";

const dist = (name) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
const vectors = new URL("../fixtures/vectors/", import.meta.url);
const read = (name) => readFileSync(new URL(name, vectors), "utf8");

const pairs = {
  "default families": ["insitu.core.mjs", "insitu.core-nowasm.mjs"],
  "all families": ["insitu.core-full.mjs", "insitu.core-full-nowasm.mjs"],
};

// Everything that can be asked, as text.
function answers(core) {
  const report = core.report();
  const grids = Object.keys(report.heatmaps).map((page) => core.heatmap(page));
  return JSON.stringify([report, core.partial(), grids, [...core.save()]]);
}

async function compare(files, batches, options = {}) {
  const [wasm, script] = await Promise.all(files.map((file) => WasmCore.make(options, dist(file))));
  for (const batch of batches) assert.equal(script.ingest(batch), wasm.ingest(batch));
  const expected = answers(wasm);
  assert.equal(answers(script), expected);
  return { wasm, script, text: expected };
}

for (const [name, files] of Object.entries(pairs)) {
  test(`${name}: every scenario`, async () => {
    let scenarios = 0;
    for (const { input } of JSON.parse(read("event_scenario.json"))) {
      if (input.events.some((event) => typeof event === "string")) continue;
      const lines = input.events.map((event) => JSON.stringify(event));
      try {
        await compare(files, batchesOfLog(lines), input.options);
        scenarios++;
      } catch (failure) {
        // A family that this core does not have: neither takes its options.
        if (!/no option/.test(failure.message)) throw failure;
      }
    }
    assert.ok(scenarios >= 60);
  });

  for (const log of ["log_tiny", "log_tabs", "log_small"]) {
    test(`${name}: ${log}, and either core goes on where the other was saved`, async () => {
      const lines = read(`${log}.ndjson`).split("\n").filter(Boolean);
      const batches = batchesOfLog(lines);
      const { text } = await compare(files, batches);
      assert.ok(text.length > 10_000);
      const half = batches.length >> 1;
      const { wasm, script } = await compare(files, batches.slice(0, half));
      const saved = wasm.save();
      assert.equal(wasm.restore(script.save()), 0);
      assert.equal(script.restore(saved), 0);
      for (const batch of batches.slice(half)) {
        assert.equal(wasm.ingest(batch), script.ingest(batch));
      }
      assert.equal(answers(script), answers(wasm));
    });
  }

  test(`${name}: a batch of damaged bytes is refused alike`, async () => {
    const batch = new BatchWriter({ document: 7 });
    batch.event({ type: "page_view", t: 1e12, pv: 0, page: "/", vh: 600, dw: 800, dh: 900 });
    for (let i = 0; i < 50; i++) batch.event({ type: "click", t: 1e12 + i, pv: 0, x: i, y: i });
    const bytes = batch.finish();
    const damaged = Array.from({ length: 300 }, (_, seed) => {
      const copy = bytes.slice();
      for (let i = 0; i < 3; i++) copy[(seed * 7919 + i * 104729) % copy.length] ^= 1 << (seed % 8);
      return copy;
    });
    await compare(files, damaged);
  });
}

test("memory of the script does not grow, and its views stay", async () => {
  const core = await WasmCore.make({}, dist("insitu.core-nowasm.mjs"));
  const { buffer } = core.module.HEAPU8;
  assert.equal(core.module.reserve(0xffffffff), 8);
  for (const batch of batchesOfLog(read("log_tiny.ndjson").split("\n").filter(Boolean))) {
    core.ingest(batch);
  }
  assert.equal(core.module.HEAPU8.buffer, buffer);
  assert.equal(buffer.byteLength, 4 << 20);
});
