// SPDX-License-Identifier: MIT
// Covers the verdicts on clicks, from real input to the report of the core: what looks like a rage
// or dead click and is none, and what is one. The page is
// helpers/traps_page.mjs.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until, watchPage } from "./helpers/browser.mjs";
import { unbalanced } from "./helpers/journal.mjs";
import { startSite } from "./helpers/site.mjs";
import { trapsPage } from "./helpers/traps_page.mjs";

let browser;
let site;
// Lets the server answer, by path.
const held = new Map();

before(async () => {
  browser = await launch();
  site = await startSite((path) => {
    if (path.startsWith("/slow"))
      return new Promise((answer) => held.set(path, () => answer("ok")));
    return path.endsWith(".js") ? undefined : trapsPage;
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

async function openTraps(query = "", prepare = async () => {}) {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  const page = await context.newPage();
  await prepare(page);
  const seen = watchPage(page);
  await page.goto(`${site.origin}/traps${query}`);
  // The verdicts are the same in memory, which is where a slow machine may end.
  await until(
    () => page.evaluate(() => insitu.status().storage !== "opening"),
    "the journal",
    20000,
  );
  return { context, page, seen };
}

// What the core says. A goal ends the wait of every click before.
async function verdict({ page, context, seen }, errors = 0) {
  await sleep(2700);
  const { kpis, status } = await page.evaluate(async () => {
    insitu.goal("end");
    const { kpis } = await insitu.report();
    return { kpis, status: insitu.status() };
  });
  assert.equal(unbalanced(status), "");
  assert.deepEqual(status.warnings, []);
  assert.equal(seen.errors.length, errors, seen.errors.join());
  await context.close();
  const { rage_click_rate: rage, dead_click_rate: dead, error_click_rate: error } = kpis;
  assert.equal(dead.unresolved, 0);
  return {
    clicks: kpis.number_of_clicks.x ?? kpis.number_of_clicks.value,
    rage: rage.episodes,
    dead: dead.x,
    live: dead.n - dead.x,
    exempt: dead.exempt,
    error: error.x,
  };
}

const clicks =
  (selector, count = 1) =>
  async (page) => {
    const box = await page.locator(selector).boundingBox();
    for (let i = 0; i < count; i++) {
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      // As quick as a finger, and slower than a frame, in which scrolling is told.
      await sleep(100);
    }
  };
const key = (selector, name) => async (page) => {
  await page.focus(selector);
  await page.keyboard.press(name);
};

// What people do, and the verdict: { clicks, rage, dead, live, exempt, error }, zeros left out.
const traps = {
  "a stepper": [clicks("#plus", 4), { clicks: 4, live: 4 }],
  "a pager": [clicks("#next-page", 4), { clicks: 4, live: 4 }],
  "a carousel with words on its buttons": [clicks("#next-slide", 4), { clicks: 4, live: 4 }],
  "a carousel that scrolls": [clicks("#rail-button", 4), { clicks: 4, live: 4 }],
  "a key of a pad of numbers": [clicks("#seven", 4), { clicks: 4, live: 4 }],
  "text selected by three clicks": [
    async (page) => page.click("#prose", { clickCount: 3, position: { x: 30, y: 8 } }),
    { clicks: 3, live: 1, exempt: 2 },
  ],
  "a text field": [clicks("#field", 4), { clicks: 4, exempt: 4 }],
  "a text field of another kind": [clicks("#editable", 4), { clicks: 4, exempt: 4 }],
  "a download": [clicks("#download"), { clicks: 1, exempt: 1 }],
  "a download made by a script": [clicks("#export"), { clicks: 1, live: 1 }],
  "what is in a link": [clicks("#link b"), { clicks: 1, exempt: 1 }],
  "a label": [clicks("#label"), { clicks: 1, exempt: 1 }],
  "a checkbox": [clicks("#check"), { clicks: 1, live: 1 }],
  "a checkbox by keys": [key("#check", "Space"), { clicks: 1, live: 1 }],
  "a choice": [clicks("#choice"), { clicks: 1, exempt: 1 }],
  "a canvas": [clicks("canvas"), { clicks: 1, exempt: 1 }],
  "a click with a modifier key": [
    async (page) => page.click("#dead", { modifiers: ["Control"] }),
    { clicks: 1, exempt: 1 },
  ],
  "an element that the site has taken out": [clicks("#out", 4), { clicks: 4, exempt: 4 }],
  "a menu that opens when pressed": [clicks("#menu"), { clicks: 1, live: 1 }],
  "a modal dialog": [clicks("#open-dialog"), { clicks: 1, live: 1 }],
  "a popover": [clicks("#open-popover"), { clicks: 1, live: 1 }],
  "a summary": [clicks("summary"), { clicks: 1, live: 1 }],
  "a button that moves the focus": [clicks("#focuses"), { clicks: 1, live: 1 }],
  "a button that selects": [clicks("#selects"), { clicks: 1, live: 1 }],
  "a button that scrolls": [clicks("#scrolls"), { clicks: 1, live: 1 }],
  "a button that changes the address": [clicks("#pushes"), { clicks: 1, live: 1 }],
  "a form that is refused": [clicks("#refused"), { clicks: 1, live: 1 }],
  "an element that its click removes": [clicks("#vanishes"), { clicks: 1, live: 1 }],
  "the same by keys": [key("#vanishes", "Enter"), { clicks: 1, live: 1 }],
  "an answer after a while": [clicks("#late"), { clicks: 1, live: 1 }],
  "a button in a shadow tree": [clicks("my-card button"), { clicks: 1, live: 1 }],
  "a dead button in a shadow tree": [clicks("my-card i"), { clicks: 1, dead: 1 }],
  "a dead button": [clicks("#dead"), { clicks: 1, dead: 1 }],
  "a dead button by keys": [key("#dead", "Enter"), { clicks: 1, dead: 1 }],
  "dead text": [clicks("#prose"), { clicks: 1, dead: 1 }],
  "a button that only counts its clicks with a beacon": [clicks("#beacon"), { clicks: 1, dead: 1 }],
  rage: [clicks("#dead", 5), { clicks: 5, rage: 1, dead: 5 }],
  "rage at something that answers": [clicks("#busy", 5), { clicks: 5, rage: 1, live: 5 }],
  "an error": [clicks("#breaks"), { clicks: 1, dead: 1, error: 1 }, 1],
};

const none = { clicks: 0, rage: 0, dead: 0, live: 0, exempt: 0, error: 0 };

// Nearly all of the time is waiting.
describe("verdicts", { concurrency: 4 }, () => {
  for (const [name, [act, expected, errors]] of Object.entries(traps)) {
    test(name, async () => {
      const opened = await openTraps();
      await act(opened.page);
      assert.deepEqual(await verdict(opened, errors), { ...none, ...expected });
    });
  }

  // Long enough to see that something changes by itself.
  const LEARN_MS = 9000;

  test("a clock makes no click alive, and what is alive beside it stays so", async () => {
    const opened = await openTraps("?clock");
    await sleep(LEARN_MS);
    await clicks("#dead")(opened.page);
    await sleep(2700);
    await clicks("#busy")(opened.page);
    assert.deepEqual(await verdict(opened), { ...none, clicks: 2, dead: 1, live: 1 });
  });

  test("a page that polls its server makes no click alive, a request of its own does", async () => {
    const opened = await openTraps("?poll");
    await sleep(LEARN_MS);
    await clicks("#dead")(opened.page);
    await sleep(2700);
    await clicks("#asks")(opened.page);
    assert.deepEqual(await verdict(opened), { ...none, clicks: 2, dead: 1, live: 1 });
  });

  test("our own core, which comes and goes, makes no click alive", async () => {
    let answer;
    const isAsked = new Promise((asked) => {
      answer = asked;
    });
    const opened = await openTraps("", (page) =>
      page.route("**/insitu.core.js", async (route) => {
        answer();
        await sleep(1000);
        await route.continue();
      }),
    );
    await isAsked;
    await clicks("#dead")(opened.page);
    assert.deepEqual(await verdict(opened), { ...none, clicks: 1, dead: 1 });
  });

  for (const [how, ms] of [
    ["within the wait", 1200],
    ["after the wait", 4500],
  ]) {
    test(`a server that answers ${how}: the request is the page's answer`, async () => {
      const opened = await openTraps(`?${ms}`);
      await clicks("#slow")(opened.page);
      await until(() => held.has(`/slow/${ms}`), "the request");
      await sleep(ms);
      held.get(`/slow/${ms}`)();
      assert.deepEqual(await verdict(opened), { ...none, clicks: 1, live: 1 });
    });
  }
});
