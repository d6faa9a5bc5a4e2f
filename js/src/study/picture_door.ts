// SPDX-License-Identifier: MIT
// The door to the module that computes densities and draws pictures: the same C++ as on the command
// line. It is a file of its own that comes when a heatmap is opened.
import type { Pictures } from "./picture.js";

export type {
  Backdrop,
  Density,
  DotMark,
  PaletteName as Palette,
  Pictures,
  Scene,
  WireBox,
  ZoneMark,
} from "./picture.js";

export const PALETTES = ["viridis", "cividis", "grey"] as const;

let load = async (): Promise<Pictures> => (await import("./insitu.picture.mjs")).pictures();
let loading: Promise<Pictures> | undefined;

/** For the script tag, which has no import beside it. */
export function loadPicturesBy(loader: () => Promise<Pictures>): void {
  load = loader;
}

/** Loads the module once. Rejects where it is missing or WebAssembly is refused; then tries again. */
export async function pictures(): Promise<Pictures> {
  loading ??= load();
  try {
    return await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}
