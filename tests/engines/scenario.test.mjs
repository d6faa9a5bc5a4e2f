// SPDX-License-Identifier: MIT
// One visit to the demo shop in each engine, with real mouse and keyboard: the reports must be the
// same, and the numbers written here.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../e2e/helpers/browser.mjs";
import { engines, withBrowser } from "./drivers.mjs";
import { seenIn, shows, startDemo } from "./site.mjs";

const PATIENCE_MS = 30_000;

let site;
before(async () => {
  site = await startDemo();
});
after(() => site.close());

// Tab one: a task that succeeds, one that is left running, a script error, a form filled by keyboard,
// and the way back to the page before, out of the cache. Tab two: a page and a click.
async function visit(browser) {
  const { page } = browser;
  const at = (path, of = page) => until(shows(of, path), path, PATIENCE_MS);
  await page.go(`${site.origin}/index.html`);
  await page.click('[data-insitu-name="start-find-tent"]');
  await page.click('a[href="product.html?id=brise-2"]');
  await at("/product.html");
  await page.click('[data-insitu-name="add-to-cart"]');
  await page.click('[data-insitu-name="nav-shop"]');
  await at("/index.html");
  await page.click('[data-insitu-name="start-checkout"]');
  await page.click("#break-script");
  await page.press("End");
  await page.click('[data-insitu-name="nav-cart"]');
  await at("/cart.html");
  await page.click('[data-insitu-name="to-checkout"]');
  await at("/checkout.html");
  await page.click("#name");
  await page.press("Tab");
  await page.type("nobody");
  await page.press("Enter");
  const typed = await page.evaluate(() => document.querySelector("#email").value);
  const seen = await seenIn(page);
  // By a link or a form nothing is lost; by the back button WebKit loses the last 200 ms.
  await page.evaluate(() => insitu.flush());
  await page.back();
  const other = await browser.newPage();
  await other.go(`${site.origin}/product.html?id=brise-2`);
  await other.click('[data-insitu-name="add-to-cart"]');
  // What a tab that nobody sees any more stores is a matter of time.
  const read = () => other.evaluate(() => insitu.report());
  const views = async () => (await read()).kpis.page_views.value >= 7;
  await until(views, "seven page views", PATIENCE_MS).catch(() => {});
  const report = await read();
  const log = await other.evaluate(() => insitu.export("ndjson"));
  const status = await other.evaluate(() => insitu.status());
  return { report, log, status, typed, seen, other: await seenIn(other) };
}

for (const engine of engines) {
  describe(engine, () => {
    let seen;
    before(async () => {
      seen = await withBrowser(engine, visit);
    });

    test("page views, clicks, errors and the task are as the hand and the eye count them", () => {
      const { kpis } = seen.report;
      // index product index cart checkout · back to cart · product in tab two
      assert.equal(kpis.page_views.value, 7);
      assert.equal(kpis.sessions.value, 1);
      assert.equal(kpis.visitors.value, 1);
      // start, tent, add · shop, start, bug · cart · checkout · field, Enter · add in tab two
      assert.equal(kpis.number_of_clicks.value, 11);
      assert.deepEqual([kpis.task_success_rate.x, kpis.task_success_rate.n], [1, 2]);
      assert.deepEqual([kpis.js_error_rate.x, kpis.js_error_rate.n], [1, 7]);
      // A page that is left says so after the next one has begun.
      const { clock_back, ...dropped } = seen.report.quality;
      assert.deepEqual(dropped, {});
    });

    test("the log has the events, in both tabs", () => {
      const events = seen.log
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      const counts = {};
      for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
      const { page_view, click, task_start, task_end } = counts;
      assert.deepEqual(
        { page_view, click, task_start, task_end },
        {
          page_view: 7,
          click: 11,
          task_start: 2,
          task_end: 1,
        },
      );
      assert.ok(counts.scroll > 0, "End was pressed");
      const of = (kind) => events.filter((event) => event.type === "error" && event.kind === kind);
      assert.equal(of("js").length, 1);
      assert.equal(of("validation").length, 3);
      const views = events.filter(({ type }) => type === "page_view");
      assert.deepEqual(
        views
          .map(({ page }) => page)
          .filter((page) => /cart|checkout/.test(page))
          .sort(),
        ["/cart", "/cart", "/checkout"],
      );
      // A tab of its own begins nowhere; the restored page follows the one that was left.
      assert.deepEqual(
        views.filter(({ from }) => from === null).map(({ page }) => page),
        ["/", "/product"],
      );
      assert.doesNotMatch(seen.log, /nobody/, "nothing typed is read");
      assert.equal(seen.typed, "nobody");
    });

    test("the page saw nothing of us", () => {
      assert.equal(seen.seen.length, 1, String(seen.seen));
      assert.match(seen.seen[0], /demo's button with a bug/);
      assert.deepEqual(seen.other, []);
      assert.deepEqual([seen.status.core.state, seen.status.core.reason], ["ready", ""]);
      assert.equal(seen.status.storage, "local");
    });
  });
}
