// SPDX-License-Identifier: MIT
// What each KPI family weighs in the visitor's core: the module is built once with all families and
// once without each of them, and compressed.
//
//   node tools/size_by_family.mjs [family...]     in an environment with Emscripten (./dev sizes)
//
// Prints a table. Takes about half a minute per family.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "build/size");

function run(command, args) {
  const done = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  if (done.status !== 0) {
    console.error(done.stdout, done.stderr);
    process.exit(1);
  }
}

// Bytes of the module with these families: as it is, and brotli.
function sizeOf(families) {
  run("cmake", [
    "--preset",
    "wasm",
    "-B",
    folder,
    "-DINSITU_PICTURE=OFF",
    `-DINSITU_KPI=${families.join(";")}`,
  ]);
  run("cmake", ["--build", folder, "-j", process.env.INSITU_JOBS ?? "2"]);
  const wasm = readFileSync(join(folder, "insitu_core.wasm"));
  return { raw: wasm.length, brotli: brotliCompressSync(wasm).length };
}

const all = readdirSync(join(root, "src/kpi/families"))
  .filter((name) => name.endsWith(".h"))
  .map((name) => name.slice(0, -2))
  .sort();
const asked = process.argv.length > 2 ? process.argv.slice(2) : all;
const whole = sizeOf([]);
const row = (name, raw, brotli) =>
  console.log(`${name.padEnd(16)}${String(raw).padStart(10)}${String(brotli).padStart(10)}`);
row("insitu_core.wasm", "bytes", "brotli");
row("all families", whole.raw, whole.brotli);
for (const family of asked) {
  const size = sizeOf(all.filter((each) => each !== family));
  row(`- ${family}`, size.raw - whole.raw, size.brotli - whole.brotli);
}
