// SPDX-License-Identifier: MIT
// Covers the bounds of what is stored, and storage that is full, fails, or is not there in time: what
// gives way, that it is counted, and that the books balance.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { decodeBatch } from "../js/decode_batch.mjs";
import { test } from "./helpers/attempts.mjs";
import { launch, until, watchPage } from "./helpers/browser.mjs";
import { readEvents, readJournal, unbalanced } from "./helpers/journal.mjs";
import { isLocal, openPage, statusOf } from "./helpers/page.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

// Filling 5 MB takes its time: a commit fills a fifth of it, in a browser that has less to give.
const FULL = !!process.env.INSITU_FULL;
const MOST_BYTES = FULL ? 5e6 : 1e6;
const GOALS = FULL ? 18_000 : 4500;
const SMALL = FULL
  ? ""
  : "StorageManager.prototype.estimate = async () => ({ quota: 100e6, usage: 0 })";

let browser;
let site;

before(async () => {
  browser = await launch();
  const body = '<main><button id="buy">Buy</button><a href="/bare">away</a></main>';
  site = await startSite((path) => {
    if (path.endsWith("js")) return undefined;
    if (path === "/bare") return html({ body, tag: false });
    return html({ body, attributes: path === "/core" ? "data-keep-log" : WITHOUT_CORE });
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

const open = (path, init) => openPage(browser, site.origin + path, { init });
const storing = (page, count, from = 0) =>
  page.evaluate(
    async ([count, from]) => {
      for (let i = from; i < from + count; i++) {
        insitu.goal(`goal ${i} ${"x".repeat(200)}`);
        if (i % 100 === 99) await insitu.flush();
      }
      await insitu.flush();
    },
    [count, from],
  );
// Bytes of the journal and of the log, events and newest batch of the journal.
const sizes = (page) =>
  page.evaluate(async () => {
    const db = await new Promise((done) => {
      const request = indexedDB.open("insitu");
      request.onsuccess = () => done(request.result);
    });
    const all = (store) =>
      new Promise((done) => {
        const request = db.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => done(request.result);
      });
    const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
    const rows = await all("journal");
    const log = sum((await all("log")).map(({ length }) => length));
    db.close();
    return {
      journal: sum(rows.map(({ b }) => b.length)),
      n: sum(rows.map(({ n }) => n)),
      last: [...(rows.at(-1)?.b ?? [])],
      log,
    };
  });
const clicksIn = (events) => events.filter(({ type }) => type === "click").length;

test("the journal stays within its bound: the oldest events give way and are counted", async () => {
  const { page, seen, close } = await open("/", SMALL);
  await isLocal(page);
  await storing(page, GOALS);
  // Rows are never folded here; folding is tried all the same.
  await page.evaluate(() => insitu.report().catch(() => {}));
  await until(
    async () => (await statusOf(page)).events.dropped.journal_full,
    "the trimming",
    30_000,
  );
  const { events } = await statusOf(page);
  assert.equal(unbalanced({ events }), "");
  assert.equal(events.accepted, GOALS + 1);
  const { journal, n, last } = await sizes(page);
  assert.ok(journal < MOST_BYTES && journal > MOST_BYTES / 2, `${journal} bytes`);
  assert.equal(n, events.stored);
  const [goal] = decodeBatch(Uint8Array.from(last)).events.slice(-1);
  assert.match(goal.goal, new RegExp(`^goal ${GOALS - 1} `), "the newest are there");
  assert.deepEqual(seen.errors, []);
  // The next document counts what it drops of earlier ones, and balances too.
  await page.goto(site.origin);
  await isLocal(page);
  await storing(page, GOALS / 4);
  await page.evaluate(() => insitu.report().catch(() => {}));
  await until(
    async () => (await statusOf(page)).events.dropped.journal_full,
    "the trimming",
    30_000,
  );
  assert.equal(unbalanced(await statusOf(page)), "");
  assert.ok((await sizes(page)).journal < MOST_BYTES);
  await close();
});

test("the log gives way before anything else, and the sums do not", async () => {
  const { page, seen, close } = await open("/core", SMALL);
  await isLocal(page);
  for (let i = 0; i < 4; i++) {
    await storing(page, GOALS / 4, (i * GOALS) / 4);
    await page.evaluate(() => insitu.report());
  }
  await until(async () => (await statusOf(page)).bytes.logDropped > 0, "the trimming", 30_000);
  const { events } = await statusOf(page);
  assert.equal(unbalanced({ events }), "");
  assert.deepEqual(events.dropped, {}, "no event is lost for the sums");
  const { log } = await sizes(page);
  assert.ok(log < 1.3 * MOST_BYTES && log > MOST_BYTES / 2, `${log} bytes`);
  const lines = (await page.evaluate(() => insitu.export("ndjson"))).trimEnd().split("\n");
  assert.match(
    lines.findLast((line) => line.includes("goal ")),
    new RegExp(`"goal ${GOALS - 1} `),
  );
  const { kpis } = await page.evaluate(() => insitu.report());
  assert.equal(kpis.page_views.value, 1, "the page view is gone from the log, not from the sums");
  assert.equal(
    lines.some((line) => line.includes('"page_view"')),
    false,
  );
  assert.deepEqual(seen.errors, []);
  await close();
});

test("a log and events that wait, together too much: the log gives way, no event does", async () => {
  const { page, close } = await open("/core", SMALL);
  await isLocal(page);
  await storing(page, GOALS * 0.6);
  await page.evaluate(() => insitu.report());
  // Nothing is folded on this page.
  await page.goto(site.origin);
  await isLocal(page);
  await storing(page, GOALS * 0.4);
  await page.evaluate(() => insitu.report().catch(() => {}));
  await until(async () => (await statusOf(page)).bytes.logDropped > 0, "the trimming", 30_000);
  const { events } = await statusOf(page);
  assert.deepEqual(events.dropped, {});
  assert.equal(unbalanced({ events }), "");
  const { n, journal, log } = await sizes(page);
  assert.ok(n >= events.stored);
  assert.ok(journal + log < MOST_BYTES, `${journal} + ${log} bytes`);
  await close();
});

test("the log in memory is bounded with the events", async () => {
  const { page, close } = await open(
    "/core",
    "Object.defineProperty(window, 'indexedDB', { value: undefined })",
  );
  for (let i = 0; i < 3; i++) {
    await storing(page, 3000, 3000 * i);
    await page.evaluate(() => insitu.report());
  }
  const { events, bytes } = await statusOf(page);
  assert.ok(bytes.logDropped > 0);
  assert.deepEqual(events.dropped, {});
  const { log, waiting } = (await page.evaluate(() => insitu.stored())).bytes;
  assert.ok(log + waiting < 3e6, `${log} ${waiting}`);
  await close();
});

// Fills what the site may store with rows of the page itself.
const fill = (page) =>
  page.evaluate(async () => {
    const db = await new Promise((done) => {
      const request = indexedDB.open("of the page");
      request.onupgradeneeded = () =>
        request.result.createObjectStore("s", { autoIncrement: true });
      request.onsuccess = () => done(request.result);
    });
    // Large ones until they do not fit any more, then ever smaller ones.
    for (let size = 65536; size > 64; ) {
      const full = await new Promise((done) => {
        const transaction = db.transaction("s", "readwrite");
        transaction.objectStore("s").add(crypto.getRandomValues(new Uint8Array(size)));
        transaction.oncomplete = () => done(false);
        transaction.onabort = () => done(transaction.error.name);
      });
      if (full) size /= 2;
    }
    db.close();
  });

test("the disk is full in mid-session: old events make room for new ones, all is counted", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(`${site.origin}/bare`);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: site.origin, quotaSize: 2e6 });
  await page.goto(site.origin);
  await isLocal(page);
  await page.click("#buy");
  await storing(page, 1500);
  // Browsers look at how much room is left now and then only.
  for (let i = 0; !(await statusOf(page)).events.dropped.journal_full; i++) {
    assert.ok(i < 20, "the disk is not full");
    await fill(page);
    await storing(page, 300);
  }
  await page.click("#buy");
  await page.evaluate(() => insitu.flush());
  const after = await statusOf(page);
  assert.equal(unbalanced(after), "");
  assert.equal(after.events.inFlight, 0);
  assert.deepEqual(Object.keys(after.events.dropped), ["journal_full"]);
  if (after.storage === "local") {
    const { n, last } = await sizes(page);
    assert.equal(n, after.events.stored);
    const { events } = decodeBatch(Uint8Array.from(last));
    assert.ok(
      events.some(({ type }) => type === "click"),
      "the newest",
    );
  }
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(
    seen.console.filter((line) => !line.includes("404")),
    [],
  );
  await context.close();
});

test("an upgrade that another page blocks: memory after three seconds, nothing is lost", async () => {
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${site.origin}/bare`);
  await other.evaluate(
    () =>
      new Promise((done) => {
        // An older store, held open by somebody who does not step aside.
        const request = indexedDB.open("insitu", 1);
        request.onsuccess = () => {
          window.held = request.result;
          done();
        };
      }),
  );
  // Opening with a higher version is what a newer Insitu would do.
  await context.addInitScript(() => {
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (name) {
      return open.call(this, name, 99);
    };
  });
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(site.origin);
  await page.click("#buy");
  await until(async () => (await statusOf(page)).storage === "memory", "the fall back", 10_000);
  await page.evaluate(() => insitu.flush());
  const { events, storageReason } = await statusOf(page);
  assert.match(storageReason, /in time/);
  assert.equal(unbalanced({ events }), "");
  assert.deepEqual([events.dropped, events.inFlight], [{}, 0]);
  assert.deepEqual(seen.errors, []);
  await context.close();
});

// Opening takes as long as the page says.
const SLOW = `const open = IDBFactory.prototype.open;
  if (location.pathname !== "/bare") IDBFactory.prototype.open = function (...args) {
    if (args[0] !== "insitu" || window.quick) return open.apply(this, args);
    const late = {};
    window.answer = () => {
      window.quick = true;
      const request = open.apply(this, args);
      for (const name of ["onupgradeneeded", "onsuccess", "onerror"]) {
        request[name] = (event) => { late.result = request.result; late[name]?.(event); };
      }
    };
    return late;
  };`;

test("a page that is left before its journal has opened: the next one stores its events", async () => {
  const { page, seen, close } = await open("/", SLOW);
  await page.click("#buy");
  assert.equal((await statusOf(page)).storage, "opening");
  await page.goto(`${site.origin}/bare`);
  assert.deepEqual(await readJournal(page), []);
  assert.ok(await page.evaluate(() => sessionStorage["insitu.rows"].length > 0));
  await page.goto(site.origin);
  await page.click("#buy");
  await page.evaluate(() => answer());
  await isLocal(page);
  await page.evaluate(() => insitu.flush());
  const events = await readEvents(page);
  assert.equal(clicksIn(events), 2);
  assert.deepEqual(
    events.map(({ type }) => type).filter((type) => type !== "mutation"),
    ["page_view", "click", "visibility", "page_view", "click"],
  );
  const second = events.filter(({ type }) => type === "page_view")[1];
  assert.equal(second.from, -1, "and it is known which page view came before");
  assert.equal(await page.evaluate(() => sessionStorage["insitu.rows"]), undefined);
  const after = await statusOf(page);
  assert.equal(unbalanced(after), "");
  assert.equal(after.events.accepted, events.length, "with those that it has taken over");
  assert.deepEqual(seen.errors, []);
  await close();
});

test("left before the journal has opened and come back to: every event is stored once", async () => {
  const { page, close } = await open("/", SLOW);
  await page.click("#buy");
  await page.goto(`${site.origin}/bare`);
  await page.goBack({ waitUntil: "commit" });
  await page.waitForFunction(() => window.insitu?.status);
  await page.evaluate(() => window.answer());
  await isLocal(page);
  await page.click("#buy");
  await page.evaluate(() => insitu.flush());
  assert.equal(clicksIn(await readEvents(page)), 2);
  assert.equal(unbalanced(await statusOf(page)), "");
  await close();
});

test("nothing is handed over in memory mode, and what is damaged or refused harms nobody", async () => {
  const refused =
    "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') };";
  const row = { d: 5, n: 1, b: { 0: 73, 1: 78, 2: 83, 3: 73 } };
  const lies = [
    ...["{", "7", "[[1,2]]", '[[1,-5,"x"]]', '[["a",[7,{}]]]', '[["a",[{"b":null}]]]', "null"],
    ...[
      ["key", [row]],
      ["key", [{ ...row, n: -5 }]],
      [7, [row]],
      [{}, [row]],
    ].map((append) => JSON.stringify([append])),
  ];
  for (const lie of lies) {
    for (const init of ["", refused]) {
      const code = `sessionStorage["insitu.rows"] = ${JSON.stringify(lie)}; ${init}`;
      const { page, seen, close } = await open("/core", code);
      await page.click("#buy");
      const { kpis } = await page.evaluate(() => insitu.report());
      assert.equal(kpis.number_of_clicks.value, 1, lie);
      assert.equal(unbalanced(await statusOf(page)), "", lie);
      assert.equal(await page.evaluate(() => sessionStorage["insitu.rows"]), undefined, lie);
      assert.deepEqual([seen.errors, seen.console], [[], []], lie);
      await close();
    }
  }
});
