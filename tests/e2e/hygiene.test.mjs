// SPDX-License-Identifier: MIT
// Covers what a guest leaves behind on a page: nothing in its globals but one name, no listener that
// costs it something, no timer that runs on, no memory that grows.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until } from "./helpers/browser.mjs";
import { html, startSite } from "./helpers/site.mjs";

let browser;
let site;

// Takes pictures of the page's world: names, flags and identities of what window, the common
// prototypes and namespaces have.
const globals = `<script>{
  const roots = { window, document, navigator, history, location, console, JSON, Math, Reflect, performance };
  for (const name of ["Object", "Function", "Array", "String", "Number", "Symbol", "Promise", "Map", "Set", "WeakMap",
    "Error", "RegExp", "Date", "Proxy", "Event", "EventTarget", "Node", "Element", "HTMLElement", "Document", "Window",
    "History", "Location", "Navigator", "Navigation", "Storage", "IDBFactory", "IDBDatabase", "IDBObjectStore",
    "XMLHttpRequest", "Response", "Request", "Headers", "WebSocket", "Worker", "MutationObserver",
    "PerformanceObserver", "Performance", "HTMLFormElement", "HTMLInputElement", "HTMLIFrameElement",
    "ShadowRoot", "CustomElementRegistry", "Uint8Array", "ArrayBuffer", "WebAssembly"]) {
    if (!window[name]) continue;
    roots[name] = window[name];
    if (window[name].prototype) roots[name + ".prototype"] = window[name].prototype;
  }
  const picture = () => {
    const all = new Map();
    for (const [root, object] of Object.entries(roots)) {
      for (const key of Reflect.ownKeys(object)) {
        all.set(root + "." + String(key), Object.getOwnPropertyDescriptor(object, key));
      }
    }
    return all;
  };
  // Values that change by themselves.
  const own = /^window\\.(event|name|length|status|closed|screen.*|page.Offset|scroll[XY]|inner.*|outer.*)$|^RegExp\\./;
  const before = picture();
  window.difference = () => {
    const after = picture();
    const found = [];
    for (const [key, now] of after) {
      const was = before.get(key);
      if (!was) found.push("added " + key);
      else if (!own.test(key)) {
        if (!Object.is(was.value, now.value)) found.push("changed " + key);
        if (was.get !== now.get || was.set !== now.set) found.push("accessor " + key);
        if (["writable", "enumerable", "configurable"].some((flag) => was[flag] !== now[flag])) found.push("flags " + key);
      }
    }
    for (const key of before.keys()) if (!after.has(key)) found.push("removed " + key);
    return found.filter((line) => line !== "added window.difference");
  };
}</script>`;

// Writes down, before our script, all that it registers, starts and asks for.
const registry = `<script>
  window.seen = { listeners: [], timers: [], properties: [], evals: [], sends: [], cancelled: 0 };
  {
    const wrap = (object, name, before) => {
      const real = object[name];
      object[name] = function (...args) { before.call(this, ...args); return real.apply(this, args); };
    };
    wrap(EventTarget.prototype, "addEventListener", function (type, listener, options) {
      seen.listeners.push({ type, target: Object.prototype.toString.call(this), capture: !!options?.capture, passive: options?.passive });
    });
    wrap(window, "setInterval", (work, ms) => seen.timers.push({ kind: "interval", ms }));
    wrap(window, "setTimeout", (work, ms = 0) => { seen.timers.push({ kind: "timeout", ms }); if (typeof work === "string") seen.evals.push("timeout"); });
    // The test drives the page with eval, too.
    const made = (what) => /\\/insitu\\/insitu/.test(new Error().stack) && seen.evals.push(what);
    wrap(window, "eval", () => made("eval"));
    window.Function = new Proxy(Function, {
      construct: (real, args) => (made("Function"), Reflect.construct(real, args)),
      apply: (real, self, args) => (made("Function"), Reflect.apply(real, self, args)),
    });
    wrap(XMLHttpRequest.prototype, "open", (method, url, async) => seen.sends.push(["xhr", url, async]));
    wrap(window, "fetch", (url) => seen.sends.push(["fetch", String(url)]));
    wrap(Navigator.prototype, "sendBeacon", (url) => seen.sends.push(["beacon", url]));
    wrap(WebSocket.prototype, "send", () => seen.sends.push(["socket"]));
    for (const name of ["preventDefault", "stopPropagation", "stopImmediatePropagation"]) {
      wrap(Event.prototype, name, () => seen.cancelled++);
    }
    for (const name of ["onunload", "onbeforeunload", "onmessage", "onerror", "onpagehide", "onclick"]) {
      const { set, get } = Object.getOwnPropertyDescriptor(window, name);
      Object.defineProperty(window, name, { get, set(value) { seen.properties.push(name); set.call(this, value); } });
    }
  }
</script>`;

const body = `<main><button id="buy" style="width: 100px; height: 50px">Buy</button>
  <form><input id="field" name="q"></form><div style="height: 2000px"></div></main>`;

before(async () => {
  browser = await launch();
  site = await startSite({
    "/globals": html({ body, head: globals }),
    "/control": html({ body, head: globals, tag: false }),
    "/registry": html({ body, head: registry, attributes: "data-keep-log" }),
    "/soak": html({ body }),
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

const used = (page) =>
  page.evaluate(async () => {
    insitu.task("buy").start();
    history.pushState({}, "", "?two");
    insitu.goal("x");
    await insitu.report();
    await insitu.heatmap();
    await insitu.stored();
    await insitu.partial();
  });

test("one global is added; no name, value, accessor or flag of the page's world is changed", async () => {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/globals`);
  await page.click("#buy");
  await used(page);
  assert.deepEqual(await page.evaluate(() => difference()), ["added window.insitu"]);
  await page.evaluate(() => insitu.optOut());
  assert.deepEqual(await page.evaluate(() => difference()), ["added window.insitu"]);
  await page.close();
});

test("the same picture catches a script that patches", async () => {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/control`);
  assert.deepEqual(await page.evaluate(() => difference()), []);
  await page.evaluate(() => {
    const { fetch } = window;
    window.fetch = (...args) => fetch(...args);
    const { pushState } = History.prototype;
    History.prototype.pushState = function (...args) {
      return pushState.apply(this, args);
    };
    Array.prototype.last = () => {};
    window.leaked = 1;
    Object.defineProperty(console, "log", { enumerable: false });
    delete window.openDatabase;
    delete Element.prototype.animate;
  });
  assert.deepEqual((await page.evaluate(() => difference())).sort(), [
    "added Array.prototype.last",
    "added window.leaked",
    "changed History.prototype.pushState",
    "changed window.fetch",
    "flags console.log",
    "removed Element.prototype.animate",
  ]);
  await page.close();
});

test("nothing that it registers, starts or asks for costs the page", async () => {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/registry`);
  await until(() => page.evaluate(() => insitu.status().storage === "local"), "the journal");
  await page.click("#buy");
  await page.click("#field");
  await page.keyboard.type("hello");
  await page.mouse.wheel(0, 300);
  await used(page);
  await page.evaluate(() => void insitu.on("report", () => {}));
  await sleep(2500);
  const seen = await page.evaluate(() => window.seen);
  const ours = seen.listeners.filter(({ target }) => !/IDB|AbortSignal|Script/.test(target));
  assert.ok(ours.length > 5);
  for (const each of ours) {
    // Those of the library of web vitals, which nobody can cancel.
    if (
      /^((visibility|prerendering)change|pageshow|load|keydown|click)$/.test(each.type) &&
      each.target.includes("Window")
    ) {
      continue;
    }
    assert.ok(each.capture && each.passive, JSON.stringify(each));
    assert.ok(!/^(unload|beforeunload|message|storage)$/.test(each.type), each.type);
  }
  assert.deepEqual(seen.properties, [], "no handler property of window is taken");
  assert.equal(seen.cancelled, 0, "no event is cancelled or stopped");
  assert.deepEqual(seen.evals, []);
  assert.deepEqual(seen.sends, [], "nothing is sent");
  // Short timers are fine once; what runs again and again is slower than ten times a second.
  assert.deepEqual(
    seen.timers.filter(({ kind, ms }) => kind === "interval" && ms < 100),
    [],
  );
  const before = seen.timers.length;
  await sleep(3000);
  const later = await page.evaluate((from) => window.seen.timers.slice(from), before);
  assert.ok(later.length <= 12, `an idle page is woken ${later.length} times in 3 s`);
  await page.close();
});

// A day takes minutes; a commit simulates an hour.
const HOURS = process.env.INSITU_FULL ? 24 : 1;

test(`${HOURS} simulated hours of use: no growth of heap, nodes or listeners`, async () => {
  const grown = async (path, leak) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.install({ time: new Date("2026-01-01T00:00:00Z") });
    await page.goto(site.origin + path);
    const devtools = await context.newCDPSession(page);
    const measure = async () => {
      for (let i = 0; i < 4; i++) await devtools.send("HeapProfiler.collectGarbage");
      const { usedSize } = await devtools.send("Runtime.getHeapUsage");
      const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
      return { heap: usedSize, nodes, listeners: jsEventListeners };
    };
    // Every second something happens: a goal, an element that comes and goes, now and then a route.
    await page.evaluate((leaks) => {
      let n = 0;
      window.kept = [];
      setInterval(() => {
        n++;
        const element = document.createElement("i");
        document.body.append(element);
        element.remove();
        if (leaks) window.kept.push({ element, text: "x".repeat(500) + n });
        insitu.goal(`goal ${n % 50}`);
        if (n % 60 === 0) history.pushState({}, "", `?${n}`);
        scrollTo(0, n % 500);
      }, 1000);
    }, leak);
    const minutes = async (count) => {
      for (let i = 0; i < count; i++) {
        await page.clock.runFor(60_000);
        // IndexedDB answers in real time.
        await page.evaluate(() => insitu.flush());
      }
      await page.evaluate(() => insitu.report());
    };
    await minutes(10);
    const from = await measure();
    await minutes(HOURS * 60);
    const to = await measure();
    const { events } = await page.evaluate(() => insitu.status());
    await context.close();
    return {
      heap: to.heap - from.heap,
      nodes: to.nodes - from.nodes,
      listeners: to.listeners - from.listeners,
      accepted: events.accepted,
    };
  };
  const clean = await grown("/soak", false);
  assert.ok(clean.accepted > HOURS * 3000, `${clean.accepted} events`);
  assert.ok(clean.heap < 1e6, `${clean.heap} bytes`);
  assert.deepEqual([clean.nodes, clean.listeners], [0, 0]);
  const leaking = await grown("/soak", true);
  assert.ok(leaking.heap > 1e6 && leaking.nodes > 1000, `control: ${JSON.stringify(leaking)}`);
});
