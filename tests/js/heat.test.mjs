// SPDX-License-Identifier: MIT
// Covers js/src/study/heat.ts: density, colours and ticks of the heatmap.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const heat = await loadTs("js/src/study/heat.ts");

const sum = (values) => values.reduce((a, b) => a + b, 0);
// Fields are float32: seven digits, some less after sums.
const near = (actual, expected, tolerance = 1e-6) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);

// One point per cell and cells of one pixel: the plain grid of the specification.
const onCells = (columns, rows) => ({ width: columns, height: rows, step: 1 });
const unit = { columnWidth: 1, rowHeight: 1 };
// [column, row, clicks] as points in the middle of their cells.
const middles = (cells, { columnWidth, rowHeight }) =>
  cells.flatMap(([column, row, n]) => [(column + 0.5) * columnWidth, (row + 0.5) * rowHeight, n]);
const densityOf = (size, cells, layout, sigma) => heat.density(size, middles(cells, layout), sigma);

test("density: agrees with the vectors of heatmap_smooth where cells are points", () => {
  const path = new URL("../fixtures/vectors/heatmap_smooth.json", import.meta.url);
  const cases = JSON.parse(readFileSync(path, "utf8"));
  assert.ok(cases.length > 0);
  for (const { input, expected } of cases) {
    const [rows, columns] = [input.grid.length, input.grid[0].length];
    const cells = input.grid.flatMap((line, row) =>
      line.map((value, column) => [column, row, value]),
    );
    const { values } = densityOf(onCells(columns, rows), cells, unit, input.sigma);
    const wanted = expected.grid.flat();
    const scale = Math.max(...wanted, 1);
    for (const [i, value] of wanted.entries()) {
      near(values[i] / heat.densityArea, value, scale * 1e-6);
    }
  }
});

test("density: the mean times the area is the number of clicks, also from a corner", () => {
  const cells = [
    [0, 0, 3],
    [31, 9, 4],
  ];
  const page = { width: 1280, height: 400, step: 5 };
  const { values } = densityOf(page, cells, { columnWidth: 40, rowHeight: 40 }, 24);
  near((sum(values) * page.step ** 2) / heat.densityArea, 7, 1e-3);
});

test("density: one click is round, however wide the cells are", () => {
  const page = { width: 400, height: 400, step: 4 };
  const { columns, values } = densityOf(page, [[10, 5, 1]], { columnWidth: 20, rowHeight: 40 }, 24);
  // The middle of the cell is at 210, 220; 22 px from it, across and down.
  const at = (x, y) => values[Math.floor(y / 4) * columns + Math.floor(x / 4)];
  near(at(210 + 24, 218) / at(210, 218 + 24), 1, 0.1);
  assert.ok(at(210, 218) > at(234, 218));
});

test("density: a page smaller than the bell does not lose clicks", () => {
  const page = { width: 10, height: 10, step: 5 };
  const { values } = densityOf(page, [[0, 0, 1]], { columnWidth: 10, rowHeight: 10 }, 24);
  near((sum(values) * 25) / heat.densityArea, 1, 1e-5);
});

test("mirror: edges are repeated, from both sides and far outside", () => {
  // … c b a | a b c | c b a …
  const seen = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((i) => heat.mirror(i, 3));
  assert.deepEqual(seen, [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0]);
});

test("maximum: 0 for a page without clicks", () => {
  assert.equal(heat.maximum(densityOf(onCells(3, 3), [], unit, 1)), 0);
});

test("viridis: begins dark violet, ends yellow, and clamps", () => {
  // First and last row of the published table (van der Walt, Smith 2015).
  assert.deepEqual(heat.colour("viridis", 0), [68, 1, 84]);
  assert.deepEqual(heat.colour("viridis", 1), [253, 231, 37]);
  assert.deepEqual(heat.colour("viridis", -3), heat.colour("viridis", 0));
  assert.deepEqual(heat.colour("viridis", 7), heat.colour("viridis", 1));
});

test("viridis: gets lighter all the way", () => {
  const light = (share) => {
    const [red, green, blue] = heat.colour("viridis", share);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  };
  for (let i = 1; i <= 100; ++i) assert.ok(light(i / 100) > light((i - 1) / 100), `at ${i} %`);
});

test("opacity: nothing at or below 5 % of the maximum, the same for all that is well above", () => {
  assert.equal(heat.opacity(0), 0);
  assert.equal(heat.opacity(0.05), 0);
  assert.ok(heat.opacity(0.06) > 0);
  assert.equal(heat.opacity(0.5), heat.opacity(1));
});

test("ticks: round numbers from 0 on, at most five", () => {
  assert.deepEqual(heat.ticks(7.3), [0, 2, 4, 6]);
  assert.deepEqual(heat.ticks(10), [0, 5, 10]);
  assert.deepEqual(heat.ticks(0.9), [0, 0.2, 0.4, 0.6, 0.8]);
  assert.deepEqual(heat.ticks(0), [0]);
});

test("ticks: counts have whole steps", () => {
  assert.deepEqual(heat.ticks(1, 5, 1), [0, 1]);
  assert.deepEqual(heat.ticks(3, 5, 1), [0, 1, 2, 3]);
});
