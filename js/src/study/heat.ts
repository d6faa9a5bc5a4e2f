// SPDX-License-Identifier: MIT
// The arithmetic of the click heatmap: from counted cells to a smooth density field, to colours and
// to the ticks of a legend. Pure functions; overlay.ts does the drawing.

/** Below this number of clicks a blur would invent a pattern: each cell is drawn as a counted dot. */
export const densityFromClicks = 30;

/** Nothing is drawn below this share of the maximum, so that a page with one stray click stays clean. */
export const visibleFrom = 0.05;

/** A dense field of `columns` x `rows` values, row by row. */
export interface Field {
  columns: number;
  rows: number;
  values: Float32Array;
}

/** The area that a density counts clicks for: 100 x 100 CSS px. */
export const densityArea = 10_000;

/**
 * Density of points per 100 x 100 px on a page of `width` x `height`, at places `step` px apart (the
 * first at step / 2). `points` are x, y, weight, x, y, weight, ...; each is a Gaussian of standard
 * deviation `sigma` px, cut at 3 sigma and mirrored at the edges of the page, so that no weight is
 * lost: the mean density times the area gives the sum of weights back. All lengths in CSS px. The
 * rule of `heatmap_smooth` in the KPI specification, with points anywhere.
 *
 * O(points * (6 sigma / step)^2).
 */
export function density(
  { width, height, step }: { width: number; height: number; step: number },
  points: ArrayLike<number>,
  sigma: number,
): Field {
  const columns = Math.max(1, Math.ceil(width / step));
  const rows = Math.max(1, Math.ceil(height / step));
  const values = new Float32Array(columns * rows);
  for (let i = 0; i + 2 < points.length; i += 3) {
    const [x, y, weight] = [points[i], points[i + 1], points[i + 2]] as [number, number, number];
    const across = bell(x, columns, step, sigma);
    for (const [row, weightDown] of bell(y, rows, step, sigma)) {
      const part = (weightDown * weight * densityArea) / (step * step);
      for (const [column, weightAcross] of across) {
        const at = row * columns + column;
        values[at] = (values[at] ?? 0) + part * weightAcross;
      }
    }
  }
  return { columns, rows, values };
}

// [index, weight] of the points around `position` on a line of `length` points; weights sum to 1.
function bell(position: number, length: number, step: number, sigma: number): [number, number][] {
  const nearest = Math.round(position / step - 0.5);
  const radius = Math.floor((3 * sigma) / step + 0.5);
  const result: [number, number][] = [];
  let total = 0;
  for (let index = nearest - radius; index <= nearest + radius; ++index) {
    const distance = (index + 0.5) * step - position;
    const weight = radius === 0 ? 1 : Math.exp((-distance * distance) / (2 * sigma * sigma));
    result.push([mirror(index, length), weight]);
    total += weight;
  }
  return result.map(([index, weight]) => [index, weight / total]);
}

/** Index of a mirrored line with the edge repeated: -1 -> 0, -2 -> 1, length -> length - 1. */
export function mirror(index: number, length: number): number {
  const period = 2 * length;
  const folded = ((index % period) + period) % period;
  return folded < length ? folded : period - 1 - folded;
}

/** Largest value of a field; 0 when it is empty. */
export function maximum({ values }: Field): number {
  let result = 0;
  for (const value of values) if (value > result) result = value;
  return result;
}

type Colour = readonly [red: number, green: number, blue: number];

// Viridis at 0, 1/8 … 1 (van der Walt, Smith 2015, CC0), interpolated linearly: at most 2/255 off.
// Cividis the same way (Nuñez, Anderton, Renslow 2018). Grey from light, so that few prints as few.
const stops: Readonly<Record<string, readonly Colour[]>> = {
  viridis: [
    [68, 1, 84],
    [71, 45, 123],
    [59, 82, 139],
    [44, 114, 142],
    [33, 145, 140],
    [40, 174, 128],
    [94, 201, 98],
    [173, 220, 48],
    [253, 231, 37],
  ],
  cividis: [
    [0, 34, 78],
    [26, 56, 111],
    [67, 78, 108],
    [97, 100, 111],
    [125, 124, 120],
    [155, 148, 118],
    [188, 174, 108],
    [222, 202, 87],
    [254, 232, 56],
  ],
  grey: [
    [217, 217, 217],
    [26, 26, 26],
  ],
};

/** Colour of a share of the maximum, 0 … 1 (clamped), as [red, green, blue] of 0 … 255. */
export function colour(palette: string, share: number): [number, number, number] {
  const list = stops[palette] ?? stops.viridis ?? [];
  const position = Math.min(Math.max(share, 0), 1) * (list.length - 1);
  const index = Math.min(Math.floor(position), list.length - 2);
  const fraction = position - index;
  const [from, to] = [list[index] ?? [0, 0, 0], list[index + 1] ?? [0, 0, 0]];
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(from[channel] + (to[channel] - from[channel]) * fraction);
  return [mix(0), mix(1), mix(2)];
}

/** Opacity of a share of the maximum: 0 below `visibleFrom`, a short soft edge, then constant. */
export function opacity(share: number): number {
  const edge = 0.06;
  return Math.min(Math.max((share - visibleFrom) / edge, 0), 1) * 0.65;
}

/**
 * Round numbers from 0 up to `max` for a legend, at most `most` of them: ticks(7.3) -> [0, 2, 4, 6].
 * Steps are 1, 2 or 5 times a power of ten, and not below `leastStep` (1 for counts of clicks).
 */
export function ticks(max: number, most = 5, leastStep = 0): number[] {
  if (!(max > 0)) return [0];
  const power = 10 ** Math.floor(Math.log10(max / most));
  const round = [1, 2, 5, 10, 20].map((m) => m * power).find((s) => max / s < most) ?? max;
  const step = Math.max(round, leastStep);
  const result: number[] = [];
  for (let i = 0; i * step <= max * (1 + 1e-9); ++i) result.push(Number((i * step).toPrecision(6)));
  return result;
}
