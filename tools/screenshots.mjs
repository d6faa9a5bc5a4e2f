// SPDX-License-Identifier: MIT
// Pictures of the demo, taken of the real thing with a real mouse: build/screenshots/<page>-<width>-
// <light|dark>.png, to be looked at; with --readme also docs/demo.png.
//
//   node tools/screenshots.mjs [--readme] [--only <width>]
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, until } from "../tests/e2e/helpers/browser.mjs";
import { serve } from "./serve.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const folder = "build/screenshots";
export const sizes = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
];

const only = Number(process.argv[process.argv.indexOf("--only") + 1]) || 0;
mkdirSync(folder, { recursive: true });
const site = await serve({ port: 0 });
const browser = await launch();

for (const viewport of sizes) {
  if (only && viewport.width !== only) continue;
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const shot = (name, options) =>
      page.screenshot({
        path: `${folder}/${name}-${viewport.width}-${colorScheme}.png`,
        ...options,
      });
    await visit(page, shot);
    if (process.argv.includes("--readme") && viewport.width === 1280 && colorScheme === "light") {
      await page.goto(`${site.url}/index.html`);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: "docs/demo.png" });
    }
    await context.close();
  }
}
await browser.close();
await site.close();

// What a visitor does in a minute.
async function visit(page, shot) {
  const open = async (path) => {
    await page.goto(`${site.url}/${path}`);
    await until(
      () => page.evaluate(() => insitu.status().core.state === "ready"),
      "the core",
      9000,
    );
    await page.waitForTimeout(1200);
  };
  await open("index.html");
  await shot("1-first");
  await page.locator('[data-insitu-name="start-find-tent"]').click();
  await page.waitForTimeout(1500);
  await shot("2-task");
  await page.locator('a[href="product.html?id=brise-2"]').click();
  await page.waitForTimeout(1500);
  await page.locator('[data-insitu-name="add-to-cart"]').click();
  await page.waitForTimeout(1500);
  await shot("3-product");
  await open("index.html");
  await page.locator("#break-dead").click();
  await page.locator("#break-script").click();
  for (let i = 0; i < 4; ++i) await page.locator("#break-rage").click();
  await page.waitForTimeout(4500);
  await shot("4-break");
  await page.locator("#data").scrollIntoViewIfNeeded();
  await page.evaluate(() => document.querySelector("#data").scrollIntoView());
  await page.waitForTimeout(1500);
  await shot("5-data");
  await page.evaluate(() => document.querySelector("#take").scrollIntoView());
  await shot("6-take");
  await page.evaluate(() => scrollTo(0, 0));
  await shot("7-whole", { fullPage: true });
  const toggle = page.locator("insitu-panel .toggle");
  if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
  await page.locator("insitu-panel").getByText("Definition of Dead clicks").click();
  await page.waitForTimeout(300);
  await shot("8-panel");
  await page.getByRole("button", { name: "Heatmap" }).click();
  await page.waitForTimeout(800);
  await shot("9-heatmap");
  await page.keyboard.press("Escape");
  for (const [name, path] of [
    ["cart", "cart.html"],
    ["checkout", "checkout.html"],
    ["account", "account.html"],
  ]) {
    await open(path);
    await shot(name);
  }
}
