// SPDX-License-Identifier: MIT
// How fast the module is in Node, beside the native engine on the same bytes (./dev bench builds
// both). Prints a table; the native budgets are checked by engine.bench.cpp.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BatchWriter } from "../helpers/encode_batch.mjs";
import { WasmCore } from "../helpers/wasm_core.mjs";

const kBatchBytes = 32 << 10;
const native =
  process.env.INSITU_BENCH ??
  fileURLToPath(new URL("../../build/bench/insitu_bench", import.meta.url));

let seed = 1;
// mulberry32, in [0, 1)
function uniform() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

// One browser's journal: half moves and scrolls, a quarter clicks, a page view every 40 events.
function journal(count) {
  const batches = [];
  let batch = new BatchWriter({ document: 7 });
  let t = 1_767_225_600_000;
  let pv = -1;
  let attempt = -1;
  const pages = ["/", "/product", "/cart", "/checkout", "/thanks"];
  for (let i = 0; i < count; i++) {
    if (batch.bytes > kBatchBytes) {
      batches.push(batch.finish());
      batch = new BatchWriter({ document: 7 });
    }
    t += Math.floor(uniform() * 600);
    if (i % 40 === 0) pv++;
    const common = { t, pv, page: pages[pv % 5] };
    const [x, y, u] = [uniform() * 1280, uniform() * 3200, uniform()];
    if (i % 40 === 0)
      batch.event({
        ...common,
        type: "page_view",
        vw: 1280,
        vh: 720,
        dw: 1280,
        dh: 3200,
        from: pv ? pv - 1 : null,
      });
    else if (u < 0.3) batch.event({ ...common, type: "move", x, y });
    else if (u < 0.5) batch.event({ ...common, type: "scroll", y });
    else if (u < 0.75) batch.event({ ...common, type: "click", x, y, element: `button${i % 30}` });
    else if (u < 0.9) batch.event({ ...common, type: "mutation" });
    else if (u < 0.95) batch.event({ ...common, type: "heartbeat" });
    else if (u < 0.97) batch.event({ ...common, type: "error", kind: "js" });
    else if (u < 0.985)
      batch.event({ ...common, type: "task_start", task: "buy", attempt: ++attempt });
    else batch.event({ ...common, type: "task_end", task: "buy", attempt, outcome: "success" });
  }
  batches.push(batch.finish());
  return batches;
}

// The least milliseconds of several runs, for at least half a second.
function best(prepare, work) {
  let least = Number.POSITIVE_INFINITY;
  let total = 0;
  for (let i = 0; i < 5 || total < 500; i++) {
    prepare();
    const start = performance.now();
    work();
    const ms = performance.now() - start;
    least = Math.min(least, ms);
    total += ms;
  }
  return least;
}

function nativeNsPerEvent(batches, folder) {
  if (!existsSync(native)) return undefined;
  const path = join(folder, "journal.bin");
  writeFileSync(path, Buffer.concat(batches));
  const done = spawnSync(native, ["fold", path]);
  if (done.status !== 0) throw new Error(done.stderr.toString());
  return Number(done.stdout.toString());
}

const folder = mkdtempSync(join(tmpdir(), "insitu-bench-"));
const core = await WasmCore.make();
console.log(
  "wasm in Node".padEnd(16) +
    ["events", "ns/event", "native", "ratio"].map((cell) => cell.padStart(12)).join(""),
);
let of10000;
for (const count of [1000, 10_000, 100_000]) {
  const batches = journal(count);
  if (count === 10_000) of10000 = batches;
  const ms = best(
    () => core.module.reset(),
    () => {
      for (const batch of batches) core.ingest(batch);
    },
  );
  const ns = (ms * 1e6) / count;
  const beside = nativeNsPerEvent(batches, folder);
  const cells = [
    count,
    ns.toFixed(1),
    beside?.toFixed(1) ?? "-",
    beside ? (ns / beside).toFixed(2) : "-",
  ];
  console.log("fold".padEnd(16) + cells.map((cell) => String(cell).padStart(12)).join(""));
}
rmSync(folder, { recursive: true });

core.module.reset();
for (const batch of of10000) core.ingest(batch);
const nothing = () => {};
const report = best(nothing, () => core.module.report(1));
const unpacked = best(nothing, () => core.report());
const save = best(nothing, () => core.module.save());
const state = core.save();
const restore = best(nothing, () => core.restore(state));
console.log(`report of 10,000 events, ms ${report.toFixed(3)} (as objects ${unpacked.toFixed(3)})`);
console.log(
  `save, restore of it, ms ${save.toFixed(3)} ${restore.toFixed(3)} (${state.length} bytes)`,
);
