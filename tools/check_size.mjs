// SPDX-License-Identifier: MIT
// Prints what dist/ weighs and fails when a file is over its budget (tests/bench/budgets.json),
// is missing, or holds code that a strict Content-Security-Policy forbids.
//
//   node tools/check_size.mjs [--dist <folder>]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const at = process.argv.indexOf("--dist");
const dist = at > 0 ? process.argv[at + 1] : join(root, "dist");
const { sizes: budgets } = JSON.parse(readFileSync(join(root, "tests/bench/budgets.json"), "utf8"));

const failures = [];
const scripts = existsSync(dist) ? readdirSync(dist).filter((name) => /\.m?js$/.test(name)) : [];
for (const name of Object.keys(budgets)) {
  if (!scripts.includes(name)) failures.push(`${name} has a budget but is not in ${dist}`);
}

const row = (...cells) => {
  const [name, ...numbers] = cells;
  console.log(name.padEnd(24) + numbers.map((cell) => String(cell).padStart(10)).join(""));
};
row("bytes", "raw", "gzip", "brotli", "budget");
for (const name of scripts.sort()) {
  const bytes = readFileSync(join(dist, name));
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length;
  const budget = budgets[name]?.brotli;
  row(name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotli, budget ?? "-");
  if (brotli > budget) {
    failures.push(
      `${name} is ${brotli - budget} bytes over its budget: make it smaller, or change ` +
        "tests/bench/budgets.json in the same commit and say why",
    );
  }
  const dynamic = /\bnew Function\b|(?<![\w$.])eval\s*\(/.exec(bytes.toString("utf8"));
  if (dynamic) failures.push(`${name} contains "${dynamic[0]}": pages with a CSP refuse it`);
}

for (const failure of failures) console.error(`error: ${failure}`);
process.exitCode = failures.length ? 1 : 0;
