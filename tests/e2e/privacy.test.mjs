// SPDX-License-Identifier: MIT
// Covers what stays on the device in each mode, how consent and signals of privacy change it, and
// that a visitor can see all of it.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { test } from "./helpers/attempts.mjs";
import { launch, until } from "./helpers/browser.mjs";
import { dumpDevice } from "./helpers/dump.mjs";
import { readEvents, unbalanced } from "./helpers/journal.mjs";
import { isLocal, openPage, statusOf } from "./helpers/page.mjs";
import { html, startSite } from "./helpers/site.mjs";

let browser;
let site;

const body = `<main><button id="buy">Buy</button><a href="/">home</a></main>`;
const pages = {
  "/": html({ body, attributes: "data-keep-log" }),
  "/bare": html({ body, tag: false }),
  "/memory": html({ body, attributes: 'data-storage="memory" data-keep-log' }),
  "/consent": html({ body, attributes: 'data-consent="required"' }),
  "/granted": html({ body, attributes: 'data-consent="granted"' }),
};

before(async () => {
  browser = await launch();
  site = await startSite(pages);
});
after(async () => {
  await browser.close();
  await site.close();
});

const GPC = `Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true })`;

const open = (path, init) => openPage(browser, site.origin + path, { init });
const clicks = async (page) =>
  (await page.evaluate(() => insitu.report())).kpis.number_of_clicks.value;
// What is on the device is nothing at all.
async function assertEmpty(page, context) {
  const { text, places } = await dumpDevice(page);
  assert.equal(text.trim(), "", JSON.stringify(places));
  assert.deepEqual(await context.cookies(), []);
}
// A whole small session with everything that could be written down.
async function session(page) {
  await page.click("#buy");
  await page.evaluate(async () => {
    insitu.task("buy").start();
    insitu.goal("signup");
    history.pushState({}, "", location.pathname);
    await insitu.report();
    insitu.task("buy").success();
    await insitu.flush();
  });
}

for (const [name, path, init] of [
  ["memory mode", "/memory"],
  ["required consent that was not given", "/consent"],
  ["Global Privacy Control", "/", GPC],
]) {
  test(`${name}: nothing at all is on the device, during the session and after it`, async () => {
    const { context, page, seen, close } = await open(path, init);
    await session(page);
    assert.equal(await clicks(page), 1);
    await assertEmpty(page, context);
    await page.goto(`${site.origin}/bare`);
    await assertEmpty(page, context);
    assert.deepEqual(seen.errors, []);
    await close();
  });
}

test("local storage: what is there is one database and one entry of the tab, nothing else", async () => {
  const { context, page, close } = await open("/");
  await isLocal(page);
  await session(page);
  const { places } = await dumpDevice(page);
  for (const name of ["localStorage", "cookies", "caches"]) assert.equal(places[name], 0, name);
  assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), ["insitu"]);
  const names = await page.evaluate(async () =>
    (await indexedDB.databases()).map((each) => each.name),
  );
  assert.deepEqual(names, ["insitu"]);
  assert.deepEqual(await context.cookies(), []);
  await close();
});

test("from local to memory: the erasing has begun before the next task, and leaves nothing", async () => {
  for (const call of ['consent("denied")', "optOut()"]) {
    const { context, page, close } = await open("/");
    await isLocal(page);
    await session(page);
    const begun = await page.evaluate(async (code) => {
      let requested = false;
      const erase = IDBFactory.prototype.deleteDatabase;
      IDBFactory.prototype.deleteDatabase = function (name) {
        requested = true;
        return erase.call(this, name);
      };
      new Function(`insitu.${code}`)();
      const kept = { ...sessionStorage };
      await new Promise((done) => setTimeout(done));
      IDBFactory.prototype.deleteDatabase = erase;
      return { requested, kept };
    }, call);
    assert.deepEqual(begun, { requested: true, kept: {} }, call);
    await page.evaluate(() => insitu.forget());
    await page.evaluate(() => localStorage.removeItem("insitu.disabled"));
    await assertEmpty(page, context);
    assert.equal(unbalanced(await statusOf(page)), "", call);
    await close();
  }
});

test("a page in memory mode, or a browser that asks for privacy, erases what was stored before", async () => {
  for (const [path, init] of [
    ["/memory", ""],
    ["/", GPC],
  ]) {
    const { context, page, close } = await open("/");
    await isLocal(page);
    await session(page);
    if (init) await context.addInitScript(init);
    await page.goto(site.origin + path);
    await until(
      () => page.evaluate(async () => (await indexedDB.databases()).length === 0),
      "the erasure",
    );
    await page.click("#buy");
    assert.equal(await clicks(page), 1, "nothing of before counts");
    await assertEmpty(page, context);
    await close();
  }
});

test("required consent: what was stored with it waits for the answer of each page", async () => {
  const { page, context, close } = await open("/consent");
  await page.click("#buy");
  await page.evaluate(() => insitu.consent("granted"));
  await isLocal(page);
  await page.click("#buy");
  assert.equal(await clicks(page), 2, "also what was gathered before the answer");
  await page.goto(`${site.origin}/consent`);
  await page.click("#buy");
  assert.equal((await statusOf(page)).storage, "memory");
  await page.evaluate(() => insitu.consent("granted"));
  await isLocal(page);
  assert.equal(await clicks(page), 3);
  await page.goto(`${site.origin}/consent`);
  await page.evaluate(() => insitu.consent("denied"));
  await until(
    () => page.evaluate(async () => (await indexedDB.databases()).length === 0),
    "the erasure",
  );
  await assertEmpty(page, context);
  await close();
});

test("who has agreed is believed over Global Privacy Control", async () => {
  const { page, close } = await open("/granted", GPC);
  await isLocal(page);
  await close();
  const later = await open("/", GPC);
  assert.equal((await statusOf(later.page)).storage, "memory");
  await later.page.evaluate(() => insitu.consent("granted"));
  await isLocal(later.page);
  await later.close();
});

test("stored() shows what waits, the log, the sums and the key, and changes nothing", async () => {
  const { page, seen, close } = await open("/");
  await isLocal(page);
  await page.click("#buy");
  // A time that the browser tells just then may come in between, once or twice.
  let waiting;
  let first;
  await until(async () => {
    await page.evaluate(() => insitu.flush());
    waiting = await readEvents(page);
    first = await page.evaluate(() => insitu.stored());
    return isDeepStrictEqual(await readEvents(page), waiting);
  }, "events that still wait");
  assert.equal(first.storage, "local");
  assert.deepEqual(first.waiting, waiting, "the events as an independent reader sees them");
  assert.deepEqual([first.visitor, first.sums, first.log], [null, null, []]);
  assert.ok(first.bytes.waiting > 0);

  const partial = await page.evaluate(() => insitu.partial());
  await page.click("#buy");
  const second = await page.evaluate(() => insitu.stored());
  assert.match(second.visitor.key, /^[a-z2-7]{20}$/);
  assert.ok(Math.abs(Date.parse(second.visitor.created) - Date.now()) < 60_000);
  assert.deepEqual(second.sums, JSON.parse(partial));
  assert.equal(second.log.length, waiting.length);
  assert.equal(second.waiting.filter(({ type }) => type === "click").length, 1);
  assert.ok(second.bytes.log > 0 && second.bytes.sums > 0);
  assert.equal(await clicks(page), 2);

  await page.evaluate(() => insitu.forget());
  const third = await page.evaluate(() => insitu.stored());
  assert.deepEqual([third.visitor, third.sums, third.log], [null, null, []]);
  assert.deepEqual(
    third.waiting.map(({ type }) => type),
    ["page_view"],
  );
  assert.deepEqual([seen.errors, (await statusOf(page)).warnings], [[], []]);
  await close();
});

test("stored() of a store that another tab has gone on with leaves the numbers as they are", async () => {
  const { context, page, close } = await open("/");
  await isLocal(page);
  await page.click("#buy");
  assert.equal(await clicks(page), 1);
  const other = await context.newPage();
  await other.goto(site.origin);
  await other.click("#buy");
  assert.equal(await clicks(other), 2);
  // This tab's engine is one fold behind the store. Either tab may still write times of its own
  // between two questions; at rest they all have the same.
  let told;
  await until(async () => {
    told = await page.evaluate(async () => [
      (await insitu.stored()).sums,
      JSON.parse(await insitu.partial()),
    ]);
    told.push(await other.evaluate(() => insitu.partial().then(JSON.parse)));
    return told.every((sums) => isDeepStrictEqual(sums, told[0]));
  }, "the same numbers in both tabs").catch(() => {});
  const [stored, own, others] = told;
  assert.deepEqual(stored, others);
  assert.deepEqual(own, others);
  assert.equal(await clicks(page), 2);
  await close();
});

test("stored() in memory mode shows what the document holds; where Insitu is off, null", async () => {
  const { page, close } = await open("/memory");
  await page.click("#buy");
  const { storage, waiting } = await page.evaluate(() => insitu.stored());
  assert.equal(storage, "memory");
  assert.equal(waiting.filter(({ type }) => type === "click").length, 1);
  await page.evaluate(() => {
    localStorage.setItem("insitu.disabled", "1");
  });
  await page.reload();
  assert.equal(await page.evaluate(() => insitu.stored()), null);
  await close();
});

test("names that look personal are kept as :id, orders by their id", async () => {
  const { page, close } = await open("/");
  await isLocal(page);
  await page.evaluate(() => {
    insitu.goal("welcome ann@example.org");
    insitu.segment({ customer: "4111 1111 1111 1111" });
    insitu.task("order 4111-1111-1111-1111").start();
    insitu.page("/u/ann@example.org/orders");
    insitu.order({ id: "2024-000-4711", category: "sk_live_4eC39HqLyjWDarjtT1zdp7dc" });
  });
  await page.evaluate(() => insitu.flush());
  const events = await readEvents(page);
  const fields = events.flatMap(({ goal, segment, task, order, category }) =>
    [goal, segment?.customer, task, order, category].filter(Boolean),
  );
  assert.deepEqual(fields, ["welcome :id", ":id", "order :id", "2024-000-4711", ":id"]);
  assert.equal(events.find(({ type }) => type === "order").page, "/u/:id/orders");
  assert.deepEqual(
    await page.evaluate(() => insitu.tasks().map(({ name }) => name)),
    ["order :id"],
    "in the tab too",
  );
  await page.evaluate(() => insitu.task("order 4111-1111-1111-1111").success());
  assert.deepEqual((await statusOf(page)).warnings, []);
  assert.equal((await page.evaluate(() => insitu.heatmap())).page, "/u/:id/orders");
  await close();
});
