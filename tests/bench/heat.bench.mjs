// SPDX-License-Identifier: MIT
// How long a heatmap of a million clicks on a page of 1280 x 8000 px takes in Chromium: ours (grid,
// density, colours), and in the same run heatmap.js and simpleheat with the same clicks. Prints a
// table; needs dist/ (./dev bench builds it).
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { launch } from "../e2e/helpers/browser.mjs";

const files = {
  "/picture.js": "../../dist/insitu.picture.js",
  "/heatmap.js": "../../node_modules/heatmap.js/build/heatmap.js",
  "/simpleheat.js": "../../node_modules/simpleheat/simpleheat.js",
};
const server = createServer((request, response) => {
  const file = files[request.url];
  if (!file) {
    response.setHeader("content-type", "text/html");
    const scripts = Object.keys(files).map((url) => `<script src="${url}"></script>`);
    return response.end(`<!doctype html><meta charset="utf-8"><body>${scripts.join("")}`);
  }
  response.setHeader("content-type", "text/javascript; charset=utf-8");
  response.end(readFileSync(new URL(file, import.meta.url)));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
await page.goto(`http://127.0.0.1:${server.address().port}/`);

const result = await page.evaluate(async () => {
  const [width, height] = [1280, 8000];
  let seed = 1;
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  // Most clicks are on 150 buttons of 100 x 40 px, some anywhere.
  const buttons = Array.from({ length: 150 }, () => [uniform() * 1180, uniform() * 7960]);
  function clicks(count) {
    const points = new Float64Array(3 * count);
    for (let i = 0; i < count; ++i) {
      const [x, y] = buttons[Math.floor(uniform() ** 2 * buttons.length)];
      const isOn = uniform() < 0.9;
      points[3 * i] = isOn ? x + uniform() * 100 : uniform() * width;
      points[3 * i + 1] = isOn ? y + uniform() * 40 : uniform() * height;
      points[3 * i + 2] = 1;
    }
    return points;
  }
  // The least milliseconds of some runs.
  function best(runs, work) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < runs; ++i) {
      const start = performance.now();
      work();
      least = Math.min(least, performance.now() - start);
    }
    return least;
  }

  const pictures = await document.querySelector("script[src*=picture]").insituPictures();
  const rows = [];
  for (const count of [1000, 100_000, 1_000_000]) {
    const points = clicks(count);
    let density;
    const field = best(9, () => {
      density = pictures.density(points, { width, height });
    });
    const whole = { scale: 1 / density.step, width: density.columns, height: density.rows };
    const colours = best(9, () => pictures.paint(density, whole));
    const viewport = best(9, () => pictures.paint(density, { y: 2000, width, height: 720 }));
    const pixels = best(3, () => pictures.paint(density, { width, height }));
    rows.push({ count, field, colours, viewport, pixels });
  }

  const points = clicks(1_000_000);
  const element = document.createElement("div");
  element.style.cssText = `width:${width}px;height:${height}px;position:absolute`;
  document.body.append(element);
  const data = [];
  for (let i = 0; i < points.length; i += 3) {
    data.push({ x: Math.floor(points[i]), y: Math.floor(points[i + 1]), value: 1 });
  }
  const heatmapJs = best(2, () => {
    const map = h337.create({ container: element, radius: 40 });
    map.setData({ min: 0, max: 50, data });
    // Drawing may be put off until pixels are wanted.
    map.getValueAt({ x: 5, y: 5 });
    element.querySelector("canvas").getContext("2d").getImageData(0, 0, 1, 1);
    element.replaceChildren();
  });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const triples = data.map(({ x, y }) => [x, y, 1]);
  const simple = best(2, () => {
    simpleheat(canvas).max(50).radius(25, 15).data(triples).draw();
    canvas.getContext("2d").getImageData(0, 0, 1, 1);
  });
  return { rows, heatmapJs, simple };
});
await browser.close();
server.close();

const line = (name, ...cells) =>
  console.log(name.padEnd(22) + cells.map((cell) => String(cell).padStart(12)).join(""));
line("heat, 1280 x 8000 px", "density ms", "colours ms", "both ms", "720 rows", "all pixels");
for (const { count, field, colours, viewport, pixels } of result.rows) {
  const cells = [field, colours, field + colours, viewport, pixels].map((ms) => ms.toFixed(1));
  line(`${count} clicks`, ...cells);
}
const { field, colours, pixels } = result.rows.at(-1);
line("1000000 clicks", "ms", "x density+colours", "x with all pixels");
for (const [name, ms] of Object.entries({
  "heatmap.js": result.heatmapJs,
  simpleheat: result.simple,
})) {
  line(
    name,
    ms.toFixed(0),
    (ms / (field + colours)).toFixed(0),
    (ms / (field + pixels)).toFixed(0),
  );
}
