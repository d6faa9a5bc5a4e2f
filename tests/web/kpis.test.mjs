// SPDX-License-Identifier: MIT
// Covers web/demo/lib/kpis.ts: what the panel says about the KPIs of a report.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { groups, taskRows } = await loadTs("web/demo/lib/kpis.ts");
const rows = groups.flatMap(({ rows }) => rows);
const row = (id) => rows.find((candidate) => candidate.id === id);
const plain = (text) => text.replaceAll("\u00a0", " ");

// The report of a real log, as the reference implementation computed it.
const path = new URL("../fixtures/vectors/log_small.expected.json", import.meta.url);
const report = JSON.parse(readFileSync(path, "utf8")).cases[0].expected;

function reads(id, kpi, lead, rest) {
  const reading = row(id).read(kpi);
  assert.equal(reading.lead === null ? null : plain(reading.lead), lead);
  assert.equal(plain(reading.rest), rest);
  return reading;
}

test("every KPI of the panel is one that reports have, named once", () => {
  const ids = rows.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.ok(id in report.kpis, `no report has ${id}`);
});

test("every KPI says what it is and how to get data", () => {
  for (const { id, name, explanation, hint } of rows) {
    assert.ok(name !== "" && hint.endsWith("."), id);
    assert.match(explanation, /^[A-Z].*\.$/, id);
  }
});

test("no data is no number, for every KPI", () => {
  for (const { read } of rows) assert.equal(read({ value: null, n: 0, ci: null }).lead, null);
});

test("rates show the point and, with 20 observations and more, the interval after it", () => {
  const { track } = reads(
    "task_success_rate",
    report.kpis.task_success_rate,
    "63 %",
    "95 % interval 46–77 %, 22 of 35 attempts",
  );
  assert.deepEqual(track, {
    point: report.kpis.task_success_rate.value,
    ci: report.kpis.task_success_rate.ci,
  });
});

test("with few observations the interval leads", () => {
  reads("conversion_rate", report.kpis.conversion_rate, "39–90 %", "70 %, 7 of 10 visitors");
});

test("times are in seconds and minutes", () => {
  reads(
    "time_on_task",
    report.kpis.time_on_task,
    "1 min 13 s",
    "95 % interval 45 s – 2 min, 21 successful attempts",
  );
  reads("time_on_task", { value: 41, n: 1, ci: null }, "41 s", "1 successful attempt");
  reads(
    "time_on_task",
    { value: 41, n: 2, ci: [30, 56] },
    "30–56 s",
    "typical 41 s, 2 successful attempts",
  );
});

test("errors are per attempt, with the share of attempts that had one", () => {
  reads(
    "error_rate",
    report.kpis.error_rate,
    "0.71",
    "25 errors in 35 attempts; 54 % of attempts had one",
  );
  reads(
    "error_rate",
    { value: 0, n: 1, errors: 0, share_with_error: 0 },
    "0",
    "0 errors in 1 attempt",
  );
});

test("counts and clicks", () => {
  reads("page_views", report.kpis.page_views, "291", "");
  reads("number_of_clicks", report.kpis.number_of_clicks, "275", "0.9 per page view");
  reads("js_error_rate", report.kpis.js_error_rate, "0.05 per view", "15 errors in 291 page views");
});

test("scroll depth comes with its reach", () => {
  reads(
    "scroll_depth",
    report.kpis.scroll_depth,
    "37 %",
    "288 page views; half of it in 22 %, the end in 6 %",
  );
});

test("task rows: successes and time by task, a dash where there is none", () => {
  const kpi = (value, x, n) => ({ value, x, n });
  const by_task = {
    checkout: { task_success_rate: kpi(0.5, 1, 2), time_on_task: kpi(41, undefined, 1) },
    "find-tent": { task_success_rate: kpi(0, 0, 1), time_on_task: kpi(null, undefined, 0) },
  };
  assert.deepEqual(
    taskRows({ by_task }).map(({ task, success, time }) => [task, success, plain(time)]),
    [
      ["checkout", "1 of 2", "41 s"],
      ["find-tent", "0 of 1", "–"],
    ],
  );
});

test("times lie on a track whose end is easy to read off", () => {
  const { track } = row("time_on_task").read({ value: 41, n: 2, ci: [30, 56] });
  assert.deepEqual(
    [track.point, track.ci.map((at) => at.toFixed(3)), plain(track.end)],
    [41 / 60, ["0.500", "0.933"], "1 min"],
  );
  const long = row("time_on_task").read({ value: 41, n: 2, ci: [0, 1e9] }).track;
  assert.deepEqual([long.ci[1], plain(long.end)], [1, "24 h"]);
  assert.equal(row("time_on_task").read({ value: 41, n: 1, ci: null }).track, undefined);
});

test("bursts of rage clicks are told beside the visits that had one", () => {
  reads(
    "rage_click_rate",
    { value: 1, x: 1, n: 1, ci: [0.17, 1], episodes: 2 },
    "17–100 %",
    "100 %, 1 of 1 visit, 2 bursts",
  );
});

test("web vitals come in milliseconds with the share of good ones", () => {
  reads(
    "lcp_p75",
    { value: 1240, n: 4, good_share: 0.75 },
    "1,240 ms",
    "4 page views, 75 % of them good",
  );
});

test("what the demo says of definitions is what the registry says, with every option's default", async () => {
  const { definitions } = await loadTs("web/demo/lib/definitions.gen.ts");
  assert.deepEqual(Object.keys(definitions).sort(), rows.map(({ id }) => id).sort());
  const page = readFileSync(new URL("../../docs/kpi.md", import.meta.url), "utf8");
  for (const [id, { formula, unit, options }] of Object.entries(definitions)) {
    assert.ok(page.includes(`- **Formula** ${formula}\n`) && unit !== "", id);
    for (const [name, value] of Object.entries(options)) {
      assert.ok(page.includes(`| \`${name}\` | \`${value}\` |`), `${id}: ${name}`);
    }
  }
});
