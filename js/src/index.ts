// SPDX-License-Identifier: MIT
// The npm package: import { init } from "insitu".
import { MARK } from "./frames.js";
import { moduleLoader } from "./load_module.js";
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
  instance ??= running() ?? start(options, moduleLoader);
  if (typeof window === "object") (window as { [MARK]?: boolean })[MARK] = true;
  return instance;
}

function running(): Insitu | undefined {
  const { insitu } = (typeof window === "object" ? window : {}) as { insitu?: Insitu };
  return typeof insitu?.status === "function" ? insitu : undefined;
}
