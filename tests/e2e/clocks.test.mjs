// SPDX-License-Identifier: MIT
// Covers clocks: a wall clock that jumps, daylight saving, a machine that sleeps, a coarse timer.
// Events keep their order, no duration is negative, and numbers stay within what really happened.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, until, watchPage } from "./helpers/browser.mjs";
import { unbalanced } from "./helpers/journal.mjs";
import { html, startSite } from "./helpers/site.mjs";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let browser;
let site;

before(async () => {
  browser = await launch();
  const body = '<main><button id="buy">Buy</button></main>';
  site = await startSite((path) =>
    path.endsWith("js") ? undefined : html({ body, attributes: "data-keep-log" }),
  );
});
after(async () => {
  await browser.close();
  await site.close();
});

// Clocks that the test moves: move({ wall, mono }) by ms, each on its own.
const clocks = `{
  const [wall, mono] = [Date.now.bind(Date), Performance.prototype.now];
  const by = { wall: 0, mono: 0, step: 0 };
  Date.now = () => wall() + by.wall;
  Performance.prototype.now = function () {
    const now = mono.call(this) + by.mono;
    return by.step ? Math.floor(now / by.step) * by.step : now;
  };
  window.move = ({ wall = 0, mono = 0 }) => {
    by.wall += wall;
    by.mono += mono;
  };
}`;

async function open({ step = 0, ...options } = {}) {
  const context = await browser.newContext(options);
  await context.addInitScript(clocks.replace("step: 0", `step: ${step}`));
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(site.origin);
  await until(() => page.evaluate(() => insitu.status().storage === "local"), "the journal");
  return { page, seen, close: () => context.close() };
}

// A session with a task, clicks and page views; between each two steps the clocks move.
async function session(page, moves) {
  const steps = [
    () => page.click("#buy"),
    () => page.evaluate(() => insitu.task("buy").start()),
    () => page.click("#buy"),
    () => page.evaluate(() => history.pushState({}, "", "/two")),
    () => page.click("#buy"),
    () => page.evaluate(() => insitu.task("buy").success()),
    () => page.evaluate(() => insitu.goal("done")),
  ];
  for (const [i, step] of steps.entries()) {
    await step();
    const move = moves[i % moves.length];
    if (move) await page.evaluate((by) => window.move(by), move);
  }
  return page.evaluate(async () => ({
    report: await insitu.report(),
    log: (await insitu.export("ndjson")).trimEnd().split("\n").map(JSON.parse),
    status: insitu.status(),
    elapsed: insitu.task("other").elapsedMs,
  }));
}

// Every number of a report that is a time.
function times(report) {
  const found = {};
  const walk = (value, path) => {
    if (typeof value === "number") found[path] = value;
    else if (value && typeof value === "object") {
      for (const [key, each] of Object.entries(value)) walk(each, `${path}.${key}`);
    }
  };
  for (const [id, kpi] of Object.entries(report.kpis)) {
    if (/^(ms|s|seconds|minutes?|hours?|days?)$/.test(kpi.unit)) walk(kpi, id);
  }
  for (const { perSignal } of [report.cost]) walk(perSignal, "cost");
  return found;
}

const cases = {
  steady: [],
  "a day forward": [{ wall: DAY }],
  "a day back": [{ wall: -DAY }],
  "a day forward and back": [{ wall: DAY }, { wall: -DAY }],
  "an hour forward, as summer begins on a clock set by hand": [null, null, { wall: HOUR }],
  "an hour back, as summer ends": [null, null, { wall: -HOUR }],
  "eight hours of sleep, the monotonic clock stops": [
    null,
    null,
    { wall: 8 * HOUR },
    null,
    null,
    null,
    null,
  ],
  "eight hours of sleep, the monotonic clock goes on": [
    null,
    null,
    { wall: 8 * HOUR, mono: 8 * HOUR },
    null,
    null,
    null,
    null,
  ],
  "a timer of 100 ms": [{ step: 100 }],
  "a monotonic clock that goes back": [{ mono: -5000 }],
  "both jump to and fro": [
    { wall: DAY, mono: 1000 },
    { wall: -2 * DAY },
    { wall: DAY, mono: -1000 },
  ],
};

for (const [name, moves] of Object.entries(cases)) {
  test(name, async () => {
    const { page, seen, close } = await open({ step: moves[0]?.step });
    const { report, log, status } = await session(page, moves.length ? moves : [null]);
    assert.equal(unbalanced(status), "");
    assert.deepEqual([seen.errors, status.warnings], [[], []]);
    const types = log.map(({ type }) => type).filter((type) => !/visibility|scroll/.test(type));
    assert.deepEqual(
      types.filter((type) => /page_view|click|task|conversion/.test(type)),
      ["page_view", "click", "task_start", "click", "page_view", "click", "task_end", "conversion"],
      "in the order in which they happened",
    );
    assert.deepEqual(
      log.map(({ seq }) => seq),
      log.map((_, i) => i),
    );
    // The monotonic time of a page view never goes back, whatever the clocks do.
    for (const pv of [0, 1]) {
      const monos = log.filter((event) => event.pv === pv).map(({ mono }) => mono);
      assert.ok(
        monos.every((mono) => mono >= 0),
        `${monos}`,
      );
      if (!/monotonic clock that|both/.test(name)) {
        assert.deepEqual(
          monos,
          [...monos].sort((a, b) => a - b),
        );
      }
    }
    assert.equal(report.kpis.number_of_clicks.value, 3);
    assert.equal(report.by_task.buy.task_success_rate.value, 1);
    assert.ok(report.kpis.sessions.value >= 1);
    for (const [path, value] of Object.entries(times(report))) {
      if (/\.ci\.|cost/.test(path)) continue;
      assert.ok(value >= 0, `${path} is ${value}`);
    }
    await close();
  });
}

test("daylight saving changes no time: what is kept is UTC", async () => {
  const { page, close } = await open({ timezoneId: "Europe/Berlin" });
  // 2026-03-29 00:59:59.5 UTC, half a second before the clocks of Berlin go from 2 to 3.
  await page.evaluate((at) => window.move({ wall: at - Date.now() }), 1774745999500);
  await page.click("#buy");
  await page.waitForTimeout(1000);
  await page.click("#buy");
  const { log } = await page.evaluate(async () => ({
    log: (await insitu.export("ndjson")).trimEnd().split("\n").map(JSON.parse),
  }));
  const [one, two] = log.filter(({ type }) => type === "click");
  assert.ok(two.t - one.t < 20_000 && two.t > one.t, `${two.t - one.t} ms`);
  assert.ok(Math.abs(two.t - one.t - (two.mono - one.mono)) < 100);
  await close();
});

test("what a task says of itself is never negative", async () => {
  const { page, close } = await open();
  const elapsed = await page.evaluate(() => {
    insitu.task("buy").start();
    move({ wall: -86_400_000 });
    return [insitu.task("buy").elapsedMs, insitu.tasks()[0].elapsedMs];
  });
  assert.deepEqual(elapsed, [0, 0]);
  await close();
});

test("after eight hours of sleep a new session begins", async () => {
  const { page, close } = await open();
  await page.click("#buy");
  await page.evaluate((by) => window.move(by), { wall: 8 * HOUR, mono: 8 * HOUR });
  await page.click("#buy");
  const { kpis } = await page.evaluate(() => insitu.report());
  assert.equal(kpis.sessions.value, 2);
  assert.ok(kpis.average_session_duration.value < 10 * MINUTE, "sleep is no use of the page");
  await close();
});
