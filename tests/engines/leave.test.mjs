// SPDX-License-Identifier: MIT
// Pages that are left by their own script at any moment, most of them before their database has opened
// or an append is done: every event is stored, and once. With and without the back/forward cache.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sleep, until } from "../e2e/helpers/browser.mjs";
import { engines, open } from "./drivers.mjs";
import { notedHtml, seenIn, startNotedSite } from "./site.mjs";

const PAGES = process.env.INSITU_FULL ? 150 : 30;

let site;
before(async () => {
  // Where no page of the cache can be, what a page has begun may end with it.
  const leave = `<script>onload = () => {
    const [, kind, n] = location.pathname.split("/");
    if (kind === "uncached") addEventListener("unload", () => {});
    if (n > ${PAGES}) return;
    setTimeout(() => {
      insitu.goal(kind + n);
      if (n % 2 && !sessionStorage[kind + n]) {
        sessionStorage[kind + n] = "once more";
        location.reload();
      } else {
        location.href = "/" + kind + "/" + (+n + 1);
      }
    }, Math.random() ** 2 * 250);
  }</script>`;
  site = await startNotedSite(() => notedHtml({ head: leave, attributes: "data-keep-log" }));
});
after(() => site.close());

for (const engine of engines) {
  test(`${engine}: ${PAGES} pages that are left in a hurry`, { timeout: 300_000 }, async (t) => {
    const browser = await open(engine);
    t.after(() => browser.close());
    const { page } = browser;
    const expected = [];
    for (const kind of ["cached", "uncached"]) {
      for (let n = 1; n <= PAGES; n++) {
        for (let i = 0; i <= n % 2; i++) expected.push(kind + n);
      }
      await page.go(`${site.origin}/${kind}/1`);
      const end = `/${kind}/${PAGES + 1}`;
      const isThere = () => page.evaluate(() => location.pathname).catch(() => "");
      await until(async () => (await isThere()) === end, "the last page", 120_000);
    }
    const read = async () => {
      const report = await page.evaluate(() => insitu.report());
      return { report, log: await page.evaluate(() => insitu.export("ndjson")) };
    };
    const goalsIn = (log) => {
      const events = log
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      return events.filter(({ type }) => type === "conversion").map(({ goal }) => goal);
    };
    const isLocal = () => page.evaluate(() => insitu.status().storage === "local").catch(() => 0);
    await until(isLocal, "the journal");
    // The last appends may still be under way.
    await sleep(500);
    const { report, log } = await read();
    const count = (name, goals) => goals.filter((goal) => goal === name).length;
    const found = goalsIn(log);
    const wrong = [...new Set([...expected, ...found])].filter(
      (name) => count(name, found) !== count(name, expected),
    );
    assert.deepEqual(
      wrong.map((name) => `${name}: ${count(name, found)}`),
      [],
    );
    assert.equal(report.kpis.page_views.value, expected.length + 2);
    assert.deepEqual(await seenIn(page), []);
  });
}
