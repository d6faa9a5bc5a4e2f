// SPDX-License-Identifier: MIT
// Covers heat pictures in a browser: the same pixels as in Node, under a strict policy, and an SVG
// that is inert with the worst labels.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { test } from "./helpers/attempts.mjs";
import { launch, watchPage } from "./helpers/browser.mjs";
import { startSite } from "./helpers/site.mjs";

const hostile = [
  "<script>window.broken = 1</script>",
  '"><image href=x onerror="window.broken = 1"/>',
  "' onload='window.broken = 1",
  "]]><svg onload=window.broken=1>&#60;",
  "\u202egnp.exe\u2066 \u0000\u0007\u001b[2J",
  "\ud800 lone \udfff halves \ufffe",
  "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 123",
  "javascript:window.broken=1",
  "x".repeat(10_240),
];

const scene = {
  width: 900,
  height: 700,
  background: 2,
  boxes: hostile.map((label, i) => ({ x: 20, y: 70 * i, width: 300, height: 60, label })),
  zones: hostile.map((label, i) => ({
    ...{ x: 400, y: 70 * i, width: 200, height: 40, label },
    ...{ count: i, of: 12, lower: 0.1, upper: 0.9 },
  })),
  dots: [
    { x: 700, y: 50, count: 12 },
    { x: 760, y: 50, count: 1, shape: 1 },
    { x: 820, y: 50, count: 2, shape: 2, hollow: true },
  ],
  points: [700, 300, 3, 720, 310, 2, 800, 500, 1],
  legend: true,
  title: hostile[0],
  unit: hostile[1],
  facts: hostile,
  notes: hostile,
  anchored: 1,
  anchored_of: 2,
};

let browser;
let site;
before(async () => {
  browser = await launch();
  site = await startSite({
    "/": {
      html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title>
        <script src="/insitu/insitu.picture.js"></script><body></body>`,
      headers: {
        "content-security-policy":
          "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src blob: data:",
      },
    },
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

async function open() {
  const page = await browser.newPage();
  const seen = watchPage(page);
  await page.goto(site.origin);
  return { page, seen };
}

test("a browser under a strict policy draws the pixels that Node draws", async () => {
  const { page, seen } = await open();
  const drawn = await page.evaluate(async (scene) => {
    const pictures = await document.querySelector("script[src*=picture]").insituPictures();
    const { width, height, rgba } = pictures.drawPicture(scene);
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d").putImageData(new ImageData(rgba, width, height), 0, 0);
    const hash = await crypto.subtle.digest("SHA-256", rgba);
    return { width, height, hash: [...new Uint8Array(hash)], svg: pictures.drawSvg(scene) };
  }, scene);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.console, []);
  const url = pathToFileURL(new URL("../../dist/insitu.picture.mjs", import.meta.url).pathname);
  const pictures = await (await import(url.href)).pictures();
  const { width, height, rgba } = pictures.drawPicture(scene);
  assert.deepEqual([drawn.width, drawn.height], [width, height]);
  assert.deepEqual(drawn.hash, [...createHash("sha256").update(rgba).digest()]);
  assert.ok(drawn.svg === pictures.drawSvg(scene));
  await page.close();
});

test("an SVG with the worst labels is well-formed, inert and can be read", async () => {
  const { page, seen } = await open();
  const found = await page.evaluate(async (scene) => {
    const pictures = await document.querySelector("script[src*=picture]").insituPictures();
    const svg = pictures.drawSvg(scene);
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
    const all = [...parsed.querySelectorAll("*")];
    // Into the page itself, as the most careless user would put it.
    document.body.append(document.adoptNode(parsed.documentElement));
    document.body.insertAdjacentHTML("beforeend", svg);
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    await image.decode();
    await new Promise((done) => setTimeout(done, 100));
    return {
      errors: all.filter((element) => element.localName === "parsererror").length,
      names: [...new Set(all.map((element) => element.localName))].sort(),
      attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))].sort(),
      texts: [...document.querySelectorAll("svg")[0].querySelectorAll("text")].length,
      title: document.querySelector("svg > title").textContent,
      size: [image.naturalWidth, image.naturalHeight],
      broken: window.broken,
    };
  }, scene);
  assert.equal(found.errors, 0);
  assert.equal(found.broken, undefined);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.console, []);
  const allowed = "circle clipPath desc g path polygon rect svg text title".split(" ");
  assert.deepEqual(found.names, allowed);
  for (const name of found.attributes) assert.doesNotMatch(name, /^on|href|^style$|^src$/);
  assert.ok(found.texts > 20);
  assert.equal(found.title, hostile[0]);
  assert.equal(found.size[0], 900);
  await page.close();
});
