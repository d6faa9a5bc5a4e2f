// SPDX-License-Identifier: MIT
// Covers hostile surroundings: APIs of the browser that are missing, throw or never answer, each
// alone with the core and in pairs without it. Capture goes on, nothing ever reaches the page.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { random } from "../helpers/secrets.mjs";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, watchPage } from "./helpers/browser.mjs";
import { unbalanced } from "./helpers/journal.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;

const gone = (name, of = "window") =>
  `Object.defineProperty(${of}, "${name}", { value: undefined })`;
const throwing = (name, error = "SecurityError", of = "window") =>
  `Object.defineProperty(${of}, "${name}", { get() { throw new DOMException("no", "${error}") } })`;

// What a browser, a sandbox, an extension or a page script can have done to the page before us. Each
// leaves the browser able to show the page. `memory`: events cannot be stored.
const saboteurs = {
  "no indexedDB": { code: gone("indexedDB"), memory: true },
  "indexedDB throws when read": { code: throwing("indexedDB"), memory: true },
  "indexedDB.open throws": {
    code: "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }",
    memory: true,
  },
  "indexedDB.open fails": {
    code: "IDBFactory.prototype.open = () => { const r = new EventTarget(); r.error = new DOMException('no', 'UnknownError'); setTimeout(() => r.onerror?.(new Event('error'))); return r }",
    memory: true,
  },
  "indexedDB.open never answers": {
    code: "IDBFactory.prototype.open = () => ({})",
    memory: true,
  },
  "transactions throw": {
    code: "IDBDatabase.prototype.transaction = () => { throw new DOMException('no', 'InvalidStateError') }",
    memory: true,
  },
  "puts throw": {
    code: "IDBObjectStore.prototype.put = () => { throw new DOMException('no', 'DataError') }",
    memory: true,
  },
  "puts say that the disk is full": {
    code: "IDBObjectStore.prototype.put = () => { throw new DOMException('no', 'QuotaExceededError') }",
    memory: true,
  },
  "cursors throw": {
    code: "IDBObjectStore.prototype.openCursor = () => { throw new DOMException('no', 'DataError') }",
  },
  "sessionStorage throws": { code: throwing("sessionStorage") },
  "storage is full": {
    code: "Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError') }",
  },
  "storage lies": { code: 'Storage.prototype.getItem = () => \'{"doc":1,"tasks":[[1]]}\'' },
  "localStorage throws": { code: throwing("localStorage") },
  "no locks": { code: gone("locks", "Navigator.prototype") },
  "locks throw when read": { code: throwing("locks", "SecurityError", "Navigator.prototype") },
  "locks refuse": {
    code: "LockManager.prototype.request = () => Promise.reject(new DOMException('no', 'SecurityError'))",
  },
  "no navigator.storage": { code: gone("storage", "Navigator.prototype") },
  "navigator.storage throws": {
    code: "StorageManager.prototype.estimate = () => { throw new TypeError('no') }",
  },
  "no requestIdleCallback": { code: "delete window.requestIdleCallback" },
  "no navigation": { code: "delete window.navigation" },
  "no crypto": { code: gone("crypto") },
  "no randomUUID": { code: "delete Crypto.prototype.randomUUID" },
  "getRandomValues throws": {
    code: "Crypto.prototype.getRandomValues = () => { throw new DOMException('no', 'QuotaExceededError') }",
  },
  "no flat, no flatMap": { code: "delete Array.prototype.flat; delete Array.prototype.flatMap" },
  "no structuredClone": { code: "delete window.structuredClone" },
  "no queueMicrotask": { code: "delete window.queueMicrotask" },
  "no MutationObserver": { code: "delete window.MutationObserver" },
  "MutationObserver throws": {
    code: "window.MutationObserver = function () { throw new TypeError('no') }",
  },
  "no PerformanceObserver": { code: "delete window.PerformanceObserver" },
  "PerformanceObserver throws": {
    code: "PerformanceObserver.prototype.observe = () => { throw new TypeError('no') }",
  },
  "performance.now stands still": { code: "Performance.prototype.now = () => 0" },
  "performance.now is not a number": { code: "Performance.prototype.now = () => NaN" },
  "no BroadcastChannel": { code: "delete window.BroadcastChannel" },
  "no CompressionStream": { code: "delete window.CompressionStream" },
  "no fetch, no sendBeacon": {
    code: "delete window.fetch; delete Navigator.prototype.sendBeacon",
  },
  "no WebAssembly": { code: "delete window.WebAssembly", asScript: true },
};
// Without these nothing can be captured; Insitu says so in status() and does nothing.
const fatal = {
  "no TextEncoder": "delete window.TextEncoder",
  "no performance": gone("performance"),
  "performance.now throws": "Performance.prototype.now = () => { throw new TypeError('no') }",
  "addEventListener throws":
    "EventTarget.prototype.addEventListener = () => { throw new TypeError('no') }",
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

async function open(codes, path) {
  const context = await browser.newContext();
  for (const code of codes) await context.addInitScript(`try { ${code} } catch {}`);
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(site.origin + path);
  return { context, page, seen };
}
// The page noticed nothing. What is not there to be loaded the browser itself reports.
function assertUnseen(seen, names) {
  const console = seen.console.filter((line) => !line.includes("404"));
  assert.deepEqual({ errors: seen.errors, console }, { errors: [], console: [] }, names);
}

async function live(names, path) {
  const { context, page, seen } = await open(
    names.map((name) => saboteurs[name].code),
    path,
  );
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
  const report = await page.evaluate(() => insitu.report().catch((error) => String(error)));
  const status = await page.evaluate(() => insitu.status());
  assertUnseen(seen, names.join());
  assert.equal(unbalanced(status), "", names.join());
  assert.ok(status.cost.perSignal.click.calls >= 1, names.join());
  // page view, click, task start, page view, task end; scrolling may still be on its way
  assert.ok(status.events.stored >= 5, `${names.join()}: ${JSON.stringify(status.events)}`);
  assert.deepEqual(status.events.dropped, {}, names.join());
  await context.close();
  return { status, report };
}

for (const [name, { memory, asScript }] of Object.entries(saboteurs)) {
  test(`with the core: ${name}`, async () => {
    const { status, report } = await live([name], "/core");
    assert.equal(status.storage, memory ? "memory" : "local");
    assert.equal(report.kpis.number_of_clicks.value, 1);
    assert.equal(report.by_task.buy.task_success_rate.value, 1);
    // Without WebAssembly the core is a script.
    assert.equal(status.core.reason !== "", !!asScript);
  });
}

// A commit tries 30 pairs, always the same; all of them take half an hour.
test("pairs, without the core", async () => {
  const names = Object.keys(saboteurs);
  let pairs = names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other]));
  if (!process.env.INSITU_FULL) {
    const pick = random(9);
    pairs = Array.from({ length: 30 }, () => pairs.splice(pick(pairs.length), 1)[0]);
  }
  for (const pair of pairs) await live(pair, "/page");
});

for (const [name, code] of Object.entries(fatal)) {
  test(`off, and the page is fine: ${name}`, async () => {
    const { context, page, seen } = await open([code], "/core");
    await page.click("#buy");
    const { mode, storageReason, warnings, report } = await page.evaluate(async () => {
      insitu.task("buy").start();
      insitu.goal("signup");
      const { kpis } = await insitu.report().catch(() => ({}));
      await insitu.flush();
      return { ...insitu.status(), report: kpis };
    });
    assertUnseen(seen, name);
    if (mode === "off") {
      assert.match(storageReason, /lacks/);
      assert.deepEqual(report, {});
    } else {
      // It got so far that its signals are off, each with its reason.
      assert.match(warnings.join(), /failed/);
    }
    await context.close();
  });
}
