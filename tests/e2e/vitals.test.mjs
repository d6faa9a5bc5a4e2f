// SPDX-License-Identifier: MIT
// Covers web vitals: measured in a real page, one record of each for a page view, written when the
// page is left at the latest, for the page view that they belong to.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until, watchPage } from "./helpers/browser.mjs";
import { readEvents, unbalanced } from "./helpers/journal.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;
let context;

before(async () => {
  browser = await launch();
  site = await startSite((path) => {
    if (path.endsWith(".js")) return undefined;
    // What moves the page and what answers late: without them CLS and INP would be 0 or nothing.
    const body = `<main><h1 style="font-size: 60px">A headline that is painted</h1><div id="late"></div>
      <p>moves</p><button>slow</button><script>
        setTimeout(() => { document.querySelector("#late").style.height = "200px"; }, 300);
        document.querySelector("button").onclick = () => {
          const end = performance.now() + 120;
          while (performance.now() < end);
        };
      </script></main>`;
    const page = { html: html({ attributes: "data-keep-log", body }), headers: {} };
    if (path === "/nothing") page.html = html({ attributes: WITHOUT_CORE, body });
    if (path === "/no-wasm") {
      page.headers["content-security-policy"] = "script-src 'self' 'unsafe-inline'";
    }
    return page;
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

async function openPage(path, prepare = () => {}) {
  context = await browser.newContext();
  const page = await context.newPage();
  page.seen = watchPage(page);
  await prepare(page);
  await page.goto(site.origin + path);
  return page;
}
const ready = (page) =>
  until(() => page.evaluate(() => insitu.status().core.state === "ready"), "the core", 20_000);

// A click that is answered after 120 ms, once the page has moved.
async function use(page) {
  await until(
    () => page.evaluate(() => document.querySelector("#late").offsetHeight > 0),
    "the move",
  );
  await clickSlow(page);
}

// Until the browser has told how long the answer took, and the page was idle after that.
async function clickSlow(page) {
  await page.evaluate(() => {
    window.told = !window.PerformanceObserver;
    if (window.told) return;
    new PerformanceObserver((list, observer) => {
      if (!list.getEntries().some(({ name }) => name === "click")) return;
      observer.disconnect();
      requestIdleCallback(
        () => {
          window.told = true;
        },
        { timeout: 2000 },
      );
    }).observe({ type: "event", durationThreshold: 40 });
  });
  await page.click("button");
  await until(() => page.evaluate(() => window.told), "how long the answer took");
  await sleep(100);
}

// All events so far of the browser, from another page of the site.
async function logged(page) {
  await page.goto(`${site.origin}/last`);
  await ready(page);
  await page.evaluate(() => insitu.report());
  const text = await page.evaluate(() => insitu.export("ndjson"));
  assert.equal(unbalanced(await page.evaluate(() => insitu.status())), "");
  assert.deepEqual(page.seen.errors, []);
  return text.trim().split("\n").map(JSON.parse);
}
const vitalsOf = (events, page) =>
  events
    .filter((event) => event.type === "vital" && event.page === page)
    .map(({ name, value, pv }) => ({ name, value, pv }));
const names = (vitals) => vitals.map(({ name }) => name).sort();
const ALL = ["CLS", "FCP", "INP", "LCP", "TTFB"];

test("one record of each, the last of them when the page is left", async () => {
  const page = await openPage("/shop");
  await ready(page);
  await use(page);
  // What is final is there already.
  await page.evaluate(() => insitu.report());
  const vitals = vitalsOf(await logged(page), "/shop");
  assert.deepEqual(names(vitals), ALL);
  const value = Object.fromEntries(vitals.map(({ name, value }) => [name, value]));
  assert.ok(value.TTFB >= 0 && value.TTFB <= value.FCP && value.FCP <= value.LCP, value);
  assert.ok(value.LCP < 20_000, `LCP ${value.LCP}`);
  assert.ok(value.CLS > 0 && value.CLS < 1, `CLS ${value.CLS}`);
  assert.ok(value.INP >= 120 && value.INP < 5000, `INP ${value.INP}`);
  const { kpis } = await page.evaluate(() => insitu.report());
  for (const name of ["LCP", "INP", "CLS", "FCP", "TTFB"]) {
    const kpi = kpis[`${name.toLowerCase()}_p75`];
    assert.ok(kpi.n >= 1 && kpi.value !== null, name);
  }
  assert.equal(kpis.inp_p75.value, value.INP);
  assert.equal(kpis.cls_p75.n, 1, "the last page is not left yet");
  await context.close();
});

test("they belong to the page that was loaded, whatever route is shown then", async () => {
  const page = await openPage("/list");
  await ready(page);
  await page.evaluate(() => history.pushState({}, "", "/detail"));
  await use(page);
  const events = await logged(page);
  assert.deepEqual(
    events.filter(({ type }) => type === "page_view").map(({ page: route }) => route),
    ["/list", "/detail", "/last"],
  );
  const vitals = vitalsOf(events, "/list");
  assert.deepEqual(names(vitals), ALL);
  assert.deepEqual(new Set(vitals.map(({ pv }) => pv)), new Set([0]));
  assert.deepEqual(vitalsOf(events, "/detail"), []);
  await context.close();
});

test("a page from the back/forward cache has vitals of its own", async () => {
  const page = await openPage("/one");
  await ready(page);
  await use(page);
  await page.evaluate(() => {
    window.alive = true;
  });
  await page.goto(`${site.origin}/two`);
  await page.goBack({ waitUntil: "commit" });
  await until(() => page.evaluate(() => window.alive === true), "the cached document");
  await clickSlow(page);
  const views = vitalsOf(await logged(page), "/one");
  const first = Math.min(...views.map(({ pv }) => pv));
  const again = views.filter(({ pv }) => pv !== first);
  assert.deepEqual(names(views.filter(({ pv }) => pv === first)), ALL);
  assert.equal(new Set(again.map(({ pv }) => pv)).size, 1);
  assert.deepEqual(names(again), ALL);
  await context.close();
});

test("a hidden page writes what it has, and what has changed after that once more", async () => {
  const page = await openPage("/shop");
  await ready(page);
  await use(page);
  const hide = (state) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, state);
  await hide("hidden");
  // No flush: it is stored because the page may be gone now.
  await until(
    async () =>
      (await readEvents(page)).some(({ type, name }) => type === "vital" && name === "CLS") ||
      (await page.evaluate(() => insitu.export("ndjson"))).includes('"CLS"'),
    "the layout shifts",
  );
  await hide("visible");
  await hide("hidden"); // nothing new
  const vitals = vitalsOf(await logged(page), "/shop");
  assert.deepEqual(names(vitals), ALL);
  await context.close();
});

test("without the core there is silence", async () => {
  const page = await openPage("/nothing");
  await until(
    () => page.evaluate(() => insitu.status().core.state === "refused"),
    "the core to be refused",
    10_000,
  );
  await use(page);
  await page.evaluate(() => insitu.flush());
  const events = await readEvents(page);
  assert.ok(events.some(({ type }) => type === "click"));
  assert.deepEqual(
    events.filter(({ type }) => type === "vital"),
    [],
  );
  assert.deepEqual(page.seen.errors, []);
  await context.close();
});

test("browsers that cannot measure are silent", async () => {
  const page = await openPage("/shop", (page) =>
    page.addInitScript(() => {
      delete window.PerformanceEventTiming;
      delete window.PerformanceObserver;
    }),
  );
  await ready(page);
  await use(page);
  assert.deepEqual(page.seen.errors, []);
  assert.deepEqual(
    (await page.evaluate(() => insitu.status().warnings)).filter((each) => !each.includes("click")),
    [],
  );
  assert.ok(names(vitalsOf(await logged(page), "/shop")).every((name) => name === "TTFB"));
  await context.close();
});

test("after optOut nothing is measured any more", async () => {
  const page = await openPage("/shop");
  await ready(page);
  const before = await page.evaluate(() => {
    insitu.optOut();
    return insitu.status().events.accepted;
  });
  await use(page);
  assert.equal(await page.evaluate(() => insitu.status().events.accepted), before);
  assert.deepEqual(page.seen.errors, []);
  await context.close();
});
