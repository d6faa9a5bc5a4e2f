// SPDX-License-Identifier: MIT
// Covers the methods and attributes for what happens around an order, to a ticket and with friends;
// and heartbeats, which tell that somebody is still there.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, until } from "./helpers/browser.mjs";
import { readEvents } from "./helpers/journal.mjs";
import { isLocal, openPage, storedEvents } from "./helpers/page.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;
let context;

before(async () => {
  browser = await launch();
  site = await startSite((path) => {
    if (path.endsWith(".js")) return undefined;
    const attributes = path === "/core" ? 'data-core="/insitu/insitu.core-full.js"' : WITHOUT_CORE;
    const main = path === "/checkout" ? '<main data-insitu-cart="checkout">' : "<main>";
    const body = `${main}<button id="add" data-insitu-cart="add" data-insitu-goal="added">add</button>
      <button id="share" data-insitu-social="share"><i>share</i></button>
      <button id="typo" data-insitu-cart="ad" data-insitu-social="">typo</button></main>`;
    return html({ attributes, body });
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

async function open(path = "/", prepare = () => {}) {
  const opened = await openPage(browser, site.origin + path, { prepare });
  context = opened.context;
  await isLocal(opened.page);
  return opened.page;
}
async function captured(page) {
  return (await storedEvents(page))
    .filter(({ type }) => !/page_view|scroll|visibility|click|mutation/.test(type))
    .map(({ t, mono, pv, page: route, ...own }) => own);
}

test("refunds, disputes, tickets and social actions", async () => {
  const page = await open();
  await page.evaluate(() => {
    insitu.refund({ id: "o-1", value: 500 });
    insitu.refund({ id: "o-2" });
    insitu.dispute("o-1");
    for (const action of ["open", "contact", "response", "resolve", "reopen"]) {
      insitu.support("T-1", action);
    }
    insitu("social", "follow");
  });
  assert.deepEqual(await captured(page), [
    { type: "refund", order: "o-1", value: 500 },
    { type: "refund", order: "o-2" },
    { type: "dispute", order: "o-1" },
    { type: "support", ticket: "T-1", action: "open" },
    { type: "support", ticket: "T-1", action: "contact" },
    { type: "support", ticket: "T-1", action: "response" },
    { type: "support", ticket: "T-1", action: "resolve" },
    { type: "support", ticket: "T-1", action: "reopen" },
    { type: "social", action: "follow" },
  ]);
  await context.close();
});

test("wrong arguments give a sentence each, never an exception", async () => {
  const call = () => {
    insitu.refund();
    insitu.refund({ id: "" });
    insitu.refund({ id: "o-1", value: "5" });
    insitu.dispute(7);
    insitu.support("", "open");
    insitu.support("T-1", "close");
    insitu.social("tweet");
    insitu.cart("addd");
  };
  const read = (page) => page.evaluate(() => insitu.status().warnings);
  const exact = [
    "refund must be an object.",
    "refund: the id must be a text that is not empty.",
    "refund: the value must be a number.",
    "dispute: the id must be a text that is not empty.",
    "support: the ticket must be a text that is not empty.",
    "support: the action must be one of open, contact, response, resolve, reopen.",
    "social: the action must be one of share, follow, like, comment, referral, review.",
    "cart: the action must be one of add, remove, checkout.",
  ];
  // Without the core a sentence names the call.
  let page = await open();
  await page.evaluate(call);
  const vague = (await read(page)).filter((sentence) => / is wrong/.test(sentence));
  assert.deepEqual(
    vague.map((sentence) => sentence.split(":")[0]),
    exact.map((sentence) => sentence.split(/:| /)[0]),
  );
  assert.deepEqual(await captured(page), [{ type: "refund", order: "o-1" }]);
  await context.close();
  // With it those of calls before it came are as exact as those after.
  page = await open("/core", (page) =>
    page.addInitScript(`document.addEventListener("DOMContentLoaded", ${call})`),
  );
  await page.evaluate(() => insitu.report());
  await page.evaluate(call);
  assert.deepEqual(await read(page), [...exact, ...exact]);
  await context.close();
});

test("cart and social actions by attributes; what is none of them is nothing", async () => {
  const page = await open();
  await page.click("#add");
  await page.click("#share i");
  await page.click("#typo");
  assert.deepEqual(await captured(page), [
    { type: "conversion", goal: "added" },
    { type: "cart", action: "add" },
    { type: "social", action: "share" },
  ]);
  await page.goto(`${site.origin}/checkout`);
  await until(async () => (await captured(page)).length === 4, "the checkout");
  assert.deepEqual((await captured(page))[3], { type: "cart", action: "checkout" });
  await context.close();
});

test("the KPIs of the report have them", async () => {
  const page = await open("/core");
  const { kpis } = await page.evaluate(() => {
    insitu.order({ id: "o-1", value: 1000, currency: "EUR" });
    insitu.order({ id: "o-2", value: 1000, currency: "EUR" });
    insitu.refund({ id: "o-1", value: 1000 });
    insitu.dispute("o-2");
    insitu.social("share");
    return insitu.report();
  });
  assert.deepEqual([kpis.refund_rate.x, kpis.refund_rate.n], [1, 2]);
  assert.deepEqual([kpis.dispute_rate.x, kpis.dispute_rate.n], [1, 2]);
  assert.equal(kpis.social_engagement.value, 1);
  await context.close();
});

test("what is not captured has the same methods", async () => {
  const page = await open("/", (page) =>
    page.addInitScript(() => {
      if (!localStorage.getItem("insitu.disabled")) localStorage.setItem("insitu.disabled", "0");
    }),
  );
  const names = () => Object.keys(insitu).filter((name) => typeof insitu[name] === "function");
  const on = await page.evaluate(names);
  await page.evaluate(() => localStorage.setItem("insitu.disabled", "1"));
  await page.reload();
  assert.equal(await page.evaluate(() => insitu.status().mode), "off");
  assert.deepEqual((await page.evaluate(names)).sort(), on.sort());
  assert.deepEqual(page.seen.errors, []);
  await context.close();
});

test("a heartbeat needs 15 s without any event, and an input", async () => {
  const page = await open("/", (page) => page.clock.install());
  const beats = async () =>
    (await readEvents(page)).filter(({ type }) => type === "heartbeat").length;
  const pass = async (ms) => {
    await page.clock.runFor(ms);
    // Storing is not in the clock's hands.
    await page.waitForTimeout(100);
  };
  let x = 0;
  const wiggle = async () => {
    await page.mouse.move(++x + 300, 300);
    await pass(500);
  };
  await wiggle();
  await pass(10_000);
  await wiggle();
  assert.equal(await beats(), 0, "not 15 s yet");
  await pass(60_000);
  assert.equal(await beats(), 0, "nobody was there");
  await wiggle();
  await wiggle();
  assert.equal(await beats(), 1);
  // An event is as good as a heartbeat.
  await pass(10_000);
  await page.evaluate(() => insitu.goal("signup"));
  await pass(10_000);
  await wiggle();
  assert.equal(await beats(), 1);
  await pass(6000);
  await page.keyboard.press("Shift");
  await pass(500);
  assert.equal(await beats(), 2);
  // A minute with the hand on the mouse: one each 15 s at most.
  for (let second = 0; second < 60; second += 3) {
    await wiggle();
    await pass(2500);
  }
  const all = await beats();
  assert.ok(all >= 5 && all <= 6, `${all} heartbeats`);
  await context.close();
});
