// SPDX-License-Identifier: MIT
// The demo from anywhere: opened as a file, from a sub-folder of any static host; what it weighs, and
// that the script it is about does not hold up its first paint.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { serve } from "../../tools/serve.mjs";
import { test } from "./helpers/attempts.mjs";
import { launch, until } from "./helpers/browser.mjs";
import { isReady, openDemo, readKpi, readWatch } from "./helpers/demo.mjs";

const demo = fileURLToPath(new URL("../../dist/demo", import.meta.url));
let browser;
const sites = [];
const site = async (options) => {
  sites.push(await serve({ port: 0, ...options }));
  return sites[sites.length - 1].url;
};

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const { close } of sites) await close();
});

// A short visit: a click, an error, the account with its routes, the map.
async function visit(base, routes) {
  const { page, seen, close } = await openDemo(browser, `${base}/index.html`);
  await isReady(page);
  await page.locator("#break-script").click();
  await until(
    async () => /Noticed/.test(await readWatch(page, "break-script")),
    "the error click",
    6000,
  );
  await until(async () => (await readKpi(page, "number_of_clicks")).lead === "1", "the click");
  await page.locator("#data").scrollIntoViewIfNeeded();
  const sent = page.locator("#data-view section").first();
  assert.match(
    (await sent.innerText()).replaceAll("\u00a0", " "),
    /0 bytes[\s\S]*0 requests other/,
  );
  await page.getByRole("button", { name: "Heatmap" }).click();
  await until(async () => (await page.locator("insitu-heatmap").count()) === 1, "the map");
  await page.keyboard.press("Escape");
  await page.locator('[data-insitu-name="nav-account"]').click();
  await page.locator('[data-insitu-name="account-orders"]').click();
  await until(() => page.url().endsWith(routes), `an address with ${routes}`);
  await page.reload();
  await until(() => page.locator(".orders").isVisible(), "the orders after a reload");
  assert.equal(seen.errors.length, 1);
  assert.match(seen.errors[0], /The demo's button with a bug$/);
  await close();
}

test("the demo works when it is opened as a file", async () => {
  await visit(pathToFileURL(demo).href, "#/orders");
});

test("the demo works from a sub-folder of a static host", async () => {
  const root = mkdtempSync(join(tmpdir(), "insitu-host-"));
  cpSync(demo, join(root, "some/where"), { recursive: true });
  await visit(`${await site({ roots: [root] })}/some/where`, "/some/where/account/orders/");
});

test("the demo weighs at most 90 KiB without the core, gzipped", () => {
  const files = readdirSync(demo, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath ?? file.path, file.name))
    // Nor what only researchers load.
    .filter((path) => !/insitu\.(core|study|picture)|\.mjs$/.test(path));
  const sizes = files.map((path) => [relative(demo, path), gzipSync(readFileSync(path)).length]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`web/demo, all pages and scripts, gzip: ${(total / 1024).toFixed(1)} KiB`);
  assert.ok(total <= 90 * 1024, JSON.stringify(sizes));
  assert.ok(
    sizes.some(([name]) => name === "insitu/insitu.js"),
    "our own script is among them",
  );
});

test("the first paint with Insitu is that of the page without", async () => {
  // Two copies side by side; in one our script is an empty file. Nothing stands between page and
  // host that could slow down one of them.
  const root = mkdtempSync(join(tmpdir(), "insitu-paint-"));
  for (const kind of ["with", "without"]) cpSync(demo, join(root, kind), { recursive: true });
  writeFileSync(join(root, "without/insitu/insitu.js"), "");
  const url = await site({ roots: [root] });
  // Fresh loads of each, taken in turns so that a busy machine hits both alike.
  const paints = { with: [], without: [] };
  const load = async (kind) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${url}/${kind}/index.html`);
    const paint = await page.evaluate(
      () =>
        new Promise((done) => {
          new PerformanceObserver((list) => {
            const [entry] = list.getEntriesByName("first-contentful-paint");
            if (entry) done(entry.startTime);
          }).observe({ type: "paint", buffered: true });
        }),
    );
    assert.equal(await page.evaluate(() => "insitu" in window), kind === "with");
    paints[kind].push(paint);
    await context.close();
  };
  await load("with");
  await load("without");
  paints.with.length = paints.without.length = 0;
  const at = (kind, share) =>
    [...paints[kind]].sort((a, b) => a - b)[Math.floor(paints[kind].length * share)];
  const line = (share) => {
    const [own, bare] = [at("with", share), at("without", share)];
    return `with ${own.toFixed(0)} ms, without ${bare.toFixed(0)} ms, ratio ${(own / bare).toFixed(2)}`;
  };
  // Paints come in steps of a frame of 16.7 ms, so nothing smaller is a difference. Work of others on
  // the machine makes single loads slow at random; what Insitu costs would show in the fast ones too.
  const isSlower = (share) =>
    at("with", share) > Math.max(1.15 * at("without", share), at("without", share) + 17);
  const isDelayed = () => isSlower(0.5) && isSlower(0.25);
  // Where the machine stands still again and again, chance takes more loads to even out.
  for (let i = 0; i < 15 || (isDelayed() && i < 60); ++i) {
    const order = i % 2 ? ["with", "without"] : ["without", "with"];
    for (const kind of order) await load(kind);
  }
  console.log(
    `first contentful paint, median of ${paints.with.length}: ${line(0.5)}; a quarter in: ${line(0.25)}`,
  );
  assert.ok(!isDelayed(), JSON.stringify(paints));
});
