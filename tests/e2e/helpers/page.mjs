// SPDX-License-Identifier: MIT
// A page that carries Insitu, in a browser profile of its own.
import assert from "node:assert/strict";
import { until, watchPage } from "./browser.mjs";
import { readEvents, unbalanced } from "./journal.mjs";

// Opens `url` after `prepare` has had the page; `init` is code that runs in it before all others.
// Gives { context, page, seen, close() }; see watchPage() for `seen`, which is at page.seen too.
export async function openPage(browser, url, { init, prepare = () => {} } = {}) {
  const context = await browser.newContext();
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  page.seen = watchPage(page);
  await prepare(page);
  await page.goto(url);
  return { context, page, seen: page.seen, close: () => context.close() };
}

export const statusOf = (page) => page.evaluate(() => insitu.status());

// Resolves when events go into IndexedDB.
export const isLocal = (page) =>
  until(async () => (await statusOf(page)).storage === "local", "the journal");

// All that waits in the journal, once everything is there. The books balance, and the page noticed
// nothing of us.
export async function storedEvents(page) {
  await page.evaluate(() => insitu.flush());
  assert.equal(unbalanced(await statusOf(page)), "");
  assert.deepEqual(page.seen.errors, []);
  return readEvents(page);
}
