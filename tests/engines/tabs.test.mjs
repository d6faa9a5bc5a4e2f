// SPDX-License-Identifier: MIT
// Random schedules of opening, reloading, duplicating, leaving, going back (out of the cache) and
// closing tabs: one session, each page view once, no event in two sessions. Chromium. A failure names
// its seed; INSITU_SEED replays that one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, until, watchPage } from "../e2e/helpers/browser.mjs";
import { html, startSite } from "../e2e/helpers/site.mjs";

const SCHEDULES = process.env.INSITU_FULL ? 200 : 20;
const MOVES = 8;
const PATIENCE_MS = 20_000;

let site;
let browser;
before(async () => {
  browser = await launch();
  site = await startSite(() =>
    html({ body: '<main><button id="buy">Buy</button></main>', attributes: "data-keep-log" }),
  );
});
after(async () => {
  await browser.close();
  await site.close();
});

// mulberry32: whole numbers below n
function random(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

async function play(seed) {
  const below = random(seed);
  const context = await browser.newContext();
  const seen = [];
  const trace = [];
  const tabs = []; // { page, paths: the tab's history up to now }
  const expected = [];
  let clicks = 0;
  let paths = 0;
  const settle = async (tab) => {
    const path = tab.paths.at(-1);
    const there = (path) =>
      location.pathname === path &&
      document.readyState === "complete" &&
      insitu.status().storage === "local";
    await until(() => tab.page.evaluate(there, path).catch(() => false), path, PATIENCE_MS);
    expected.push(path);
  };
  const enter = async (page, path) => {
    seen.push(watchPage(page));
    const tab = { page, paths: [path] };
    tabs.push(tab);
    await settle(tab);
  };
  const moves = {
    async open() {
      const page = await context.newPage();
      const path = `/p${++paths}`;
      await page.goto(site.origin + path);
      await enter(page, path);
    },
    async reload(tab) {
      await tab.page.reload();
      await settle(tab);
    },
    async duplicate(tab) {
      // As "Duplicate tab": the same address, with a copy of what the tab keeps.
      const opened = context.waitForEvent("page");
      await tab.page.evaluate(() => void window.open(location.href));
      await enter(await opened, tab.paths.at(-1));
    },
    async leave(tab) {
      tab.paths.push(`/p${++paths}`);
      await tab.page.goto(site.origin + tab.paths.at(-1));
      await settle(tab);
    },
    async back(tab) {
      if (tab.paths.length < 2) return;
      tab.paths.pop();
      await tab.page.evaluate(() => void setTimeout(() => history.back()));
      await settle(tab);
    },
    async close(tab) {
      if (tabs.length < 2) return;
      tabs.splice(tabs.indexOf(tab), 1);
      // The last 200 ms of a tab may go with it (docs/reliability.md).
      const isStored = () => insitu.status().events.inFlight === 0;
      await until(() => tab.page.evaluate(isStored), "what the tab saw, stored", PATIENCE_MS);
      await tab.page.close({ runBeforeUnload: true });
    },
    async click(tab) {
      await tab.page.click("#buy");
      clicks++;
    },
  };
  try {
    await moves.open();
    for (let i = 0; i < MOVES; i++) {
      const move = Object.keys(moves)[below(Object.keys(moves).length)];
      const at = below(tabs.length);
      trace.push(`${move} ${at}`);
      await moves[move](tabs[at]);
    }
    const [{ page }] = tabs;
    const read = () => page.evaluate(() => insitu.report());
    // What other tabs have seen last is stored within 300 ms.
    const counts = async () => {
      const { kpis } = await read();
      return kpis.page_views.value >= expected.length && kpis.number_of_clicks.value >= clicks;
    };
    await until(counts, "all page views", PATIENCE_MS).catch(() => {});
    const { kpis } = await read();
    const log = await page.evaluate(() => insitu.export("ndjson"));
    const events = log
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const views = events.filter(({ type }) => type === "page_view");
    assert.deepEqual(views.map(({ page }) => page).sort(), expected.sort());
    assert.deepEqual(
      [
        kpis.sessions.value,
        kpis.visitors.value,
        kpis.page_views.value,
        kpis.number_of_clicks.value,
      ],
      [1, 1, expected.length, clicks],
    );
    assert.deepEqual([...new Set(events.map(({ session }) => session))], ["s1"]);
    assert.equal(new Set(views.map(({ pv }) => pv)).size, views.length, "each view has its number");
    assert.deepEqual(
      seen.flatMap(({ errors, console }) => [...errors, ...console]),
      [],
    );
  } catch (failure) {
    failure.message = `seed ${seed} (${trace.join(", ")}): ${failure.message}`;
    throw failure;
  } finally {
    await context.close();
  }
}

test(`${SCHEDULES} schedules of tabs: one session, each page view once`, async () => {
  const one = Number(process.env.INSITU_SEED);
  const seeds = one ? [one] : Array.from({ length: SCHEDULES }, (_, i) => i + 1);
  for (const seed of seeds) await play(seed);
});
