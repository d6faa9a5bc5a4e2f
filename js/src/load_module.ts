// SPDX-License-Identifier: MIT
// Gets the core for the ESM build.
import type { CoreLoader } from "./core_module.js";

export const moduleLoader: CoreLoader = async (where, asScript) => {
  if (!where) {
    // Literals, so that bundlers see the files and take them along.
    const loading = asScript ? import("./insitu.core-nowasm.mjs") : import("./insitu.core.mjs");
    return (await loading).default;
  }
  let file = new URL(where, location.href).href;
  file = file.endsWith("/") ? `${file}insitu.core.mjs` : file.replace(/\.js$/, ".mjs");
  if (asScript) file = file.replace(/(?=\.mjs$)/, "-nowasm");
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ file)).default;
};
