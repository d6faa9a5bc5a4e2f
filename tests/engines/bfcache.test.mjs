// SPDX-License-Identifier: MIT
// A page that carries the script stays in the back/forward cache of each engine: with the script idle,
// with events on their way to the journal, and where storage and core fail.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sleep, until } from "../e2e/helpers/browser.mjs";
import { WITHOUT_CORE } from "../e2e/helpers/site.mjs";
import { engines, open } from "./drivers.mjs";
import { notedHtml, startNotedSite } from "./site.mjs";

// The page tells the server itself: Firefox's driver loses a page that comes out of the cache.
const shown = (name, more = "") => `<script>${more}
  addEventListener("pageshow", (event) => fetch("/note/${name}-" + (event.persisted ? "kept" : "new"), { method: "POST" }));
</script>`;
const body = '<main><button id="buy">Buy</button></main>';
const noStorage = `Object.defineProperty(window, "indexedDB", { value: undefined });`;
const pages = {
  "/idle": notedHtml({ body, head: shown("idle") }),
  "/busy": notedHtml({ body, head: shown("busy") }),
  "/failing": notedHtml({ body, head: shown("failing", noStorage), attributes: WITHOUT_CORE }),
  // Proves that the test can tell.
  "/lost": notedHtml({ body, head: shown("lost", 'addEventListener("unload", () => {});') }),
  "/home": notedHtml({ body, head: shown("home"), attributes: "data-keep-log" }),
  // What it has to tell as it is left, nothing but the page before it can store in WebKit.
  "/last": notedHtml({
    head: `<script>addEventListener("pagehide", () => insitu.goal("last"), true)</script>`,
    attributes: "data-keep-log",
  }),
  "/next": notedHtml({ body, tag: false }),
};

let site;
before(async () => {
  site = await startNotedSite((path) => pages[path]);
});
after(() => site.close());

for (const engine of engines) {
  test(`${engine}: the page comes back from the cache`, async (t) => {
    const browser = await open(engine);
    t.after(() => browser.close());
    for (const name of ["idle", "busy", "failing", "lost"]) {
      const page = engine === "firefox" ? await browser.newPage() : browser.page;
      await page.go(`${site.origin}/${name}`);
      if (name === "lost") await sleep(500);
      else {
        const settled = () =>
          page.evaluate(() => {
            const { storage, core, events } = insitu.status();
            return storage !== "opening" && /ready|refused/.test(core.state) && !events.inFlight;
          });
        await until(settled, `${name} to be idle`, 30_000);
      }
      if (name !== "idle") {
        await page.click("#buy");
        await page.evaluate(() => insitu.goal("late"));
      }
      await page.go(`${site.origin}/next`);
      await sleep(300);
      // WebKit keeps such a page too; there it is asked for anew.
      if (name === "lost" && engine === "webkit") await page.go(`${site.origin}/lost`);
      else await page.back();
      const answer = () => site.notes.filter((note) => note.startsWith(`${name}-`))[1];
      const kept = await until(answer, `${name} to be shown again`, 20_000);
      assert.equal(kept, `${name}-${name === "lost" ? "new" : "kept"}`);
    }
  });
}

for (const engine of engines) {
  test(`${engine}: what a page tells as it is left is stored once by the page that comes back`, async (t) => {
    const browser = await open(engine);
    t.after(() => browser.close());
    const { page } = browser;
    const isReady = () =>
      page
        .evaluate(() => {
          const { storage, core, events } = insitu.status();
          return storage === "local" && core.state === "ready" && !events.inFlight;
        })
        .catch(() => false);
    await page.go(`${site.origin}/home`);
    await until(isReady, "the page", 30_000);
    await page.go(`${site.origin}/last`);
    await until(isReady, "the next page", 30_000);
    await page.back();
    const isBack = () => site.notes.includes("home-kept");
    await until(isBack, "the page to come back", 20_000);
    site.notes.length = 0;
    // Firefox's driver has lost that page; its transactions live longer than pages do.
    const reader = engine === "firefox" ? await browser.newPage() : page;
    if (reader !== page) await reader.go(`${site.origin}/home`);
    const goals = async () => {
      const log = await reader.evaluate(() => insitu.export("ndjson"));
      return log.split('"goal":"last"').length - 1;
    };
    await until(async () => (await goals()) > 0, "the goal", 20_000);
    await sleep(1000);
    assert.equal(await goals(), 1);
    const { events } = await reader.evaluate(() => insitu.status());
    assert.equal(events.accepted, events.stored + events.inFlight);
  });
}
