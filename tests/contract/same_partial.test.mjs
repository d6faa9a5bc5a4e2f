// SPDX-License-Identifier: MIT
// The partial that a browser hands out is, byte for byte, the one of the reference and of the native
// command for the same log.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { batchesOfLog, eventOf } from "../helpers/encode_batch.mjs";
import { nativeCli } from "../helpers/native_cli.mjs";
import { WasmCore } from "../helpers/wasm_core.mjs";

const vectors = new URL("../fixtures/vectors/", import.meta.url);
const read = (name) => readFileSync(new URL(name, vectors), "utf8");

function nativePartial(log, options) {
  const args = ["partial", "-", "--options", JSON.stringify(options)];
  const done = spawnSync(nativeCli, args, { input: log, maxBuffer: 1 << 26 });
  if (!done.stdout?.length) throw new Error(`no partial: ${done.error ?? done.stderr}`);
  return done.stdout.toString().trim();
}

// Without what the reader of lines counts, which the module never sees. As text: the bytes matter.
function withoutReader(text) {
  return text.replace(/"quality":(\{[^}]*\}),/, (_, counts) => {
    const { malformed, unknown_type, duplicate, out_of_order, ...quality } = JSON.parse(counts);
    return Object.keys(quality).length ? `"quality":${JSON.stringify(quality)},` : "";
  });
}

async function wasmPartial(lines, options) {
  const core = await WasmCore.make(options);
  for (const batch of batchesOfLog(lines)) assert.equal(core.ingest(batch), 0);
  return core.partial();
}

// The lines of each visitor.
function visitorsOf(text) {
  const visitors = new Map();
  for (const line of text.split("\n")) {
    const visitor = eventOf(line)?.visitor;
    if (visitor) visitors.set(visitor, [...(visitors.get(visitor) ?? []), line]);
  }
  return visitors;
}

describe("native and wasm", () => {
  for (const name of ["log_tiny", "log_tabs", "log_small"]) {
    test(`give the same partial of every visitor of ${name}, under every set of options`, async () => {
      const visitors = visitorsOf(read(`${name}.ndjson`));
      const { cases } = JSON.parse(read(`${name}.partials.json`));
      let compared = 0;
      for (const { options, segment } of cases) {
        if (segment) continue;
        for (const [visitor, lines] of visitors) {
          const wasm = await wasmPartial(lines, options);
          const native = nativePartial(`${lines.join("\n")}\n`, options);
          assert.equal(withoutReader(wasm), withoutReader(native), `${name}, ${visitor}`);
          compared++;
        }
      }
      assert.ok(compared >= 2);
    });
  }

  test("order keys by their bytes and write options canonically", async () => {
    const event = (seq, page) => ({
      type: "page_view",
      ...{ visitor: "v", session: "s", seq, t: 1_767_225_600_000 + seq, pv: seq, page },
      ...{ vh: 5, dw: 9, dh: 9 },
    });
    const pages = ["/\u{1f600}", "/\uff5e", "/a", "/B", '/"\\', "/\u0001"];
    const lines = pages.map((page, i) => JSON.stringify(event(i, page)));
    const options = {
      idle_cap_ms: null,
      retention_days: [7, 1],
      vital_thresholds: { LCP: [1, 2.5] },
    };
    const wasm = await wasmPartial(lines, options);
    assert.equal(wasm, nativePartial(`${lines.join("\n")}\n`, options));
    // U+FF5E is before U+1F600 in UTF-8, and behind it in UTF-16.
    assert.ok(wasm.indexOf("/\uff5e") < wasm.indexOf("/\u{1f600}"));
    const text = '{"idle_cap_ms":null,"retention_days":[7,1],"vital_thresholds":{"LCP":[1,2.5]}}';
    assert.ok(wasm.includes(`"options":${JSON.stringify(text)}`));
  });

  test("asking for a partial changes nothing", async () => {
    const [lines] = visitorsOf(read("log_tiny.ndjson")).values();
    const core = await WasmCore.make();
    for (const batch of batchesOfLog(lines)) core.ingest(batch);
    const report = core.report();
    const partial = core.partial();
    assert.equal(core.partial(), partial);
    assert.deepEqual(core.report(), report);
  });
});
