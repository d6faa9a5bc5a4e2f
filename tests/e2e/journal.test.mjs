// SPDX-License-Identifier: MIT
// Covers the journal in IndexedDB: what is safe when a page goes, and other tabs that erase or
// upgrade the store.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until } from "./helpers/browser.mjs";
import { readEvents, readJournal, unbalanced } from "./helpers/journal.mjs";
import { isLocal, openPage, statusOf } from "./helpers/page.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

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

async function open(path = "/", init) {
  const opened = await openPage(browser, site.origin + path, { init });
  await isLocal(opened.page);
  return opened;
}
const clicksIn = async (page) =>
  (await readEvents(page)).filter(({ type }) => type === "click").length;

test("a click right before a navigation is in the journal, and so is the hiding of the page", async () => {
  const { page, close } = await open();
  for (let round = 0; round < 5; round++) {
    if (round) await page.goto(site.origin);
    await page.click("#buy");
    await page.click("a");
    await page.waitForURL("**/bare");
    // Nothing of ours runs on this page: what is there now was stored by the one that is gone.
    assert.equal(await clicksIn(page), 2 * (round + 1), `round ${round}`);
  }
  const last = (await readEvents(page)).at(-1);
  assert.deepEqual([last.type, last.state], ["visibility", "hidden"]);
  await close();
});

test("a click right before the tab is closed is in the journal", async () => {
  const { page, context, close } = await open();
  const other = await context.newPage();
  await other.goto(`${site.origin}/bare`);
  await page.click("#buy");
  await page.close({ runBeforeUnload: true });
  await until(async () => (await clicksIn(other)) === 1, "the click");
  await close();
});

test("each append is one transaction that reads nothing, at most four a second", async () => {
  const { page, close } = await open();
  await page.evaluate(() => {
    window.began = performance.now();
    window.transactions = [];
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      window.transactions.push([stores.join(), mode, options.durability]);
      return begin.call(this, stores, mode, options);
    };
    window.reads = 0;
    for (const name of ["get", "getAll", "getKey", "openCursor"]) {
      const read = IDBObjectStore.prototype[name];
      IDBObjectStore.prototype[name] = function (...args) {
        window.reads++;
        return read.apply(this, args);
      };
    }
  });
  const end = Date.now() + 2000;
  const count = () => page.evaluate(() => transactions.length);
  while (Date.now() < end || (await count()) < 4) {
    await page.click("#buy");
    assert.ok(Date.now() < end + 15_000, "the appends never came");
  }
  await sleep(300);
  const { transactions, reads, seconds } = await page.evaluate(() => ({
    transactions,
    reads,
    seconds: (performance.now() - began) / 1000,
  }));
  assert.ok(transactions.length <= 4 * seconds + 2, `${transactions.length} in ${seconds} s`);
  assert.equal(reads, 0);
  for (const each of transactions)
    assert.deepEqual(each, ["journal,state", "readwrite", "relaxed"]);
  await close();
});

// Chromium forgets transactions of a page that is gone, committed or not, when they wait for a lock or
// for the quota, which it asks for anew each half minute. Here they always are, and no answer comes.
const FORGETS = `{
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = begin.apply(this, args);
    if (window.forgets) {
      transaction.commit = () => { transaction.abort(); window.forgotten = true; };
      for (const name of ["oncomplete", "onabort"]) {
        Object.defineProperty(transaction, name, { set() {} });
      }
    }
    return transaction;
  };
  addEventListener("pagehide", () => { window.forgets = true; }, true);
}`;

test("an append that the page does not outlive: the next one stores its events, once", async () => {
  for (const inFlight of [false, true]) {
    const { page, seen, close } = await open("/", FORGETS);
    await page.evaluate(() => insitu.flush());
    if (inFlight) await page.evaluate("window.forgets = true");
    await page.click("#buy");
    if (inFlight) await page.waitForFunction("window.forgotten");
    await page.reload();
    await isLocal(page);
    await page.click("#buy");
    await page.evaluate(() => insitu.flush());
    const events = await readEvents(page);
    assert.deepEqual(
      events.map(({ type }) => type).filter((type) => type !== "mutation"),
      ["page_view", "click", "visibility", "page_view", "click"],
    );
    assert.equal(await page.evaluate(() => sessionStorage["insitu.rows"]), undefined);
    assert.equal(unbalanced(await statusOf(page)), "");
    assert.deepEqual(seen.errors, []);
    await close();
  }
});

// Until it comes back from the cache, the page can begin no transaction once it is left.
const FAILS = `{
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    if (window.fails) throw new DOMException("Not now", "InvalidStateError");
    return begin.apply(this, args);
  };
  const first = !sessionStorage.notFirst;
  sessionStorage.notFirst = "1";
  addEventListener("pagehide", () => { window.fails = first; }, true);
  addEventListener("pageshow", ({ persisted }) => { window.fails = false; window.isBack = persisted; }, true);
}`;

test("an append that others have done is not done again by a page that comes back", async () => {
  const { page, seen, close } = await open("/", FAILS);
  await page.evaluate(() => insitu.flush());
  await page.click("#buy");
  await page.goto(`${site.origin}/other`);
  await isLocal(page);
  // Long after it was taken over.
  for (let i = 0; i < 3; i++) {
    await page.click("#buy");
    await page.evaluate(() => insitu.flush());
  }
  await page.goBack({ waitUntil: "commit" });
  await until(() => page.evaluate(() => window.isBack), "the cached document");
  await page.evaluate(() => insitu.flush());
  const batches = (await readJournal(page)).map((batch) => JSON.stringify(batch));
  assert.deepEqual(
    batches.filter((batch, at) => batches.indexOf(batch) !== at),
    [],
  );
  assert.equal(await clicksIn(page), 4);
  assert.equal(unbalanced(await statusOf(page)), "");
  assert.deepEqual(seen.errors, []);
  await close();
});

// From now on the page is told of no transaction that it is done.
const deafen = (page) =>
  page.evaluate(() => {
    Object.defineProperty(IDBTransaction.prototype, "oncomplete", { set() {} });
  });

test("an append that the page did not live to see done is nobody else's", async () => {
  const { page, seen, close } = await open();
  const sumOf = (batches) => batches.reduce((sum, { n }) => sum + n, 0);
  for (let round = 1; round < 4; round++) {
    await deafen(page);
    await page.click("#buy");
    await until(async () => (await clicksIn(page)) === round, "the click");
    const before = await readJournal(page);
    const documents = new Set(before.map(({ head }) => head.document));
    await page.reload();
    await isLocal(page);
    await page.evaluate(() => insitu.flush());
    const after = await readJournal(page);
    assert.equal(await clicksIn(page), round);
    const own = after.filter(({ head }) => !documents.has(head.document));
    // What was told as it was left may have been for the next one to store.
    const last = sumOf(after) - sumOf(own) - sumOf(before);
    const status = await statusOf(page);
    assert.equal(unbalanced(status), "");
    const others = status.events.accepted - sumOf(own);
    assert.ok(others === 0 || others === last, `${others} of others, ${last} were left`);
  }
  assert.deepEqual(seen.errors, []);
  await close();
});

test("an append whose rows another tab has folded meanwhile is not done once more", async () => {
  const { page, context, close } = await open("/core");
  await deafen(page);
  await page.click("#buy");
  await page.goto(`${site.origin}/bare`);
  const other = await context.newPage();
  await other.goto(`${site.origin}/core`);
  await isLocal(other);
  const clicks = (page) =>
    page.evaluate(async () => (await insitu.report()).kpis.number_of_clicks.value);
  assert.equal(await clicks(other), 1);
  assert.ok(await page.evaluate(() => sessionStorage["insitu.rows"].length > 0));
  await page.goto(`${site.origin}/core`);
  await isLocal(page);
  assert.equal(await clicks(page), 1);
  assert.equal(await page.evaluate(() => sessionStorage["insitu.rows"]), undefined);
  assert.equal(unbalanced(await statusOf(page)), "");
  await close();
});

test("what is noted of appends stays small", async () => {
  const { page, close } = await open("/core");
  const keys = (add) =>
    page.evaluate(async (add) => {
      const db = await new Promise((done) => {
        const request = indexedDB.open("insitu");
        request.onsuccess = () => done(request.result);
      });
      const states = db.transaction("state", "readwrite").objectStore("state");
      for (const key of add) states.add(0, [key]);
      const all = states.getAllKeys();
      return new Promise((done) => {
        all.onsuccess = () => {
          db.close();
          done(
            all.result.filter((key) => Array.isArray(key)).map(([key]) => Number.parseFloat(key)),
          );
        };
      });
    }, add);
  for (let i = 0; i < 10; i++) {
    await page.click("#buy");
    await page.evaluate(() => insitu.flush());
  }
  assert.equal((await keys([])).length, 1, "of a document its latest");
  const DAY = 86_400_000;
  const old = Date.now() - 8 * DAY;
  const fresh = Date.now() - 6 * DAY;
  assert.equal((await keys([`${old} 0.5`, `${fresh} 0.5`])).length, 3);
  await page.click("#buy");
  await page.evaluate(() => insitu.report());
  const left = await keys([]);
  assert.equal(left.length, 2, "and nothing of last week");
  assert.equal(left[0], fresh);
  await close();
});

test("memory is bounded: what is too much is dropped and counted", async () => {
  const context = await browser.newContext();
  await context.addInitScript(() =>
    Object.defineProperty(window, "indexedDB", { value: undefined }),
  );
  const page = await context.newPage();
  await page.goto(site.origin);
  await page.evaluate(async () => {
    for (let i = 0; i < 60000; i++) insitu.goal(`goal ${i}`);
    await insitu.flush();
  });
  const after = await statusOf(page);
  assert.equal(unbalanced(after), "");
  assert.equal(after.events.accepted, 60001);
  assert.ok(after.events.dropped.memory_full > 10000, JSON.stringify(after.events));
  assert.ok(after.events.stored > 20000, JSON.stringify(after.events));
  await context.close();
});

test("another tab erases the store: the tab steps aside and goes on in the new one", async () => {
  const { page, context, seen, close } = await open("/core");
  await page.click("#buy");
  assert.equal((await page.evaluate(() => insitu.report())).kpis.number_of_clicks.value, 1);
  const other = await context.newPage();
  await other.goto(`${site.origin}/core`);
  await other.evaluate(() => insitu.forget());
  await page.bringToFront();
  await page.click("#buy");
  await page.click("#buy");
  const { kpis } = await page.evaluate(() => insitu.report());
  assert.equal(kpis.number_of_clicks.value, 2, "the erased click is gone for both");
  const log = await other.evaluate(() => insitu.export("ndjson"));
  assert.equal(log.split("\n").filter((line) => line.includes('"click"')).length, 2);
  assert.equal(unbalanced(await statusOf(page)), "");
  assert.equal((await statusOf(page)).storage, "local");
  assert.deepEqual(seen.errors, []);
  await close();
});

test("a newer version of the store: capture goes on in memory", async () => {
  const { page, context, seen, close } = await open();
  const other = await context.newPage();
  await other.goto(`${site.origin}/bare`);
  const upgraded = await other.evaluate(
    () =>
      new Promise((done) => {
        const request = indexedDB.open("insitu", 2);
        request.onsuccess = () => done(request.result.version);
        request.onblocked = () => done("blocked");
      }),
  );
  assert.equal(upgraded, 2, "our connection did not stand in the way");
  await page.bringToFront();
  await page.click("#buy");
  await until(async () => (await statusOf(page)).storage === "memory", "the fall back");
  const after = await statusOf(page);
  assert.match(after.storageReason, /Version/);
  assert.equal(unbalanced(after), "");
  assert.deepEqual(seen.errors, []);
  await close();
});

test("damaged rows and a damaged state cost themselves, not the rest", async () => {
  const { page, seen, close } = await open("/core");
  await page.click("#buy");
  await page.evaluate(() => insitu.report());
  await page.evaluate(async () => {
    const db = await new Promise((done) => {
      const request = indexedDB.open("insitu");
      request.onsuccess = () => done(request.result);
    });
    const transaction = db.transaction(["journal", "state"], "readwrite");
    const rows = transaction.objectStore("journal");
    for (const b of [new Uint8Array(8), new Uint8Array(40).fill(7), "text", undefined]) {
      rows.put({ d: 1, n: 1, b });
    }
    const states = transaction.objectStore("state");
    states.get(0).onsuccess = ({ target }) => {
      const state = target.result;
      states.put(
        { ...state, generation: state.generation + 1, bytes: state.bytes.map((x) => ~x) },
        0,
      );
    };
    await new Promise((done) => {
      transaction.oncomplete = done;
    });
    db.close();
  });
  await page.click("#buy");
  const { kpis } = await page.evaluate(() => insitu.report());
  assert.equal(kpis.number_of_clicks.value, 1, "the new click, on numbers that start again");
  const { warnings } = await statusOf(page);
  assert.equal(warnings.filter((line) => line.includes("was refused")).length, 4);
  assert.equal(warnings.filter((line) => line.includes("cannot be read")).length, 1);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("a fold that is cut off is done again, once", async () => {
  const { page, seen, close } = await open("/core");
  await page.click("#buy");
  await page.evaluate(() => insitu.report());
  await page.click("#buy");
  const failure = await page.evaluate(async () => {
    await insitu.flush();
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      const request = put.call(this, value, key);
      if (key === 0) this.transaction.abort(); // after the engine has folded the rows
      return request;
    };
    const answer = await insitu.report().catch((error) => String(error));
    IDBObjectStore.prototype.put = put;
    return answer;
  });
  assert.equal(typeof failure, "string");
  const { kpis } = await page.evaluate(() => insitu.report());
  assert.equal(kpis.number_of_clicks.value, 2);
  const again = await page.evaluate(() => insitu.report());
  assert.equal(again.kpis.number_of_clicks.value, 2);
  const log = await page.evaluate(() => insitu.export("ndjson"));
  assert.equal(log.split("\n").filter((line) => line.includes('"click"')).length, 2);
  assert.deepEqual(seen.errors, []);
  await close();
});
