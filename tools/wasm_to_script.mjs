// SPDX-License-Identifier: MIT
// Writes a WebAssembly module again as JavaScript, for browsers and pages that refuse WebAssembly.
//
//   node tools/wasm_to_script.mjs <folder of Binaryen's programs> <module.wasm> <script.mjs>
//
// The script exports `instantiateScript`, which stands in for WebAssembly.instantiate: it takes
// bytes, which it does not look at, and imports. A trap throws an error of the name "RuntimeError".
// CMake runs this after it has linked the module (cmake/wasm.cmake), so both are of the same code.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [programs, module, script] = process.argv.slice(2);
const run = (name, ...args) => execFileSync(join(programs, name), args, { stdio: "inherit" });
const mvp = "--mvp-features";
const globals = "--enable-mutable-globals";

// wasm2js knows the first WebAssembly only: what came later is written in its terms. Not
// --all-features, with which Binaryen would not lower copies (there could be several memories).
const lowered = `${script}.wasm`;
run(
  "wasm-opt",
  mvp,
  globals,
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-nontrapping-float-to-int",
  "--enable-sign-ext",
  "--enable-multivalue",
  "--enable-reference-types",
  "--llvm-memory-copy-fill-lowering",
  "--llvm-nontrapping-fptoint-lowering",
  "--signext-lowering",
  module,
  "-o",
  lowered,
);
run("wasm2js", mvp, globals, "-Oz", lowered, "-o", script);
rmSync(lowered);

// What wasm2js writes is `import * as a from "a"`, a function asmFunc(imports), and a call of it.
const text = readFileSync(script, "utf8");
const replace = (from, to, part) => {
  if (part.split(from).length !== 2) throw new Error(`wasm2js has not written ${from} once`);
  return part.replace(from, to);
};
let own = text.slice(0, text.indexOf("\nvar retasmFunc"));
own = replace(/^import .*\n/m, "", own);
own = replace(
  "throw new Error('abort')",
  'throw Object.assign(new Error("unreachable"), { name: "RuntimeError" })',
  own,
);
writeFileSync(
  script,
  `${own}
export const instantiateScript = async (bytes, imports) => ({
  instance: { exports: asmFunc(imports) },
});
`,
);
