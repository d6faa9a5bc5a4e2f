// SPDX-License-Identifier: MIT
// The whole way through the house: real mouse and keyboard walk the demo shop in Chromium; the
// report in the page must be the numbers written here, and the exported log must give the same
// report on the command line. The page's clock is in the test's hands, so that times are literal
// too: it stands still but for tick().
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../tools/serve.mjs";
import { batchesOfLog } from "../helpers/encode_batch.mjs";
import { defaultCore, WasmCore } from "../helpers/wasm_core.mjs";
import { test } from "./helpers/attempts.mjs";
import { launch, watchPage } from "./helpers/browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shots = join(root, "build/screenshots");
const cli = process.env.INSITU_CLI ?? join(root, "build/native/insitu");
const noon = Date.UTC(2026, 5, 1, 12, 0, 0);
const minute = 60_000;

let site;
let browser;
let context;
let page;
let seen;
let report;
let partial;
let log;

const tick = (ms) => context.clock.runFor(ms);

// A real click, then a second of the page's time.
async function click(selector) {
  await page.locator(selector).first().click();
  await tick(1000);
}
// The same on a link to another document.
async function follow(selector, path) {
  await page.locator(selector).first().click();
  await page.waitForURL((url) => url.pathname.endsWith(path));
  await page.waitForLoadState();
  await tick(1000);
}
// A promise of the page may wait for timers: time goes on until it is settled.
async function settled(promise) {
  let done = false;
  promise.then(
    () => (done = true),
    () => (done = true),
  );
  while (!done) await tick(50);
  return promise;
}

before(async () => {
  mkdirSync(shots, { recursive: true });
  site = await serve({ port: 0 });
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.clock.install({ time: noon });
  page = await context.newPage();
  await context.clock.pauseAt(noon + 10 * minute);
  seen = watchPage(page);

  // First visit. Task one succeeds after 3 s of reading, a click, 4 s of reading, a click.
  await page.goto(`${site.url}/index.html`);
  await tick(2000);
  await click('[data-insitu-name="start-find-tent"]');
  await tick(3000);
  await follow('a[href="product.html?id=brise-2"]', "/product.html");
  await tick(4000);
  await click('[data-insitu-name="add-to-cart"]');
  await page.screenshot({ path: join(shots, "task-done.png") });

  // Task two fails: the visitor claims to be done in the wrong place.
  await follow('[data-insitu-name="nav-shop"]', "/index.html");
  await click('[data-insitu-name="start-order-status"]');
  await follow('[data-insitu-name="nav-account"]', "/account.html");
  await click('[data-insitu-name="account-addresses"]');
  await page.getByRole("button", { name: "Done?" }).click();
  await tick(1000);

  // Task three is given up after three entries were refused. The form is filled by keyboard.
  await follow('[data-insitu-name="nav-shop"]', "/index.html");
  await click('[data-insitu-name="start-checkout"]');
  await follow('[data-insitu-name="nav-cart"]', "/cart.html");
  await follow('[data-insitu-name="to-checkout"]', "/checkout.html");
  await page.locator("#name").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.type("nobody");
  await page.keyboard.press("Enter");
  await tick(2000);
  await page.screenshot({ path: join(shots, "checkout-refused.png") });
  await page.locator(".task-bar").getByRole("button", { name: "I give up" }).click();
  await tick(1000);

  // A script error.
  await follow('[data-insitu-name="nav-shop"]', "/index.html");
  await click("#break-script");
  await page.screenshot({ path: join(shots, "panel.png") });
  const first = page;
  await tick(1000);

  // Second visit, in another tab, three quarters of an hour later: one page and out.
  page = await context.newPage();
  await Promise.all([first.waitForEvent("close"), first.close({ runBeforeUnload: true })]);
  await tick(45 * minute);
  await page.goto(`${site.url}/product.html?id=emil`);
  await tick(5000);
  report = await settled(page.evaluate(() => window.insitu.report()));
  partial = await settled(page.evaluate(() => window.insitu.partial()));
  log = await settled(page.evaluate(() => window.insitu.export("ndjson")));
});

after(async () => {
  await browser?.close();
  await site?.close();
});

const kpi = (id) => report.kpis[id];
// The fields of a KPI that the test states, rounded where a logarithm was in between.
function fields(id, names) {
  return Object.fromEntries(
    names.map((name) => {
      const value = kpi(id)[name];
      return [name, typeof value === "number" ? Number(value.toPrecision(12)) : value];
    }),
  );
}

test("usability: one of three attempts succeeded, one was given up, one failed", () => {
  assert.deepEqual(fields("task_success_rate", ["x", "n"]), { x: 1, n: 3 });
  assert.deepEqual(fields("task_abandonment_rate", ["x", "n"]), { x: 1, n: 3 });
  // Adjusted Wald by hand: n~ = 3 + 3.8415, p~ = (1 + 1.9207)/n~ = 0.4269, half width 0.3706.
  assert.deepEqual(
    kpi("task_success_rate").ci.map((limit) => limit.toFixed(4)),
    ["0.0563", "0.7976"],
  );
});

test("usability: the task that succeeded took nine seconds", () => {
  // From the click on Start (then 1 + 3 s) to the product page (1 + 4 s) and the click there.
  assert.deepEqual(fields("time_on_task", ["value", "n", "mean", "median", "excluded", "ci"]), {
    value: 9,
    n: 1,
    mean: 9,
    median: 9,
    excluded: 0,
    ci: null,
  });
});

test("usability: three refused entries are three errors in one of three attempts", () => {
  assert.deepEqual(fields("error_rate", ["value", "errors", "n"]), { value: 1, errors: 3, n: 3 });
  assert.equal(kpi("error_rate").share_with_error.toFixed(4), "0.3333");
  assert.equal(report.by_task.checkout.error_rate.errors, 3);
  assert.equal(report.by_task["find-tent"].task_success_rate.value, 1);
  assert.equal(report.by_task["order-status"].task_success_rate.value, 0);
  assert.equal(report.by_task["order-status"].task_abandonment_rate.value, 0);
  assert.equal(report.by_task.checkout.task_abandonment_rate.value, 1);
});

test("engagement: two visits, ten page views, one bounce", () => {
  assert.equal(kpi("sessions").value, 2);
  assert.equal(kpi("visitors").value, 1);
  // / product / account addresses / cart checkout / and, in the second visit, product
  assert.equal(kpi("page_views").value, 10);
  assert.deepEqual(fields("bounce_rate", ["value", "x", "n"]), { value: 0.5, x: 1, n: 2 });
  assert.deepEqual(fields("engagement_rate", ["value", "x", "n"]), { value: 0.5, x: 1, n: 2 });
  assert.deepEqual(fields("pages_per_visit", ["value", "n"]), { value: 5, n: 2 });
});

test("engagement: clicks of the shop count, those in panel and task bar do not", () => {
  // start, product, add · shop, start, account, addresses · shop, start, cart, checkout · Enter in a
  // field, which clicks the form's button · shop, bug.
  assert.deepEqual(fields("number_of_clicks", ["value", "per_session", "per_page_view"]), {
    value: 14,
    per_session: 7,
    per_page_view: 1.4,
  });
});

test("conversion and performance: nothing bought, one script error on ten page views", () => {
  assert.deepEqual(fields("conversion_rate", ["value", "x", "n"]), { value: 0, x: 0, n: 1 });
  assert.deepEqual(fields("js_error_rate", ["value", "x", "n"]), { value: 0.1, x: 1, n: 10 });
});

test("quality: nothing was dropped, and the books balance", async () => {
  assert.deepEqual(report.quality, {});
  const { events } = await page.evaluate(() => window.insitu.status());
  const dropped = Object.values(events.dropped).reduce((sum, n) => sum + n, 0);
  assert.equal(events.accepted, events.stored + events.inFlight + dropped);
  assert.equal(dropped, 0);
});

test("the heatmap of the first page has its clicks where they were", async () => {
  const grid = await settled(
    page.evaluate(() => window.insitu.heatmap({ page: "/", kind: "click" })),
  );
  assert.equal(grid.views, 4);
  // start, product · start, account · start, cart · bug; those on "Shop" are other pages' clicks.
  assert.equal(
    grid.cells.reduce((sum, [, , n]) => sum + n, 0),
    7,
  );
});

test("nothing was sent: the page asked for its own files only, by GET", async () => {
  const other = await context.newPage();
  const requests = [];
  other.on("request", (request) =>
    requests.push(`${request.method()} ${new URL(request.url()).origin}`),
  );
  await other.goto(`${site.url}/index.html`);
  await tick(5000);
  assert.deepEqual(new Set(requests), new Set([`GET ${site.url}`]));
  await other.close();
});

test("the page itself threw only what it was told to throw", () => {
  assert.deepEqual(seen.errors, ["Error: The demo's button with a bug"]);
  assert.deepEqual(
    seen.console.filter((line) => !line.includes("The demo's button with a bug")),
    [],
  );
});

test("the exported log gives the same report on the command line", () => {
  const file = join(mkdtempSync(join(tmpdir(), "insitu-walk-")), "log.ndjson");
  writeFileSync(file, log);
  const again = JSON.parse(execFileSync(cli, ["report", file, "--json"], { encoding: "utf8" }));
  // The command has all families, a page those of its core.
  const kpis = Object.keys(report.kpis).map((id) => [id, again.kpis[id]]);
  sameNumbers(report.kpis, Object.fromEntries(kpis), "kpis");
  sameNumbers(report.by_task, again.by_task, "by_task");
  sameNumbers(report.heatmaps, again.heatmaps, "heatmaps");
  assert.deepEqual(again.quality, report.quality);
});

test("the exported log gives the same report in the wasm core", async () => {
  const core = await WasmCore.make({}, defaultCore);
  for (const batch of batchesOfLog(log.trim().split("\n"))) assert.equal(core.ingest(batch), 0);
  const again = core.report();
  for (const part of ["kpis", "by_task", "heatmaps", "quality"]) {
    sameNumbers(report[part], again[part], part);
  }
});

test("the page hands out the partial of the exported log", async () => {
  const core = await WasmCore.make({}, defaultCore);
  for (const batch of batchesOfLog(log.trim().split("\n"))) core.ingest(batch);
  assert.equal(partial, core.partial());
});

// Equal shape, and numbers within 1e-9 (the C libraries' erfc and the like may differ in wasm).
function sameNumbers(a, b, path) {
  if (typeof a === "number" && typeof b === "number") {
    assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)), `${path}: ${a} and ${b}`);
  } else if (a && b && typeof a === "object" && typeof b === "object") {
    assert.deepEqual(Object.keys(a).sort(), Object.keys(b).sort(), path);
    for (const key of Object.keys(a)) sameNumbers(a[key], b[key], `${path}.${key}`);
  } else assert.equal(a, b, path);
}
