// SPDX-License-Identifier: MIT
// Gets the core for the ESM build.
import type { CoreLoader } from "./core_module.js";

export const moduleLoader: CoreLoader = async (where) => {
  // A literal, so that bundlers see the file and take it along.
  if (!where) return (await import("./insitu.core.mjs")).default;
  const url = new URL(where, location.href).href;
  const file = url.endsWith("/") ? `${url}insitu.core.mjs` : url.replace(/\.js$/, ".mjs");
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ file)).default;
};
