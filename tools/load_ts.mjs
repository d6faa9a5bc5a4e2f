// SPDX-License-Identifier: MIT
// Lets tests import TypeScript sources directly: bundles one entry in memory and imports it.
//
//   const { Buffer } = await loadTs("js/src/buffer.ts");
//
// Paths are relative to the repository. Each call gives fresh module state; modules that must share
// state belong behind one entry. Types are not checked here (`./dev test types` does that).

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function loadTs(path) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*", "./insitu.core.mjs"],
    sourcemap: "inline",
    logLevel: "error",
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  // The fragment keeps Node from handing out the module of an earlier call.
  return import(`data:text/javascript;base64,${code}#${loads++}`);
}

let loads = 0;
