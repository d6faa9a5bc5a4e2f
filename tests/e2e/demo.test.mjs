// SPDX-License-Identifier: MIT
// The demo as a visitor sees it: the live panel, the heatmap over the page, the buttons. Real mouse
// and keyboard; the screenshots in build/screenshots are there to be looked at.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../tools/serve.mjs";
import { launch, until, watchPage } from "./helpers/browser.mjs";

const shots = fileURLToPath(new URL("../../build/screenshots", import.meta.url));
let site;
let browser;

before(async () => {
  mkdirSync(shots, { recursive: true });
  site = await serve({ port: 0 });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(site.url + path);
  return { page, seen, close: () => context.close() };
}
// The text of a panel's row, as it is read.
const row = (page, name) =>
  page
    .locator(`insitu-panel article, insitu-panel li, insitu-panel details`)
    .filter({ hasText: name })
    .first();

test("a stranger reads on the first screen what is measured, and that nothing is sent", async () => {
  const { page, seen, close } = await open("/index.html");
  await until(() => row(page, "Visits").isVisible(), "the panel");
  const heading = page.locator("h1");
  assert.match(await heading.innerText(), /KPIs inside your browser\. Nothing is sent/);
  await until(
    async () => /Sent:\s0\sbytes/.test(await page.locator("insitu-panel .cost").innerText()),
    "0 bytes",
  );
  // All of it on the first screen.
  for (const part of ["h1", "#tasks", "insitu-panel .cost"]) {
    const box = await page.locator(part).boundingBox();
    assert.ok(box && box.y >= 0 && box.y < 800, `${part} is on the first screen`);
  }
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("a click is in the panel within two seconds", async () => {
  const { page, close } = await open("/index.html");
  await until(() => row(page, "Visits").isVisible(), "the panel");
  await page.locator('label.chip:has-text("Packs")').click();
  const clicked = Date.now();
  await until(
    async () => /Clicks[^0-9]*1\b/.test(await row(page, "Clicks").innerText()),
    "one click",
    4000,
  );
  assert.ok(Date.now() - clicked < 2500);
  await close();
});

test("the heatmap lies over the page, lets clicks through and leaves no trace", async () => {
  const { page, seen, close } = await open("/index.html");
  await until(() => row(page, "Visits").isVisible(), "the panel");
  for (const name of ["Packs", "Sleep", "Packs", "Light"]) {
    await page.locator(`label.chip:has-text("${name}")`).click();
  }
  const elements = await page.evaluate(() => document.querySelectorAll("*").length);
  await page.getByRole("button", { name: "Heatmap" }).click();
  const overlay = page.locator("insitu-heatmap");
  const legend = () => overlay.evaluate((host) => host.shadowRoot.textContent);
  await until(async () => /4\sclicks in 1\spage view/.test(await legend()), "the legend");
  // Something is drawn where a chip was clicked: the canvas is not empty there.
  const drawn = () =>
    page.evaluate(() => {
      const canvas = document.querySelector("insitu-heatmap").shadowRoot.querySelector("canvas");
      const box = document.querySelector("#category-Packs").parentElement.getBoundingClientRect();
      const scale = canvas.width / canvas.getBoundingClientRect().width;
      // Read from a copy: reading the page's own canvas again and again makes Chromium warn of it.
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
        willReadFrequently: true,
      });
      copy.drawImage(canvas, 0, 0);
      const pixels = copy.getImageData(
        box.x * scale,
        (box.y - 30) * scale,
        box.width * scale,
        (box.height + 60) * scale,
      );
      return pixels.data.some((value, i) => i % 4 === 3 && value > 0);
    });
  await until(drawn, "the clicks on Packs to be drawn at Packs");
  await page.screenshot({ path: join(shots, "heatmap.png") });
  await page.locator('label.chip:has-text("Kitchen")').click();
  assert.equal(await page.locator("#category-Kitchen").isChecked(), true);
  await page.keyboard.press("Escape");
  await until(async () => (await overlay.count()) === 0, "the overlay to go");
  await page.locator('label.chip:has-text("Packs")').click();
  assert.equal(
    (await page.evaluate(() => document.querySelectorAll("*").length)) <= elements + 40,
    true,
  );
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("forget everything empties panel and store", async () => {
  const { page, close } = await open("/index.html");
  await until(() => row(page, "Visits").isVisible(), "the panel");
  await page.locator('label.chip:has-text("Packs")').click();
  await until(
    async () => /Clicks[^0-9]*1\b/.test(await row(page, "Clicks").innerText()),
    "one click",
    4000,
  );
  await page.getByRole("button", { name: "Forget everything" }).click();
  // Asks once more, in the same place.
  const sure = page.locator("insitu-panel").getByRole("button", { name: /forget|sure|really/i });
  if (await sure.first().isVisible()) await sure.first().click();
  await until(
    async () =>
      (await page.evaluate(async () => (await insitu.report()).kpis.number_of_clicks.value)) === 0,
    "no clicks",
  );
  await close();
});

test("phones and dark mode: nothing wider than the screen", async () => {
  for (const [name, options] of Object.entries({
    phone: { viewport: { width: 390, height: 844 } },
    "phone-dark": { viewport: { width: 360, height: 740 }, colorScheme: "dark" },
    "desktop-dark": { colorScheme: "dark" },
  })) {
    const { page, close } = await open("/index.html", options);
    await until(() => page.evaluate(() => insitu.status().core.state === "ready"), "the core");
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(shots, `${name}.png`) });
    const [wide, screen] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      innerWidth,
    ]);
    assert.ok(wide <= screen, `${name}: ${wide} px on a screen of ${screen} px`);
    await close();
  }
});
