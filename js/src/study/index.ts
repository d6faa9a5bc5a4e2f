// SPDX-License-Identifier: MIT
// The researcher's half in the page: heatmaps over it, and what they are made of. Loaded only when
// asked for:
//
//   import { showHeatmap } from "insitu/study";
//   const heatmap = showHeatmap({ insitu, kind: "first_click" });
import type { Grid, HeatKind } from "../types.js";
import { defineHeatmap, type HeatmapOverlay } from "./overlay.js";
import type { Palette } from "./picture_door.js";
import { type InsituLike, type Source, sourceOf, sourceOfGrids } from "./source.js";

export type { Grid, GridElement, HeatKind } from "../types.js";
export type { Layer, Layout, LayoutBox } from "./layout.js";
export { layoutOf } from "./layout.js";
export type { Found, How, Recorded, Resolution } from "./resolve.js";
export { resolve } from "./resolve.js";
export type { InsituLike, Query, Source } from "./source.js";
export { defineHeatmap, type HeatmapOverlay };

export interface HeatmapOptions {
  /** The instance that init() gave. Default: that of the script tag. */
  insitu?: InsituLike;
  /**
   * What a log has, instead of what this browser knows: `insitu heatmap --out x.grid.json`, one grid
   * for each kind and state that can be chosen.
   */
  grids?: readonly Grid[];
  /** Anything else that gives grids. */
  source?: Source;
  kind?: HeatKind;
  /** Default: participants, so that one person who clicks a lot does not paint the page. */
  unit?: "participants" | "clicks";
  /** Default: dots and zones below 30 clicks, a density from there on. */
  marks?: "dots" | "density";
  palette?: Palette;
  /** What was open over the page: a key, "" for nothing. Default: everything together. */
  state?: string;
  /** Standard deviation of the density, 8 ... 40 CSS px. Default: 16. */
  sigma?: number;
}

/**
 * Opens the heatmap over this page, or changes the one that is open. It says "close" with an event
 * when it is closed.
 */
export function showHeatmap(options: HeatmapOptions = {}): HeatmapOverlay {
  defineHeatmap();
  const open = document.querySelector<HeatmapOverlay>("insitu-heatmap");
  const heatmap = open ?? (document.createElement("insitu-heatmap") as HeatmapOverlay);
  const { grids, insitu } = options;
  const source = options.source ?? (grids ? sourceOfGrids(grids) : null);
  if (source) heatmap.source = source;
  else if (insitu) heatmap.source = sourceOf(insitu);
  for (const name of ["kind", "unit", "marks", "palette", "state", "sigma"] as const) {
    const value = options[name];
    if (value !== undefined) heatmap.setAttribute(name, String(value));
  }
  if (!open) document.documentElement.append(heatmap);
  return heatmap;
}

/** Closes it; nothing of it is left. */
export function hideHeatmap(): void {
  document.querySelector<HeatmapOverlay>("insitu-heatmap")?.close();
}
