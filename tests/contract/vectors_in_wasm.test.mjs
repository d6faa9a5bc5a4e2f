// SPDX-License-Identifier: MIT
// The native command compiled to wasm (build/lab/insitu.cjs) in Node: every vector holds there too,
// and reports and partials of logs are those of the native build.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { nativeCli } from "../helpers/native_cli.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const vectors = join(root, "tests/fixtures/vectors");
const wasm = join(root, "build/lab/insitu.cjs");
const native = nativeCli;

function run(command, args) {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(done.error, undefined);
  return { code: done.status, out: done.stdout, err: done.stderr };
}
const runWasm = (args) => run(process.execPath, [wasm, ...args]);

// Every difference, as lines; keys that are not expected do not matter.
function differences(expected, actual, tolerance, path = "") {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [`${path}: other length`];
    return expected.flatMap((each, i) => differences(each, actual[i], tolerance, `${path}/${i}`));
  }
  if (expected !== null && typeof expected === "object") {
    if (actual === null || typeof actual !== "object") return [`${path}: no object`];
    return Object.keys(expected).flatMap((key) =>
      key in actual
        ? differences(expected[key], actual[key], tolerance, `${path}/${key}`)
        : [`${path}/${key}: missing`],
    );
  }
  if (typeof expected === "number" && typeof actual === "number") {
    const near = Math.abs(expected - actual) <= tolerance * Math.max(1, Math.abs(expected));
    return near ? [] : [`${path}: expected ${expected}, got ${actual}`];
  }
  return expected === actual ? [] : [`${path}: expected ${expected}, got ${actual}`];
}

describe("wasm in Node", { skip: existsSync(wasm) && native ? false : "not built" }, () => {
  const files = readdirSync(vectors).filter(
    (name) => name.endsWith(".json") && !name.startsWith("log_"),
  );

  test("every case of every vector file has its expected answer", () => {
    let cases = 0;
    for (const name of files) {
      const path = join(vectors, name);
      const done = runWasm(["calc", "--cases", path]);
      assert.equal(done.code, 0, `${name}: ${done.err}`);
      const answers = JSON.parse(done.out);
      const expected = JSON.parse(readFileSync(path, "utf8"));
      assert.equal(answers.length, expected.length, name);
      for (const [i, each] of expected.entries()) {
        assert.deepEqual(differences(each.expected, answers[i], each.tolerance), [], each.id);
        cases += 1;
      }
    }
    assert.ok(cases >= 500, `${cases} cases`);
  });

  for (const name of ["log_tiny", "log_tabs", "log_small"]) {
    test(`${name}: report and partial are those of the native build, to the last digit`, () => {
      const log = join(vectors, `${name}.ndjson`);
      for (const options of [
        "{}",
        '{"bounce_mode": "ga4", "cart_unit": "visitor_day", "ci_method": "clopper_pearson"}',
      ]) {
        for (const command of ["report", "partial"]) {
          const args = [command, log, "--options", options];
          if (command === "report") args.push("--json");
          const here = run(native, args);
          const there = runWasm(args);
          assert.equal(there.code, here.code);
          assert.equal(there.out, here.out);
        }
      }
    });
  }
});
