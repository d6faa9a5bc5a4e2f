// SPDX-License-Identifier: MIT
// Covers hostile surroundings: APIs of the browser that are missing or throw, one by one and in
// pairs. Capture goes on where it can, nothing ever reaches the page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, sleep, watchPage } from "./helpers/browser.mjs";
import { unbalanced } from "./helpers/journal.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;

// What a page script can do to the page before us. Each leaves the browser able to show the page.
const saboteurs = {
  "no indexedDB": "Object.defineProperty(window, 'indexedDB', { value: undefined })",
  "indexedDB throws when read":
    "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError') } })",
  "indexedDB.open throws":
    "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }",
  "indexedDB.open fails":
    "IDBFactory.prototype.open = () => { const r = new EventTarget(); r.error = new DOMException('no', 'UnknownError'); setTimeout(() => r.onerror?.(new Event('error'))); return r }",
  "transactions throw":
    "IDBDatabase.prototype.transaction = () => { throw new DOMException('no', 'InvalidStateError') }",
  "puts throw":
    "IDBObjectStore.prototype.put = () => { throw new DOMException('no', 'DataError') }",
  "sessionStorage throws":
    "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
  "storage is full":
    "Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError') }",
  "storage lies": 'Storage.prototype.getItem = () => \'{"doc":1,"tasks":[[1]]}\'',
  "localStorage throws":
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
  "no locks": "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })",
  "locks refuse":
    "LockManager.prototype.request = () => Promise.reject(new DOMException('no', 'SecurityError'))",
  "no requestIdleCallback": "delete window.requestIdleCallback",
  "no navigation": "delete window.navigation",
  "no crypto": "Object.defineProperty(window, 'crypto', { value: undefined })",
  "no WebAssembly": "delete window.WebAssembly",
};

before(async () => {
  browser = await launch();
  const body = '<main><button id="buy">Buy</button><div style="height: 2000px"></div></main>';
  site = await startSite((path) => {
    if (path.endsWith("js")) return undefined;
    return path.startsWith("/core") ? html({ body }) : html({ body, attributes: WITHOUT_CORE });
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

async function live(names, path) {
  const context = await browser.newContext();
  for (const name of names) await context.addInitScript(`try { ${saboteurs[name]} } catch {}`);
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(site.origin + path);
  await page.click("#buy");
  await page.evaluate(() => {
    insitu.task("buy").start();
    history.pushState({}, "", `${location.pathname}/next`);
  });
  await page.mouse.wheel(0, 500);
  await page.evaluate(() => {
    insitu.task("buy").success();
    return insitu.flush();
  });
  await sleep(50);
  const status = await page.evaluate(() => insitu.status());
  const report = await page.evaluate(() => insitu.report().catch((error) => String(error)));
  const console = seen.console.filter((line) => !line.includes("404"));
  assert.deepEqual({ errors: seen.errors, console }, { errors: [], console: [] }, names.join());
  assert.equal(unbalanced(status), "", names.join());
  // page view, click, task start, page view, task end; scrolling may still be on its way
  assert.ok(status.events.stored >= 5, `${names.join()}: ${JSON.stringify(status.events)}`);
  assert.deepEqual(status.events.dropped, {}, names.join());
  await context.close();
  return { status, report };
}

const breaksIndexedDb = /indexedDB|transactions|puts/;

for (const name of Object.keys(saboteurs)) {
  test(`with the core: ${name}`, async () => {
    const { status, report } = await live([name], "/core");
    assert.equal(status.storage, breaksIndexedDb.test(name) ? "memory" : "local");
    assert.equal(report.kpis.number_of_clicks.value, 1);
    assert.equal(report.by_task.buy.task_success_rate.value, 1);
  });
}

// All pairs take two minutes; a commit tries every seventh one.
const step = process.env.INSITU_FULL ? 1 : 7;

test("pairs, without the core", async () => {
  const names = Object.keys(saboteurs);
  const pairs = names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other]));
  for (let i = 0; i < pairs.length; i += step) await live(pairs[i], "/page");
});
