// SPDX-License-Identifier: MIT
// The script tag: <script defer src="/insitu/insitu.js" data-site="shop"></script>
//
// Its attributes are the options of init() (types.ts): data-site, data-storage, data-core,
// data-keep-log, data-moves, data-consent, data-endpoint, data-page, data-page-views, data-debug,
// data-goals (texts parted by spaces) and data-kpi (JSON). The one global is `insitu`: the instance,
// and a function that calls its methods by name. Calls may come before this script, through a queue:
//
//   <script>insitu = window.insitu || function () { (insitu.q = insitu.q || []).push(arguments) };
//   insitu("goal", "signup")</script>
import { scriptLoader } from "./load_script.js";
import { start } from "./start.js";
import type { InitOptions, Insitu, KpiOption } from "./types.js";

type Call = ArrayLike<unknown>;
type Global = Insitu & ((method: string, ...args: unknown[]) => unknown) & { q?: Call[] };

const host = window as unknown as { insitu?: Partial<Global> };
const { q, status } = host.insitu || {};
// Twice the same tag: the first one has started.
if (typeof status !== "function") run();

function run(): void {
  const own = document.currentScript as HTMLScriptElement | null;
  const instance = start(optionsOf(own), scriptLoader(own));
  const methods = instance as unknown as Record<string, (...args: unknown[]) => unknown>;
  const call = (method: string, ...args: unknown[]) => {
    const run = methods[method];
    return run && run(...args);
  };
  host.insitu = Object.assign(call, instance) as unknown as Global;
  for (const [method, ...args] of Array.from(q || [], (each) => Array.from(each))) {
    call(String(method), ...args);
  }
}

function optionsOf(own: HTMLScriptElement | null): InitOptions {
  const data: DOMStringMap = own ? own.dataset : {};
  const options: Record<string, unknown> = {};
  for (const name of "site storage core consent page pageViews endpoint".split(" ")) {
    if (data[name]) options[name] = data[name];
  }
  for (const name of ["keepLog", "moves", "debug"] as const) {
    if (name in data) options[name] = data[name] !== "false";
  }
  if (data.goals) options.goals = data.goals.split(" ");
  try {
    if (data.kpi) options.kpi = JSON.parse(data.kpi) as Record<string, KpiOption>;
  } catch {
    // Named like this so that init() warns of an unknown option that says it all.
    options["data-kpi (it is no JSON)"] = true;
  }
  return options;
}
