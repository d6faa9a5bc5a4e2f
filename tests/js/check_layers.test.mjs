// SPDX-License-Identifier: MIT
// The layer checker: every kind of forbidden include is found, allowed ones are not.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { checkLayers } from "../../tools/check_layers.mjs";

// Failures of a repository that consists of these files.
function failuresOf(t, files) {
  const root = mkdtempSync(join(tmpdir(), "insitu-layers-"));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkLayers(root);
}

const planted = [
  ["a lower layer that includes a higher one", "src/base/a.h", '#include "events/batch.h"'],
  ["statistics that know events", "src/stats/a.h", '#include "events/batch.h"'],
  ["an indented include", "src/stats/a.h", '  # include "kpi/registry.gen.h"'],
  ["a KPI that sees reports", "src/kpi/families/a.h", '#include "report/report.h"'],
  ["bindings that reach past the engine", "src/bindings/a.cpp", '#include "sessions/clock.h"'],
  ["an engine that knows its command line", "src/engine.cpp", '#include "cli/args.h"'],
  ["JSON in the core", "src/report/report.cpp", "#include <nlohmann/json.hpp>"],
  ["JSON in the engine", "src/engine.cpp", "#include <nlohmann/json.hpp>"],
  ["Emscripten outside the bindings", "src/base/a.cpp", "#include <emscripten/bind.h>"],
  ["a heavy standard header", "src/sessions/a.cpp", "#include <functional>"],
  ["a folder nobody declared", "src/extras/a.h", "#include <vector>"],
  ["a signal that imports another", "js/src/signals/click.ts", 'import { y } from "./scroll.ts";'],
  ["a page that uses internals", "web/demo/a.ts", 'import { x } from "../../js/src/buffer.ts";'],
  ["a page that loads internals late", "web/demo/a.ts", 'await import("../../js/src/buffer.ts");'],
];
for (const [what, path, text] of planted) {
  test(`${what} is found, with its line`, (t) => {
    const failures = failuresOf(t, { [path]: `\n${text}\n` });
    assert.equal(failures.length, 1, failures.join("\n"));
    const line = path.startsWith("src/extras") ? 1 : 2;
    assert.ok(failures[0].startsWith(`${path}:${line}: `), failures[0]);
  });
}

const helper = (lines) => `namespace {\n\n${lines}\n}  // namespace\n`;
for (const lines of [
  "std::string same(const char* a) {",
  "struct same {",
  "constexpr double same = 1;",
  "template <class T>\nT same(const std::vector<T>& a,",
  "const char* same[] = {",
]) {
  test(`two tests of a folder with a helper of one name are found: ${lines}`, (t) => {
    const tests = (folder) => ({
      "tests/stats/a.test.cpp": helper("int same() {\n}\n\nint same(int a) {\n}"),
      [`tests/${folder}/b.test.cpp`]: helper(`int other() {\n  return same();\n}\n${lines}`),
    });
    const failures = failuresOf(t, tests("stats"));
    assert.equal(failures.length, 1, failures.join("\n"));
    const line = lines.startsWith("template") ? 7 : 6;
    assert.ok(
      failures[0].startsWith(`tests/stats/b.test.cpp:${line}: same is a helper of stats/a`),
    );
    assert.deepEqual(failuresOf(t, tests("kpi")), []);
  });
}

test("a lower layer that includes the engine is found", (t) => {
  const failures = failuresOf(t, { "src/engine.h": "", "src/kpi/a.h": '#include "engine.h"' });
  assert.deepEqual(failures, ["src/kpi/a.h:1: kpi may not include engine.h"]);
});

test("what the rules allow is not reported", (t) => {
  const failures = failuresOf(t, {
    "src/engine.h": '#include "kpi/registry.gen.h"\n#include "report/report.h"\n',
    "src/engine.cpp": '#include "engine.h"\n#include "heatmap/grid.h"\n',
    "src/kpi/families/a.h":
      '#include "kpi/context.h"\n#include "stats/moments.h"\n#include <span>\n',
    "src/heatmap/grid.h": '#include "stats/gaussian_smooth.h"\n',
    "src/report/json.cpp": '#include <nlohmann/json.hpp>\n#include "report/json.h"\n',
    "src/log/reader.cpp": "#include <nlohmann/json.hpp>\n#include <fstream>\n",
    "src/cli/main.cpp": '#include <iostream>\n#include "engine.h"\n#include "log/reader.h"\n',
    "src/bindings/embind.cpp": '#include <emscripten/bind.h>\n#include "engine.h"\n',
    "js/src/signals/click.ts": 'import { write } from "../buffer.ts";\n',
    "js/src/signals/index.ts": 'import { click } from "./click.ts";\n',
    "web/demo/main.ts": 'import { init } from "insitu";\nimport { cart } from "./cart.ts";\n',
  });
  assert.deepEqual(failures, []);
});
