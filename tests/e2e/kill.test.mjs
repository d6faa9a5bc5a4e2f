// SPDX-License-Identifier: MIT
// Covers the promise of the journal: what happened more than 300 ms before every process of the
// browser is killed is in the next report.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launchProfile, sleep, until } from "./helpers/browser.mjs";
import { kill } from "./helpers/processes.mjs";
import { html, startSite } from "./helpers/site.mjs";

const SAFE_MS = 300;
const ROUNDS = process.env.INSITU_FULL ? 30 : 3;

let site;
let profile;

before(async () => {
  const body = '<main><button id="buy">Buy</button></main>';
  site = await startSite(() => html({ body, attributes: "data-keep-log" }));
  profile = mkdtempSync(join(tmpdir(), "insitu-kill-"));
});
after(async () => {
  await site.close();
  rmSync(profile, { recursive: true, force: true });
});

// A database of the test's own, which says again and again when it was last able to store something:
// what happened `SAFE_MS` before that is safe, however long the machine stood still afterwards.
function prove() {
  const opened = indexedDB.open("proof");
  opened.onupgradeneeded = () => opened.result.createObjectStore("times");
  opened.onsuccess = () => {
    const store = () => {
      const began = Date.now();
      const writing = opened.result.transaction("times", "readwrite", { durability: "relaxed" });
      writing.objectStore("times").put(began, 0);
      writing.oncomplete = () => {
        window.proven(began);
        setTimeout(store, 30);
      };
    };
    store();
  };
}

test(`kill -9 during clicking, ${ROUNDS} times: no event older than ${SAFE_MS} ms is lost`, async (t) => {
  const safe = []; // t of the clicks that must survive
  for (let round = 0; round < ROUNDS; round++) {
    const context = await launchProfile(profile);
    t.after(() => context.close().catch(() => {}));
    const page = context.pages()[0] ?? (await context.newPage());
    const clicks = [];
    let proven = 0;
    await page.exposeFunction("clicked", (t) => clicks.push(t));
    await page.exposeFunction("proven", (t) => {
      proven = t;
    });
    await page.goto(site.origin);
    await page.evaluate(prove);
    await page.evaluate(() => {
      document.querySelector("#buy").addEventListener("click", () => window.clicked(Date.now()));
    });
    await until(() => page.evaluate(() => insitu.status().storage === "local"), "the journal");
    // Real clicks, one after the other, until the browser is gone under them.
    const clicking = (async () => {
      for (;;) await page.click("#buy");
    })().catch(() => {});
    // At a random moment after there is something to lose, however slow the machine is.
    const older = () => clicks.filter((t) => t < proven - SAFE_MS).length;
    await until(() => older() > 5, "clicks older than the promise", 20_000);
    await sleep(Math.random() * 900);
    const killed = proven;
    await kill(context, profile);
    await clicking;
    safe.push(...clicks.filter((t) => t < killed - SAFE_MS));
  }
  const context = await launchProfile(profile);
  t.after(() => context.close());
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(site.origin);
  const report = await page.evaluate(() => insitu.report());
  const log = await page.evaluate(() => insitu.export("ndjson"));
  const stored = log
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === "click");
  // The page's own listener sees the click up to a few ms after the capture phase did.
  const times = stored.map(({ t }) => t);
  const lost = safe.filter((t) => !times.some((other) => t - other >= 0 && t - other <= 20));
  assert.deepEqual(lost, [], `${lost.length} of ${safe.length} are lost`);
  assert.equal(report.kpis.number_of_clicks.value, stored.length, "and none counts twice");
  assert.ok(stored.length >= safe.length);
});
