// SPDX-License-Identifier: MIT
// The module under more events than a browser will ever have: its memory does not grow, an event
// costs the same at the end as at the begin, and the sums are right. A million events; with
// INSITU_FULL=1 ten.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BatchWriter } from "../helpers/encode_batch.mjs";
import { defaultCore, hasCore, WasmCore } from "../helpers/wasm_core.mjs";

const EVENTS = process.env.INSITU_FULL ? 10_000_000 : 1_000_000;
const PARTS = 10;
const VIEWS = 8;
const CLICKS = 20; // of each view, and as many scrolls
const STEP_MS = 700;
// How often the visitor rests until the next session, in batches: sessions of 1,600 page views, which
// is more than people have.
const REST_EVERY = 200;
const REST_MS = 3_600_000;
// Twice what an event costs is a machine with something else to do; growth is tenfold by then.
const MOST_RATIO = 3;

// A batch of some page views and what happens in them, and where its records lie.
function makeBatch() {
  const batch = new BatchWriter({ document: 7 });
  let t = 1_767_225_600_000;
  for (let pv = 0; pv < VIEWS; pv++) {
    const common = () => {
      t += STEP_MS;
      return { t, pv, page: `/page-${pv}` };
    };
    const size = { vw: 1280, vh: 720, dw: 1280, dh: 3200 };
    batch.event({ ...common(), type: "page_view", ...size, from: pv ? pv - 1 : null });
    for (let i = 0; i < CLICKS; i++) {
      const place = { x: 37 * i, y: 149 * i, ex: 0, ey: 0, ew: 1280, eh: 3200 };
      batch.event({ ...common(), type: "click", ...place, element: `#button-${i}` });
      batch.event({ ...common(), type: "scroll", y: 149 * i });
    }
  }
  const bytes = new Uint8Array(batch.finish());
  const view = new DataView(bytes.buffer);
  const events = [];
  for (
    let at = view.getUint16(6, true) * 8;
    at < bytes.length;
    at += view.getUint16(at + 2, true) * 8
  ) {
    if (view.getUint16(at, true) >= 16) events.push(at);
  }
  // The same once more, later: as a browser that goes on.
  const goOn = (rest) => {
    const ms = events.length * STEP_MS + (rest ? REST_MS : 0);
    for (const at of events) {
      view.setFloat64(at + 8, view.getFloat64(at + 8, true) + ms, true);
      view.setFloat64(at + 24, view.getFloat64(at + 24, true) + VIEWS, true);
    }
  };
  return { bytes, events: events.length, goOn };
}

for (const [name, core] of [
  ["the core of pages", defaultCore],
  ["the core with all KPIs", undefined],
]) {
  test(`${EVENTS} events through ${name}: no growth, flat cost, right sums`, {
    skip: !hasCore,
  }, async (t) => {
    const wasm = await WasmCore.make({}, core);
    const batch = makeBatch();
    const rounds = Math.ceil(EVENTS / PARTS / batch.events);
    const memory = wasm.module.HEAPU8.buffer;
    const before = memory.byteLength;
    const costs = [];
    let state = 0;
    for (let part = 0; part < PARTS; part++) {
      let ms = 0;
      for (let round = 0; round < rounds; round++) {
        wasm.put(batch.bytes);
        const start = performance.now();
        const status = wasm.module.ingest(batch.bytes.length);
        ms += performance.now() - start;
        assert.equal(status, 0);
        batch.goOn(round % REST_EVERY === 0);
      }
      costs.push((ms * 1e6) / (rounds * batch.events));
      const bytes = wasm.save().length;
      if (part)
        assert.ok(bytes < state + 4096, `state: ${state} bytes after ${part} parts, then ${bytes}`);
      state = Math.max(state, bytes);
    }
    // The same object: memory that grows is another one.
    assert.equal(wasm.module.HEAPU8.buffer, memory);
    assert.equal(memory.byteLength, before);
    const { kpis, quality } = wasm.report();
    const all = rounds * PARTS;
    assert.deepEqual(
      [kpis.page_views.value, kpis.number_of_clicks.value],
      [all * VIEWS, all * VIEWS * CLICKS],
    );
    // Page views of so long a session are forgotten, and that is told; nothing else is.
    const told = Object.entries(quality).filter(([, count]) => typeof count === "number" && count);
    assert.deepEqual(
      told.map(([what]) => what),
      ["over_limit"],
    );
    const [first, last] = [costs.slice(0, 3), costs.slice(-3)].map((part) => Math.min(...part));
    t.diagnostic(
      `${first.toFixed(0)} ns an event at first, ${last.toFixed(0)} at last; memory ${before} bytes, state ${state}`,
    );
    assert.ok(last < first * MOST_RATIO, `${costs.map((ns) => ns.toFixed(0))} ns an event`);
  });
}
