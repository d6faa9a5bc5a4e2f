// SPDX-License-Identifier: MIT
// The whole page with its marks as one scene: for wireframes, for pictures of the page, for exports.
import type { Grid } from "../types.js";
import { layoutOf, moverOf, pageElement, placeOf } from "./layout.js";
import { bandsOf, type LiveOptions } from "./live.js";
import { type Marks, matchSentence, shareOf } from "./marks.js";
import { plural } from "./numbers.js";
import type { DotMark, Scene, WireBox, ZoneMark } from "./picture_door.js";

/** What kinds are called, in the order in which they are offered. */
export const KIND_NAMES = {
  click: "Clicks",
  first_click: "First clicks",
  rage: "Rage clicks",
  dead: "Dead clicks",
  error: "Error clicks",
  dwell: "Where the pointer rested",
  attention: "Time in view",
  scroll_reach: "How far people scrolled",
} as const;

export function unitOf(grid: Grid, { unit }: LiveOptions): string {
  if (grid.kind === "dwell") return "s per 100 × 100 px";
  if (grid.kind === "attention") return "s per participant";
  if (grid.kind === "scroll_reach") return "page views";
  return `${unit} per 100 × 100 px`;
}

/** The scene of the page at its top, with all that is visible. `background` as in Scene. */
export function sceneOf(
  grid: Grid,
  marks: Marks | null,
  options: LiveOptions,
  background: 2 | 3,
): Scene {
  const page = pageElement();
  const [width, height] = [page.scrollWidth, page.scrollHeight];
  const isDensity = options.marks === "density" || grid.kind === "dwell";
  const zones: ZoneMark[] = [];
  const dots: DotMark[] = [];
  const points: number[] = [];
  const places = new Map<Element, ReturnType<typeof placeOf>>();
  const shape = grid.kind === "first_click" ? 1 : 0;
  for (const zone of marks?.zones ?? []) {
    const { element } = zone;
    if (!element || zone.hidden) continue;
    const place = placeOf(element, moverOf(element));
    places.set(element, place);
    const { x, n, ci } = shareOf(zone, grid, marks as Marks, options.unit);
    zones.push({
      x: place.x,
      y: place.y,
      width: place.w,
      height: place.h,
      label: zone.name,
      count: x,
      of: n,
      lower: ci?.[0] ?? 0,
      upper: ci?.[1] ?? 1,
    });
  }
  for (const point of marks?.points ?? []) {
    const place = point.element ? places.get(point.element) : { x: 0, y: 0, w: 1, h: 1 };
    if (!place) continue;
    const [x, y] = [place.x + point.x * place.w, place.y + point.y * place.h];
    const count = options.unit === "clicks" ? point.clicks : point.participants;
    dots.push({ x, y, count, shape, hollow: !point.element });
    points.push(x, y, count);
  }
  if (grid.kind === "dwell") {
    for (const [column, row, ms] of grid.cells) {
      points.push((column + 0.5) * (width / grid.columns), (row + 0.5) * grid.row_px, ms / 1000);
    }
  }
  const hidden = marks?.hidden.map(
    ({ where, clicks }) => `${plural(clicks, "click")} on ${where}, not visible here`,
  );
  return {
    width,
    height,
    background,
    boxes: background === 2 ? wireframe() : [],
    ...bandsOf(grid),
    points: Float64Array.from(isDensity ? points : []),
    sigma: options.sigma,
    zones: isDensity ? [] : zones,
    dots: isDensity ? dots.filter(({ hollow }) => hollow) : dots,
    legend: true,
    title: `${KIND_NAMES[grid.kind]} on ${grid.page}`,
    unit: marks && !isDensity ? options.unit : unitOf(grid, options),
    facts: [
      plural(marks?.clicks ?? 0, "click"),
      plural(grid.participants, "participant"),
      plural(grid.views, "page view"),
      `window ${page.clientWidth} × ${innerHeight} px`,
    ].slice(marks ? 0 : 1),
    notes: [
      ...(marks ? [`${matchSentence(marks)}.`] : []),
      ...(hidden?.length ? [`${hidden.join("; ")}.`] : []),
    ],
    anchored: 0,
    anchored_of: 0,
    palette: options.palette,
  };
}

/** The page as boxes with their roles, without any content. */
export function wireframe(): WireBox[] {
  return layoutOf().boxes.map(({ x, y, w, h, label, landmark }) => ({
    x,
    y,
    width: w,
    height: h,
    label,
    landmark,
  }));
}
