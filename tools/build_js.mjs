// SPDX-License-Identifier: MIT
// Bundles the TypeScript side and the wasm module into dist/:
//
//   insitu.js         js/src/script.ts, for <script src>
//   insitu.mjs        js/src/index.ts, for import
//   types/            declarations of js/src/index.ts
//   insitu.core.js    loader + wasm of build/wasm, hands its factory to its own <script> element
//   insitu.core.mjs   the same, default export
//   insitu.core-full.{js,mjs}  the same of build/wasm-full: all KPI families
//   insitu.core-nowasm.{js,mjs}, insitu.core-full-nowasm.{js,mjs}
//                     both of them with the module as a script instead of wasm
//   insitu.study.js   js/src/study/script.ts, for <script src> on a page whose heatmap is looked at
//   insitu.study.mjs  js/src/study/index.ts, the same for import
//   insitu.picture.{js,mjs}  js/src/study/picture.ts: heat pictures, with the module of build/wasm
//   <folder>/         every folder of web/, complete: its top-level *.ts as *.js, a copy of all that
//                     is not TypeScript, and the scripts above in insitu/
//
// and copies what the npm package ships to js/dist/. An input that does not exist yet is skipped
// and said so; `--require-all` makes that an error.

import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const requireAll = process.argv.includes("--require-all");
const { version } = JSON.parse(readFileSync("js/package.json", "utf8"));
const banner = { js: `/*! Insitu ${version} | MIT */` };

// The oldest browser that is tested (tests/engines/old.test.mjs).
const target = "chrome64";
const shared = {
  bundle: true,
  minify: true,
  target,
  legalComments: "none",
  define: { INSITU_VERSION: JSON.stringify(version) },
  logLevel: "warning",
};

function missing(path, gives) {
  if (existsSync(path)) return false;
  console.log(`skipped ${gives}: there is no ${path}`);
  if (requireAll) process.exitCode = 1;
  return true;
}

// The shell. Properties that start with _ are private to it and get short names.
async function bundleShell(entry, out, format) {
  if (missing(entry, out)) return;
  const bundle = await build({
    ...shared,
    entryPoints: [entry],
    write: false,
    format,
    mangleProps: /^_/,
    // The core is fetched when the page is idle: its import stays an import.
    external: ["./insitu.core.mjs", "./insitu.core-nowasm.mjs"],
  });
  // esbuild bundles and shortens private names; Terser's compressor saves another 5 %.
  const { code } = await minify(bundle.outputFiles[0].text, {
    ecma: 2017,
    module: format === "esm",
    // What is shorter for brotli: no commas instead of statements, and functions before variables.
    compress: {
      sequences: false,
      hoist_funs: true,
      lhs_constants: false,
      passes: 3,
      pure_getters: true,
      unsafe_arrows: true,
    },
    format: { preamble: banner.js },
  });
  writeFileSync(out, `${code}\n`);
}

// Bytes as characters of a string literal, so that brotli sees nearly the bytes themselves: a fifth
// smaller than base64 (docs/decisions/0004). A byte stands for the character of its value where that
// is one byte of UTF-8 that a literal bears. The most frequent of the other bytes change places
// with the rarest of those (`swaps`, in pairs); what is left over is 256 more.
function encode(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte]++;
  const isPlain = (code) =>
    code > 0 && code < 128 && !'\n\r"\\'.includes(String.fromCharCode(code));
  const codes = [...count.keys()].sort((a, b) => count[b] - count[a]);
  const other = codes.filter((code) => !isPlain(code));
  const rare = codes.filter(isPlain).reverse();
  const swaps = [];
  while (count[other[0]] > 2 * count[rare[0]]) swaps.push(other.shift(), rare.shift());
  const place = [...count.keys()];
  for (let i = 0; i < swaps.length; i += 2) {
    place[swaps[i]] = swaps[i + 1];
    place[swaps[i + 1]] = swaps[i];
  }
  const text = Array.from(bytes, (byte) => {
    const code = place[byte];
    return String.fromCharCode(code < 128 && !isPlain(code) ? code + 256 : code);
  });
  return { text: text.join(""), swaps };
}

// The body of a function that gives the bytes; they take the place of INSITU_BYTES at the very end,
// because minifiers would write control characters as escapes.
function decodeBytes(swaps) {
  return `
    const place = {};
    ${JSON.stringify(swaps)}.map((code, i, all) => (place[code] = all[i ^ 1]));
    return Uint8Array.from("INSITU_BYTES", (c) => {
      const code = c.charCodeAt(0) & 255;
      return place[code] ?? code;
    });`;
}

// The core: Emscripten's loader with the wasm bytes beside it in the same file. Inlined bytes need
// no fetch, no MIME type and no path, the three usual ways a wasm module fails to load on a site.
async function bundleCore(folder, name) {
  const module = `${folder}/insitu_core.mjs`;
  if (missing(module, `dist/${name}.*`)) return;
  const { text, swaps } = encode(readFileSync(`${folder}/insitu_core.wasm`));
  const factory = `
    import load from "./${module}";
    const bytes = () => {${decodeBytes(swaps)}};
    // Gives a fresh instance of the module, from the bytes in wasmBinary instead if they are given.
    const factory = ({ wasmBinary } = {}) => {
      if (!wasmBinary) wasmBinary = bytes();
      return load({ wasm: wasmBinary });
    };`;
  await writeCore(name, factory, (code) => code.replace("INSITU_BYTES", () => text));
}

// The same where WebAssembly is refused: the loader is given a script in its place.
async function bundleScriptCore(folder, name) {
  const script = `${folder}/insitu_core_script.mjs`;
  if (missing(script, `dist/${name}.*`)) return;
  const factory = `
    import load from "./${folder}/insitu_core.mjs";
    const factory = () => load({});`;
  await writeCore(name, factory, (code) => code, {
    inject: [script],
    define: { "WebAssembly.instantiate": "instantiateScript" },
  });
}

async function writeCore(name, factory, finish, options) {
  const analyse = `
    import { createAnalysis } from "./js/src/analysis.ts";
    import { explain } from "./js/src/explain.ts";
    import { vitals } from "./js/src/vitals.ts";
    factory.analyse = createAnalysis;
    import { describe } from "./js/src/anchor.ts";
    factory.describe = describe;
    factory.explain = explain;
    factory.vitals = vitals;`;
  const classic = "document.currentScript.insituCore = factory;";
  for (const [out, format, last] of [
    [`dist/${name}.mjs`, "esm", "export default factory;"],
    [`dist/${name}.js`, "iife", classic],
  ]) {
    const result = await build({
      ...shared,
      ...options,
      stdin: {
        contents: factory + analyse + last,
        resolveDir: ".",
        sourcefile: basename(out),
        loader: "js",
      },
      write: false,
      format,
    });
    const { code } = await minify(result.outputFiles[0].text, {
      ecma: 2017,
      module: format === "esm",
      compress: { passes: 3, pure_getters: true, unsafe_arrows: true, sequences: false },
    });
    // The byte order mark makes it UTF-8 on pages of any encoding.
    const head = `\ufeff/*! Insitu ${version} | MIT; web-vitals | Apache-2.0 */`;
    writeFileSync(out, finish(`${head}\n${code}\n`));
  }
}

// What only researchers load: nothing private is shared with the shell, so names stay as they are.
async function bundleStudy(entry, out, format) {
  if (missing(entry, out)) return;
  // The pictures come when a heatmap is opened: their import stays an import.
  const external = ["./insitu.picture.mjs"];
  await build({ ...shared, entryPoints: [entry], outfile: out, format, banner, external });
}

// What a bundle needs that imports js/src/study/picture_module.js: the plugin puts the module of heat
// pictures there, and finish(code) its bytes into the minified text. Null when it is not built.
function pictureModule() {
  const module = "build/wasm/insitu_picture.mjs";
  if (missing(module, "heat pictures")) return null;
  const { text, swaps } = encode(readFileSync(module.replace(/mjs$/, "wasm")));
  const contents = `
    import load from "./${module}";
    const bytes = () => {${decodeBytes(swaps)}};
    export default () => load({ wasm: bytes() });`;
  const plugin = {
    name: "picture-module",
    setup({ onLoad, onResolve }) {
      const path = "picture_module";
      onResolve({ filter: /\/picture_module\.js$/ }, () => ({ path, namespace: path }));
      onLoad({ filter: /^/, namespace: path }, () => ({ contents, resolveDir: "." }));
    },
  };
  return { plugin, finish: (code) => code.replace("INSITU_BYTES", () => text) };
}

async function bundlePicture() {
  const picture = pictureModule();
  if (!picture) return;
  for (const [out, format, last] of [
    ["dist/insitu.picture.mjs", "esm", "export { pictures };"],
    ["dist/insitu.picture.js", "iife", "document.currentScript.insituPictures = pictures;"],
  ]) {
    const result = await build({
      ...shared,
      // The module itself needs newer browsers than the shell.
      target: "es2020",
      stdin: {
        contents: `import { pictures } from "./js/src/study/picture.ts";\n${last}`,
        resolveDir: ".",
        sourcefile: basename(out),
        loader: "js",
      },
      write: false,
      format,
      plugins: [picture.plugin],
    });
    const { code } = await minify(result.outputFiles[0].text, {
      ecma: 2020,
      module: format === "esm",
      compress: { passes: 3, pure_getters: true, unsafe_arrows: true, sequences: false },
    });
    const head = `\ufeff/*! Insitu ${version} | MIT; glyphs from DejaVu Sans | Bitstream Vera license */`;
    writeFileSync(out, picture.finish(`${head}\n${code}\n`));
  }
}

function emitTypes() {
  if (missing("js/src/index.ts", "dist/types")) return;
  execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.types.json"], { stdio: "inherit" });
}

// Pages load their scripts with <script src>, not type="module": so they also open from a disk.
async function bundleWeb() {
  if (missing("web", "pages")) return;
  for (const folder of readdirSync("web", { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const from = join("web", folder.name);
    const to = join("dist", folder.name);
    for (const file of readdirSync(from, { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || extname(file.name) === ".ts") continue;
      const path = join(file.parentPath ?? file.path, file.name);
      cpSync(path, join(to, relative(from, path)));
    }
    const scripts = readdirSync(from).filter((name) => /(?<!\.d)\.ts$/.test(name));
    await build({
      ...shared,
      entryPoints: scripts.map((name) => join(from, name)),
      outdir: to,
      format: "iife",
      // What a page may say of the weight of the scripts.
      define: {
        INSITU_SIZES: JSON.stringify({
          script: brotliBytes("dist/insitu.js"),
          core: brotliBytes("dist/insitu.core.js"),
        }),
      },
    });
    for (const name of readdirSync("dist").filter((name) => /^insitu\..*js$/.test(name))) {
      cpSync(join("dist", name), join(to, "insitu", name));
    }
  }
}

// Compressed as by a server; 0 when it was skipped.
function brotliBytes(path) {
  return existsSync(path) ? brotliCompressSync(readFileSync(path)).length : 0;
}

function fillPackage() {
  rmSync("js/dist", { recursive: true, force: true });
  mkdirSync("js/dist");
  cpSync("LICENSE", "js/dist/LICENSE");
  // The core has Google's library in it, whose license (Apache 2.0) goes with it.
  cpSync("node_modules/web-vitals/LICENSE", "js/dist/LICENSE.web-vitals");
  // Pictures have glyphs of DejaVu Sans in them.
  cpSync("src/heatmap/font.LICENSE", "js/dist/LICENSE.font");
  for (const name of readdirSync("dist")) {
    if (/^insitu\.[\w.-]*m?js$/.test(name) || name === "types") {
      cpSync(join("dist", name), join("js/dist", name), { recursive: true });
    }
  }
}

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
await bundleShell("js/src/script.ts", "dist/insitu.js", "iife");
await bundleShell("js/src/index.ts", "dist/insitu.mjs", "esm");
await bundleCore("build/wasm", "insitu.core");
await bundleCore("build/wasm-full", "insitu.core-full");
await bundleScriptCore("build/wasm", "insitu.core-nowasm");
await bundleScriptCore("build/wasm-full", "insitu.core-full-nowasm");
await bundleStudy("js/src/study/script.ts", "dist/insitu.study.js", "iife");
await bundleStudy("js/src/study/index.ts", "dist/insitu.study.mjs", "esm");
await bundlePicture();
emitTypes();
await bundleWeb();
fillPackage();
