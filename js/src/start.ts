// SPDX-License-Identifier: MIT
// Starts the one Insitu of a page, or the one that does nothing. There is a page.
import type { CoreLoader } from "./core_module.js";
import { createInsitu, DISABLED_KEY } from "./instance.js";
import { createNoop } from "./noop.js";
import type { InitOptions, Insitu } from "./types.js";

export function start(options: InitOptions, loader: CoreLoader): Insitu {
  if (isDisabled()) return createNoop(`${DISABLED_KEY} excludes this browser.`);
  try {
    return createInsitu(options, loader);
  } catch (failure) {
    return createNoop(`This browser lacks what is needed: ${failure}`);
  }
}

function isDisabled(): boolean {
  try {
    return localStorage.getItem(DISABLED_KEY) === "1";
  } catch {
    return false; // no localStorage, so nobody has excluded themselves
  }
}
