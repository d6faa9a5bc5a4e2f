// SPDX-License-Identifier: MIT
// `insitu heatmap` and the module of heat pictures draw the same scene in the same pixels, and write
// the same SVG.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { clickLog, layoutOf } from "../helpers/click_log.mjs";
import { decodePng } from "../helpers/decode_png.mjs";
import { nativeCli } from "../helpers/native_cli.mjs";

const module = new URL("../../dist/insitu.picture.mjs", import.meta.url);

const kCases = {
  "dots and zones": { visitors: 9, flags: ["--boxes", "layout.json"] },
  "dots and zones without a layout": { visitors: 9, flags: ["--unit", "clicks"] },
  density: { visitors: 300, flags: ["--boxes", "layout.json"] },
  "density in grey, wide": { visitors: 300, flags: ["--palette", "grey", "--sigma", "33.3"] },
  "density with its top cut": { visitors: 300, flags: ["--cut-top", "--palette", "cividis"] },
  zones: { visitors: 300, flags: ["--marks", "zones", "--kind", "dead"] },
  dwell: { visitors: 300, flags: ["--kind", "dwell"] },
  attention: { visitors: 40, flags: ["--kind", "attention"] },
  "scroll reach": { visitors: 40, flags: ["--kind", "scroll_reach"] },
  "a phone": { visitors: 40, flags: ["--width", "390", "--marks", "density"] },
};

describe("pictures", { skip: nativeCli ? false : "there is no native build" }, () => {
  let folder;
  let pictures;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "insitu-picture-"));
    writeFileSync(join(folder, "layout.json"), JSON.stringify(layoutOf("/product")));
    pictures = await (await import(pathToFileURL(module.pathname).href)).pictures();
  });
  after(() => rmSync(folder, { recursive: true }));

  // Runs the command; gives the bytes of the file it writes.
  function heatmap(visitors, out, flags) {
    writeFileSync(join(folder, "log.ndjson"), clickLog(visitors));
    const args = ["heatmap", "log.ndjson", "--page", "/product", "--out", out, ...flags];
    const done = spawnSync(nativeCli, args, { cwd: folder });
    assert.equal(done.status, 0, done.stderr.toString());
    return readFileSync(join(folder, out));
  }

  function assertSame(png, picture) {
    assert.deepEqual([picture.width, picture.height], [png.width, png.height]);
    const different = png.rgba.findIndex((byte, i) => byte !== picture.rgba[i]);
    const at = Math.floor(different / 4);
    const place = `${at % png.width}, ${Math.floor(at / png.width)}`;
    assert.equal(different, -1, `the first other pixel is at ${place}`);
  }

  for (const [name, { visitors, flags }] of Object.entries(kCases)) {
    test(`the command and the module draw the same: ${name}`, () => {
      const png = decodePng(heatmap(visitors, "heat.png", flags));
      const scene = JSON.parse(heatmap(visitors, "heat.scene.json", flags));
      assertSame(png, pictures.drawPicture(scene));
      const svg = heatmap(visitors, "heat.svg", flags).toString();
      assert.ok(pictures.drawSvg(scene) === svg, "the SVGs differ");
      // Something is drawn: not all of the page has the colour of its middle.
      assert.ok(new Set(new Uint32Array(png.rgba.buffer)).size > 20);
    });
  }

  test("a screenshot under the marks is the same too", () => {
    const screenshot = heatmap(300, "page.png", ["--palette", "cividis"]);
    const flags = ["--boxes", "layout.json", "--over", "page.png"];
    const scene = JSON.parse(heatmap(20, "heat.scene.json", flags));
    const { width, height, rgba: data } = decodePng(screenshot);
    const png = decodePng(heatmap(20, "heat.png", flags));
    assertSame(png, pictures.drawPicture(scene, { width, height, data }));
    const url = `data:image/png;base64,${screenshot.toString("base64")}`;
    assert.ok(pictures.drawSvg(scene, url) === heatmap(20, "heat.svg", flags).toString());
  });

  test("a density's parts are those of the picture: values, colours, ticks", () => {
    const scene = JSON.parse(heatmap(300, "heat.scene.json", []));
    const { width, height } = scene;
    const density = pictures.density(Float64Array.from(scene.points), { width, height });
    const bare = { width, height, points: scene.points };
    const painted = pictures.paint(density, { width, height });
    const drawn = pictures.drawPicture(bare);
    assert.ok(Buffer.from(painted).equals(Buffer.from(drawn.rgba)));
    const sum = density.values.reduce((all, value) => all + value, 0);
    const clicks = (sum * density.step ** 2) / 10_000;
    assert.ok(Math.abs(clicks - scene.points.length / 3) < 0.01, `${clicks} clicks`);
    assert.deepEqual(pictures.ticks(7.3), [2, 4, 6]);
    const bar = pictures.colours("viridis", 3);
    assert.deepEqual([...bar.subarray(0, 4)], [68, 1, 84, 0]);
    assert.deepEqual([...bar.subarray(8)], [253, 231, 37, 166]);
  });

  test("scenes with nonsense in them are drawn or refused, and the module lives", () => {
    assert.throws(() => pictures.drawPicture({ width: 0, height: 0 }), RangeError);
    assert.throws(() => pictures.drawPicture({ width: 1e9, height: 1e9 }), RangeError);
    assert.throws(() => pictures.drawPicture({ width: NaN, height: -1 }), RangeError);
    const odd = { width: 50, height: 50, title: null, dots: [{ x: NaN, y: "7" }, {}], zones: [{}] };
    assert.equal(pictures.drawPicture(odd).width, 50);
    const density = pictures.density(Float64Array.of(5, 5, 1), { width: NaN, height: 20 });
    assert.throws(() => pictures.paint(density, { width: 1e5, height: 1e5 }), RangeError);
    assert.match(pictures.describe({ width: 1, height: 1, facts: ["9 clicks"] }), /^9 clicks\./);
  });
});
