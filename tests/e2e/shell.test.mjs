// SPDX-License-Identifier: MIT
// Covers the shell as a guest: what it leaves on the page and the device, its modes, its API in front
// of the core.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until, watchPage } from "./helpers/browser.mjs";
import { readEvents, readJournal, unbalanced } from "./helpers/journal.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;

const body = `<main><button id="buy" style="width: 100px; height: 50px; border: 0">Buy</button>
  <a href="/two">two</a><div style="height: 2000px"></div></main>`;
// What stands in the window before and after, and whether anything that was there is another one.
const globals = `<script>
  const names = () => Object.getOwnPropertyNames(window);
  const watched = () => [window, document, history, navigator, Storage.prototype, EventTarget.prototype,
    Node.prototype, Element.prototype, XMLHttpRequest.prototype, Promise, Promise.prototype, console, JSON]
    .flatMap((of) => Object.entries(Object.getOwnPropertyDescriptors(of))
      .filter(([name]) => name !== "insitu")
      .flatMap(([name, { value, get, set }]) => typeof value === "object" ? [name] : [name, value, get, set]));
  let before, was;
  window.difference = () => ({
    added: names().filter((name) => !before.includes(name)),
    removed: before.filter((name) => !names().includes(name)),
    changed: watched().filter((each, i) => !Object.is(each, was[i])).map(String),
  });
  before = names();
  was = watched();
</script>`;
const queue = `<script>insitu = window.insitu || function () { (insitu.q = insitu.q || []).push(arguments) };
  insitu("goal", "early"); insitu("task", "buy"); insitu("nonsense"); insitu("page", "/named")</script>`;
const listening = `<script>
  window.listened = [];
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    listened.push({ type, passive: options?.passive, capture: options?.capture });
    return add.call(this, type, listener, options);
  };
</script>`;
const pages = {
  "/": html({ body, attributes: 'data-site="shop" data-keep-log' }),
  "/two": html({ body }),
  "/bare": html({ body, tag: false }),
  "/globals": html({ body, head: globals, attributes: WITHOUT_CORE }),
  "/queue": html({ body, head: queue, attributes: WITHOUT_CORE }),
  "/twice": html({ body, head: '<script defer src="/insitu/insitu.js"></script>' }),
  "/listening": html({ body, head: listening, attributes: WITHOUT_CORE }),
  "/memory": html({ body, attributes: 'data-storage="memory"' }),
  "/consent": html({ body, attributes: 'data-consent="required"' }),
  "/debug": html({ body, attributes: `data-debug ${WITHOUT_CORE}` }),
  "/options": html({
    body,
    attributes: `data-kpi='{"bounce_mode":"ga4"}' data-goals="order signup"`,
  }),
  "/wrong": html({
    body,
    attributes: `data-kpi='{"bounce_mode":"x","nonsense":1}' data-storage="disk"`,
  }),
  "/module": html({
    tag: false,
    body: `${body}<script type="module">import { init } from "/insitu/insitu.mjs";
      window.first = init({ site: "m" }); window.second = init();</script>`,
  }),
};

before(async () => {
  browser = await launch();
  site = await startSite(pages);
});
after(async () => {
  await browser.close();
  await site.close();
});

// A page of its own browser profile, with what it must not see: { page, seen, close }.
async function open(path, init) {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(site.origin + path);
  await page.waitForLoadState();
  return { page, seen, close: () => context.close(), context };
}
const status = (page) => page.evaluate(() => insitu.status());
const report = (page) => page.evaluate(() => insitu.report());
const kpi = async (page, id) => (await report(page)).kpis[id].value;

test("one global is added, nothing is changed", async () => {
  const { page, seen, close } = await open("/globals");
  await page.click("#buy");
  await sleep(500);
  assert.deepEqual(await page.evaluate(() => difference()), {
    added: ["insitu"],
    removed: [],
    changed: [],
  });
  assert.deepEqual(seen.errors, []);
  await close();
});

test("all listeners are passive, none costs the page its cache", async () => {
  const { page, close } = await open("/listening");
  const listened = await page.evaluate(() => window.listened);
  assert.ok(listened.length > 5);
  for (const { type, passive, capture } of listened) {
    assert.ok(passive && capture, type);
    assert.ok(!["unload", "beforeunload", "message", "storage"].includes(type), type);
  }
  await close();
});

test("a report after clicks on two pages has them all", async () => {
  const { page, seen, close } = await open("/");
  for (let i = 0; i < 3; i++) await page.click("#buy", { delay: 20 });
  await page.click("a");
  await page.waitForURL("**/two");
  await page.click("#buy");
  const { kpis, cost, quality } = await report(page);
  assert.equal(kpis.number_of_clicks.value, 5);
  assert.equal(kpis.page_views.value, 2);
  assert.equal(kpis.visitors.value, 1);
  assert.equal(kpis.sessions.value, 1);
  assert.deepEqual(quality, {});
  assert.ok(cost.handlersMs > 0 && cost.events > 0 && cost.bytesStored > 0);
  assert.equal(cost.bytesSent, 0);
  const grid = await page.evaluate(() => insitu.heatmap({ page: "/" }));
  assert.equal(grid.document_width, 800);
  assert.equal(
    grid.cells.reduce((sum, [, , n]) => sum + n, 0),
    4,
  );
  assert.equal(await page.evaluate(() => insitu.heatmap({ page: "/nobody" })), null);
  const after = await status(page);
  assert.equal(unbalanced(after), "");
  assert.equal(after.core.state, "ready");
  assert.deepEqual(await readJournal(page), [], "folded rows are deleted");
  assert.deepEqual(after.warnings, []);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("the log gives back every event, in order, as the KPI specification writes them", async () => {
  const { page, close } = await open("/");
  await page.click("#buy");
  await page.evaluate(() => insitu.goal("signup"));
  const written = await page.evaluate(() => insitu.flush()).then(() => readEvents(page));
  const lines = (await page.evaluate(() => insitu.export("ndjson"))).trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, i) => i),
  );
  assert.equal(new Set(events.map(({ visitor, session }) => visitor + session)).size, 1);
  assert.match(events[0].visitor, /^[a-z2-7]{20}$/);
  assert.deepEqual(
    events.map(({ visitor, session, seq, ...event }) => event),
    written,
  );
  await close();
});

test("two tabs: every click counts once, the visitor too", async () => {
  const { page, context, close } = await open("/");
  const other = await context.newPage();
  await other.goto(site.origin);
  const reports = [];
  for (let i = 0; i < 10; i++) {
    await Promise.all([page.click("#buy"), other.click("#buy")]);
    reports.push(...(await Promise.all([report(page), report(other)])));
  }
  const [one, two] = [await report(page), await report(other)];
  assert.equal(one.kpis.number_of_clicks.value, 20);
  assert.equal(one.kpis.sessions.value, 1);
  assert.equal(one.kpis.visitors.value, 1);
  assert.deepEqual(one.kpis, two.kpis);
  assert.equal(unbalanced(await status(page)), "");
  const folded = (await status(page)).events.folded + (await status(other)).events.folded;
  const stored = (await status(page)).events.stored + (await status(other)).events.stored;
  assert.equal(folded, stored);
  await close();
});

test("without Web Locks two tabs count the same", async () => {
  const hide = () => Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
  const { page, context, close } = await open("/", hide);
  assert.equal(await page.evaluate(() => navigator.locks), undefined);
  const other = await context.newPage();
  await other.goto(site.origin);
  for (let i = 0; i < 5; i++) {
    await Promise.all([page.click("#buy"), other.click("#buy")]);
    await Promise.all([report(page), report(other)]);
  }
  assert.equal(await kpi(page, "number_of_clicks"), 10);
  assert.equal(await kpi(other, "number_of_clicks"), 10);
  await close();
});

test("watchers see changes of this tab and of others, and can stop", async () => {
  const { page, context, close } = await open("/");
  await page.evaluate(() => {
    window.reports = [];
    window.off = insitu.on("report", (each) => reports.push(each.kpis.number_of_clicks.value));
    insitu.on("report", () => {
      throw new Error("a bad listener");
    });
  });
  const last = () => page.evaluate(() => reports.at(-1));
  await until(async () => (await last()) === 0, "the first report");
  await page.click("#buy");
  await until(async () => (await last()) === 1, "the own click");
  const other = await context.newPage();
  await other.goto(site.origin);
  await other.click("#buy");
  await page.bringToFront();
  await until(async () => (await last()) === 2, "the other tab's click");
  const [count, warnings] = await page.evaluate(() => {
    off();
    return [reports.length, insitu.status().warnings];
  });
  assert.match(warnings.join(), /a bad listener/);
  await page.click("#buy");
  await sleep(1500);
  assert.equal(await page.evaluate(() => reports.length), count);
  await close();
});

test("without a watcher rows are folded all the same, when the page is idle", async () => {
  const { page, close } = await open("/");
  await page.click("#buy");
  await until(async () => (await status(page)).events.folded >= 2, "the fold", 12000);
  assert.deepEqual(await readJournal(page), []);
  await close();
});

test("memory mode measures and leaves nothing behind", async () => {
  const { page, context, seen, close } = await open("/memory");
  await page.click("#buy");
  await page.evaluate(() => insitu.task("buy").start());
  assert.equal(await kpi(page, "number_of_clicks"), 1);
  const left = await page.evaluate(async () => ({
    databases: await indexedDB.databases(),
    local: { ...localStorage },
    session: { ...sessionStorage },
    caches: await caches.keys(),
  }));
  assert.deepEqual(left, { databases: [], local: {}, session: {}, caches: [] });
  assert.deepEqual(await context.cookies(), []);
  const { storage, storageReason, events } = await status(page);
  assert.equal(storage, "memory");
  assert.match(storageReason, /page has chosen/);
  assert.equal(events.inFlight, 0);
  await page.goto(`${site.origin}/memory`);
  assert.equal(await kpi(page, "number_of_clicks"), 0, "another document knows nothing");
  assert.deepEqual(seen.errors, []);
  await close();
});

test("consent moves what was measured into local storage, its refusal erases it", async () => {
  const { page, close } = await open("/consent");
  await page.click("#buy");
  assert.equal(await kpi(page, "number_of_clicks"), 1);
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await page.evaluate(() => insitu.consent("granted"));
  await until(async () => (await status(page)).storage === "local", "local storage");
  await page.click("#buy");
  assert.equal(await kpi(page, "number_of_clicks"), 2);
  assert.equal(unbalanced(await status(page)), "");
  await page.goto(`${site.origin}/two`);
  assert.equal(await kpi(page, "number_of_clicks"), 2, "it is there for the next document");
  await page.click("#buy");
  await page.evaluate(() => insitu.consent("denied"));
  await until(
    () => page.evaluate(async () => (await indexedDB.databases()).length === 0),
    "the erasure",
  );
  await page.click("#buy");
  assert.equal(await kpi(page, "number_of_clicks"), 1);
  const after = await status(page);
  assert.equal(after.storage, "memory");
  assert.equal(unbalanced(after), "");
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await close();
});

test("a browser that asks for privacy gets memory mode", async () => {
  for (const name of ["globalPrivacyControl", "doNotTrack"]) {
    const { page, close } = await open(
      "/",
      `Object.defineProperty(Navigator.prototype, "${name}",
      { get: () => ${name === "doNotTrack" ? '"1"' : "true"} })`,
    );
    const { storage, storageReason } = await status(page);
    assert.deepEqual([storage, storageReason], ["memory", "The browser asks for privacy."], name);
    await close();
  }
});

test("forget erases all of it and capture goes on", async () => {
  const { page, close } = await open("/");
  await page.click("#buy");
  await page.evaluate(() => insitu.task("buy").start());
  assert.equal(await kpi(page, "number_of_clicks"), 1);
  await page.evaluate(() => insitu.forget());
  const { kpis } = await report(page);
  assert.deepEqual([kpis.number_of_clicks.value, kpis.page_views.value], [0, 1]);
  assert.deepEqual(await page.evaluate(() => insitu.tasks()), []);
  assert.equal(
    await page.evaluate(() => insitu.export("ndjson").then((log) => /buy/.test(log))),
    false,
  );
  await page.click("#buy");
  assert.equal(await kpi(page, "number_of_clicks"), 1);
  assert.equal((await page.evaluate(() => insitu.heatmap({ page: "/" }))).cells.length, 1);
  assert.equal(unbalanced(await status(page)), "");
  await close();
});

test("opting out ends capture for good", async () => {
  const { page, seen, close } = await open("/");
  await page.click("#buy");
  await page.evaluate(() => insitu.optOut());
  await page.click("#buy");
  await page.evaluate(() => insitu.goal("x"));
  await sleep(300);
  const { mode, events } = await status(page);
  assert.equal(mode, "off");
  assert.equal(events.inFlight, 0);
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  await page.reload();
  await page.click("#buy");
  const off = await status(page);
  assert.deepEqual([off.mode, off.events.accepted], ["off", 0]);
  assert.match(off.storageReason, /insitu\.disabled/);
  const empty = await page.evaluate(() => insitu.report());
  assert.deepEqual(empty.kpis, {});
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  assert.deepEqual(seen.errors, []);
  await close();
});

test("calls from before the script are replayed, and the global stays callable", async () => {
  const { page, seen, close } = await open("/queue");
  await page.evaluate(() => insitu("goal", "late"));
  await page.evaluate(() => insitu.flush());
  const events = await readEvents(page);
  assert.deepEqual(
    events.filter(({ goal }) => goal).map(({ goal, page: route }) => [goal, route]),
    [
      ["early", "/queue"],
      ["late", "/named"],
    ],
  );
  assert.deepEqual(seen.errors, []);
  await close();
});

test("the tag twice, or the tag and the module, are one instance", async () => {
  const { page, close } = await open("/twice");
  await page.click("#buy");
  const same = await page.evaluate(async () => {
    const { init } = await import("/insitu/insitu.mjs");
    return init() === insitu;
  });
  assert.equal(same, true);
  assert.equal(await kpi(page, "number_of_clicks"), 1);
  assert.equal(await kpi(page, "page_views"), 1);
  await close();
});

test("the module: the same instance twice, a report, no global", async () => {
  const { page, seen, close } = await open("/module");
  await page.click("#buy");
  const {
    same,
    clicks,
    global,
    site: name,
  } = await page.evaluate(async () => ({
    same: first === second,
    clicks: (await first.report()).kpis.number_of_clicks.value,
    global: "insitu" in window,
    site: first.status().site,
  }));
  assert.deepEqual([same, clicks, global, name], [true, 1, false, "m"]);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("KPI options reach the core", async () => {
  const { page, close } = await open("/options");
  const { kpis } = await report(page);
  assert.deepEqual(kpis.bounce_rate.definition.options, { bounce_mode: "ga4" });
  assert.deepEqual(kpis.conversion_rate.definition.options, {
    conversion_goals: ["order", "signup"],
  });
  assert.deepEqual((await status(page)).warnings, []);
  // Saved under other options: the numbers cannot go on.
  await page.goto(site.origin);
  await report(page);
  assert.match((await status(page)).warnings.join(), /options have changed/);
  await close();
});

test("wrong options are named, and taken as the more private or the default ones", async () => {
  const { page, seen, close } = await open("/wrong");
  await report(page);
  const { storage, warnings } = await status(page);
  assert.equal(storage, "memory");
  const all = warnings.join("\n");
  assert.match(all, /bounce_mode/);
  assert.match(all, /nonsense/);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("wrong arguments are never an exception, and a warning only with debug", async () => {
  const wrong = async (page) =>
    page.evaluate(() => {
      const hostile = {
        get id() {
          throw new Error("a getter");
        },
      };
      const calls = [
        ["task"],
        ["task", 7],
        ["task", ""],
        ["task", "x", 7],
        ["task", "x", { optimal: "3" }],
        ["page", 7],
        ["goal"],
        ["goal", ""],
        ["goal", {}],
        ["cart"],
        ["cart", "steal"],
        ["order"],
        ["order", {}],
        ["order", { id: "1", value: "9" }],
        ["order", hostile],
        ["error"],
        ["error", "js"],
        ["error", "user", null],
        ["survey"],
        ["survey", "sus"],
        ["survey", "sus", "1,2"],
        ["survey", "sus", new Array(100).fill(1)],
        ["survey", "sus", [1], { scaleMin: "low" }],
        ["segment"],
        ["segment", { a: 7 }],
        ["variant", null],
        ["on", "click", () => {}],
        ["on", "report"],
        ["consent", "maybe"],
      ];
      const silent = [];
      for (const [name, ...args] of calls) {
        const before = insitu.status().warnings.join();
        const result = insitu[name](...args);
        if (name === "task") {
          for (const each of ["start", "success", "partial", "fail", "abandon"]) result[each]();
          for (const each of ["success", "start", "start"]) result[each]();
          result.abandon();
        }
        if (insitu.status().warnings.join() === before)
          silent.push(JSON.stringify([name, ...args]));
      }
      return silent;
    });
  const quiet = await open("/globals");
  assert.deepEqual(await wrong(quiet.page), []);
  assert.deepEqual(
    [quiet.seen.errors, quiet.seen.console],
    [[], quiet.seen.console.filter((line) => /404/.test(line))],
  );
  assert.equal((await status(quiet.page)).warnings.length, 20);
  assert.equal(unbalanced(await status(quiet.page)), "");
  await quiet.close();
  const loud = await open("/debug");
  assert.deepEqual(await wrong(loud.page), []);
  assert.deepEqual(loud.seen.errors, []);
  assert.ok(loud.seen.console.filter((line) => line.startsWith("warning: insitu: ")).length > 25);
  await loud.close();
});

test("on a server there is an Insitu that does nothing", async () => {
  const { init } = await import(`../../dist/insitu.mjs?${Date.now()}`);
  const insitu = init({ site: "x" });
  assert.equal(init(), insitu);
  insitu.task("a").start();
  insitu.goal("b");
  await insitu.flush();
  assert.equal(insitu.status().mode, "off");
  assert.deepEqual((await insitu.report()).kpis, {});
  const { page, close } = await open("/");
  const names = await page.evaluate(() => Object.keys(insitu).sort());
  assert.deepEqual(Object.keys(insitu).sort(), names, "the same surface as in a page");
  await close();
});
