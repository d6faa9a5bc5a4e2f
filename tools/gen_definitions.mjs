// SPDX-License-Identifier: MIT
// Makes web/demo/lib/definitions.gen.ts, what the demo says when asked how a KPI is defined, from
// docs/kpi.md, which is made from the registry in the code.
//
//   node tools/gen_definitions.mjs [--check]
//
// Only the KPIs that the demo shows (web/demo/lib/kpis.ts), with the options they depend on.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadTs } from "./load_ts.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const out = "web/demo/lib/definitions.gen.ts";
const page = readFileSync("docs/kpi.md", "utf8");

// | `name` | `default` | what it may be |
const defaults = new Map(
  [...page.matchAll(/^\| `(\w+)` \| `(.*?)` \|/gm)].map(([, name, value]) => [name, value]),
);

function definitionOf(id) {
  const [, section] = page.split(new RegExp(`^### \`${id}\` .*$`, "m"));
  if (section === undefined) throw new Error(`docs/kpi.md does not define ${id}`);
  const [body] = section.split(/^##/m);
  const field = (name) => new RegExp(`^- \\*\\*${name}\\*\\* (.*)$`, "m").exec(body)?.[1] ?? "";
  const [unit = ""] = body.trim().split(" · ");
  const formula = field("Formula");
  if (formula === "" || unit === "") throw new Error(`docs/kpi.md says too little of ${id}`);
  const options = [...field("Options").matchAll(/`(\w+)`/g)].map(([, name]) => {
    if (!defaults.has(name)) throw new Error(`docs/kpi.md has no default of ${name}`);
    return [name, defaults.get(name)];
  });
  return {
    formula,
    unit,
    interval: field("Interval"),
    source: field("Source"),
    options: Object.fromEntries(options),
  };
}

const { groups } = await loadTs("web/demo/lib/kpis.ts");
const ids = groups.flatMap(({ rows }) => rows.map(({ id }) => id)).sort();
const definitions = Object.fromEntries(ids.map((id) => [id, definitionOf(id)]));

const text = `// SPDX-License-Identifier: MIT
// Made by tools/gen_definitions.mjs from docs/kpi.md; do not edit.

/** How a KPI is defined. */
export interface Definition {
  readonly formula: string;
  readonly unit: string;
  /** How its interval is made, "none" where it has none. */
  readonly interval: string;
  readonly source: string;
  /** The options its value depends on, with their defaults as JSON. */
  readonly options: Readonly<Record<string, string>>;
}

export const definitions: Readonly<Record<string, Definition>> = ${JSON.stringify(definitions, null, 2)};
`;

if (!process.argv.includes("--check")) {
  writeFileSync(out, text);
} else if (readFileSync(out, "utf8") !== text) {
  console.error(`${out} is out of date: ./dev gen`);
  process.exitCode = 1;
}
