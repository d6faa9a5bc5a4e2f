// SPDX-License-Identifier: MIT
// The door to what computes densities and draws pictures: one import says who does it.
export { density, drawPicture, drawSvg, paint } from "./picture_js.js";

/** A density on points `step` px apart, row by row; per 100 x 100 px. */
export interface Field {
  columns: number;
  rows: number;
  step: number;
  max: number;
  values: Float32Array;
}

export interface DensitySize {
  /** Of the page, and distance of the points; CSS px. */
  width: number;
  height: number;
  step: number;
  /** Standard deviation, CSS px. */
  sigma: number;
}

export type Palette = "viridis" | "cividis" | "grey";
export const PALETTES: readonly Palette[] = ["viridis", "cividis", "grey"];

/** What a picture shows. CSS px of the document; the member names are those of src/heatmap/scene.h. */
export interface Scene {
  width: number;
  height: number;
  /** 0 transparent, 1 white, 2 wireframe of `boxes`, 3 the given picture. */
  background: 0 | 1 | 2 | 3;
  boxes: WireBox[];
  bands: { from: number; to: number; value: number }[];
  /** Above 0: values of bands are counts of so many, and lines show 75, 50 and 25 %. */
  bands_of: number;
  /** x, y, weight, x, y, weight, ... of a density. */
  points: Float64Array;
  sigma: number;
  /** Of the scale of density or bands; 0: the largest value. */
  maximum: number;
  zones: ZoneMark[];
  dots: DotMark[];
  legend: boolean;
  title: string;
  unit: string;
  facts: string[];
  notes: string[];
  /** Clicks found again, of so many; 0 of 0: nothing was looked for. */
  anchored: number;
  anchored_of: number;
  palette: Palette;
}

export interface WireBox {
  x: number;
  y: number;
  width: number;
  height: number;
  label: string;
  landmark: boolean;
}

export interface DotMark {
  x: number;
  y: number;
  count: number;
  /** 0 click, 1 first click, 2 by keyboard. */
  shape: 0 | 1 | 2;
  /** Not found again: shown where it was on the recorded page. */
  hollow: boolean;
}

export interface ZoneMark {
  x: number;
  y: number;
  width: number;
  height: number;
  label: string;
  count: number;
  /** count / of is the share, lower to upper its interval. */
  of: number;
  lower: number;
  upper: number;
}

/** Pixels of a picture, RGBA. */
export interface Raster {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}
