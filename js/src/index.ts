// SPDX-License-Identifier: MIT
// The npm package: import { init } from "insitu".
import { MARK } from "./frames.js";
import { moduleLoader } from "./load_module.js";
import { createNoop } from "./noop.js";
import { start } from "./start.js";
import type { InitOptions, Insitu } from "./types.js";

export type * from "./types.js";

let instance: Insitu | undefined;

/**
 * Starts capturing in this page and gives its Insitu. Every further call gives the same one; its
 * options are not looked at. Where the script tag has started before, its instance. On a server:
 * one that does nothing.
 */
export function init(options: InitOptions = {}): Insitu {
  if (typeof window === "undefined" || typeof document === "undefined") {
    instance ??= createNoop("There is no page here.");
  } else {
    instance ??= running() ?? start(options, moduleLoader);
    (window as { [MARK]?: boolean })[MARK] = true;
  }
  return instance;
}

function running(): Insitu | undefined {
  const { insitu } = window as { insitu?: Insitu };
  return typeof insitu?.status === "function" ? insitu : undefined;
}
