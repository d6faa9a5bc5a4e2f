// SPDX-License-Identifier: MIT
// The native command: INSITU_CLI, or the newest of build/insitu and build/{release,native}/insitu.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const nativeCli =
  process.env.INSITU_CLI ??
  ["build/insitu", "build/release/insitu", "build/native/insitu"]
    .map((path) => join(root, path))
    .filter(existsSync)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];

// The report of a log given as bytes or text, under options.
export function nativeReport(log, options = {}) {
  if (!nativeCli) throw new Error("there is no native command: ./dev test native builds it");
  const args = ["report", "-", "--json", "--options", JSON.stringify(options)];
  const done = spawnSync(nativeCli, args, { input: log, maxBuffer: 1 << 26 });
  if (!done.stdout?.length) throw new Error(`no report: ${done.error ?? done.stderr}`);
  return JSON.parse(done.stdout.toString());
}
