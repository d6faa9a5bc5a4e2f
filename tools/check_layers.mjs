// SPDX-License-Identifier: MIT
// Fails when a file uses something its layer may not use, or two tests of a folder have helpers
// of one name. The rules are the tables below; the picture of them is in the architecture page.
//
//   node tools/check_layers.mjs [--root <repository>]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

// Folder of src/ -> the folders (or files directly in src/) it may include besides itself.
// "engine" stands for the files directly in src/.
const layers = {
  base: [],
  stats: ["base"],
  events: ["base"],
  sessions: ["base", "events"],
  kpi: ["base", "events", "sessions", "stats"],
  heatmap: ["base", "events", "stats", "kpi"],
  log: ["base", "events"],
  report: ["base", "stats", "heatmap", "kpi"],
  engine: ["base", "stats", "events", "sessions", "kpi", "heatmap", "report"],
  bindings: ["engine.h", "base", "events", "heatmap", "kpi", "report"],
  partial: ["base", "stats", "events", "kpi", "report", "engine.h"],
  manage: ["base"],
  cli: ["*"],
};

// Library -> the files and folders of src/ that may include it.
const libraries = {
  nlohmann: ["report/json.cpp", "log/", "cli/"],
  emscripten: ["bindings/"],
  "png.h": ["cli/png_file.cpp"],
};

// Standard headers that cost too much in the wasm module (iostream alone: 33 KB gzip) or have no
// place in a pure core -> the folders that may use them all the same.
const heavyHeaders = /^(iostream|sstream|fstream|regex|locale|filesystem|thread|functional)$/;
const heavyAllowed = ["log/", "cli/"];

// Folders whose scripts use the npm package like everybody else: no import may leave them.
const outsiders = ["web", "collector"];

// All failures of the repository at `root`, one "file:line: reason" each; empty when all is well.
export function checkLayers(root) {
  return [
    ...checkCpp(root),
    ...checkSignals(root),
    ...checkOutsiders(root),
    ...checkTestHelpers(root),
  ];
}

function checkCpp(root) {
  const failures = [];
  const src = join(root, "src");
  for (const file of filesOf(src, /\.(h|cpp)$/)) {
    const layer = file.includes("/") ? file.split("/")[0] : "engine";
    const fail = (line, why) => failures.push(`src/${file}:${line}: ${why}`);
    const allowed = layers[layer];
    if (!allowed) {
      fail(1, `the folder ${layer} has no row in tools/check_layers.mjs`);
      continue;
    }
    for (const { name, line } of includesOf(join(src, file))) {
      const top = name.split("/")[0];
      if (heavyHeaders.test(name) && !within(file, heavyAllowed)) {
        fail(line, `<${name}> is not used in the core`);
      } else if (libraries[top] && !within(file, libraries[top])) {
        fail(line, `${top} belongs in ${libraries[top].join(", ")}`);
      } else if (top in layers || existsSync(join(src, name))) {
        const own = name.includes("/") ? top === layer : layer === "engine";
        if (!own && !allowed.includes("*") && !allowed.includes(top)) {
          fail(line, `${layer} may not include ${name}`);
        }
      }
    }
  }
  return failures;
}

// A signal that knew another one could not be left out of a smaller build.
function checkSignals(root) {
  const failures = [];
  const folder = join(root, "js/src/signals");
  for (const file of filesOf(folder, /\.ts$/)) {
    if (file === "index.ts") continue;
    for (const { name, line } of importsOf(join(folder, file))) {
      if (name.startsWith(".") && !relative(folder, resolve(folder, name)).startsWith("..")) {
        failures.push(`js/src/signals/${file}:${line}: a signal may not import another (${name})`);
      }
    }
  }
  return failures;
}

function checkOutsiders(root) {
  const failures = [];
  for (const folder of outsiders) {
    for (const file of filesOf(join(root, folder), /\.(ts|mjs|js)$/)) {
      const path = join(root, folder, file);
      for (const { name, line } of importsOf(path)) {
        const target = resolve(dirname(path), name);
        if (name.startsWith(".") && relative(join(root, folder), target).startsWith("..")) {
          failures.push(`${folder}/${file}:${line}: ${folder} uses the public API only (${name})`);
        }
      }
    }
  }
  return failures;
}

// The tests of a folder may be compiled as one file (CMakeLists.txt). A helper with the name of
// another file's would then be an overload of it, and a test could call the wrong one unnoticed.
function checkTestHelpers(root) {
  const failures = [];
  const owners = new Map();
  for (const file of filesOf(join(root, "tests"), /\.test\.cpp$/)) {
    let isHelper = false;
    const lines = readFileSync(join(root, "tests", file), "utf8").split("\n");
    for (const [index, line] of lines.entries()) {
      if (line.startsWith("namespace {") || line.startsWith("}  // namespace")) {
        isHelper = line.startsWith("namespace");
        continue;
      }
      // What begins at the margin, as clang-format leaves it.
      const name = /^(?!using|template)\w[^(={;]*?(\w+)(?=[([{;]| = | [{:])/.exec(line)?.[1];
      if (!isHelper || !name) continue;
      const key = `${dirname(file)} ${name}`;
      const owner = owners.get(key);
      owners.set(key, owner ?? file);
      if (!owner || owner === file) continue;
      const why = `${name} is a helper of ${owner} too: share it (tests/helpers) or rename it`;
      failures.push(`tests/${file}:${index + 1}: ${why}`);
    }
  }
  return failures;
}

// Paths below `folder`, with slashes, sorted; none when it does not exist.
function filesOf(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !file.includes("node_modules"))
    .sort();
}

function within(file, places) {
  return places.some((place) => (place.endsWith("/") ? file.startsWith(place) : file === place));
}

function includesOf(path) {
  return matchesOf(path, /^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]/gm);
}

// Static imports, re-exports and import() with a literal, also when they span lines.
function importsOf(path) {
  return matchesOf(path, /\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g);
}

function matchesOf(path, pattern) {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(pattern)].map((match) => ({
    name: match[1],
    line: text.slice(0, match.index + match[0].length).split("\n").length,
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--root");
  const root = at > 0 ? process.argv[at + 1] : fileURLToPath(new URL("..", import.meta.url));
  const failures = checkLayers(root);
  for (const failure of failures) console.error(failure);
  console.log(failures.length ? `${failures.length} layer violations` : "layers are clean");
  process.exitCode = failures.length ? 1 : 0;
}
