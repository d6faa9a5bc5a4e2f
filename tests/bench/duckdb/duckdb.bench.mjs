// SPDX-License-Identifier: MIT
// `insitu report` beside DuckDB on the same log: eight questions, one thread each, answers compared
// before anything is timed.
//
//   node tests/bench/duckdb/duckdb.bench.mjs [LOG] [--bytes 100MB] [--seed 1] [--runs 3]
//
// Without LOG it makes one (tools/make_log.mjs). The native command is $INSITU_CLI, else
// build/insitu: a release build, if the times are to mean anything. Exit code 1 if an answer
// differs.
//
// The terms are DuckDB's best: it reads only the columns that the questions need, with their types
// given, works out corrected time and sessions once for all questions, and its clock runs inside
// this process while ours has the start of a process in it. Ours counts every KPI there is.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DuckDBInstance, version } from "@duckdb/node-api";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const kTolerance = 1e-6;

// From lines to events with corrected time (tau) and the session they are in (part). The generator
// writes no duplicates, so none are looked for.
const preparation = [
  {
    name: "read, corrected time, sessions",
    sql: (log) => `
      CREATE TEMP TABLE events AS
      WITH lines AS (
        SELECT * FROM read_json('${log.replaceAll("'", "''")}', format = 'newline_delimited', columns = {
          type: 'VARCHAR', t: 'BIGINT', visitor: 'VARCHAR', session: 'VARCHAR', seq: 'BIGINT',
          pv: 'BIGINT', mono: 'BIGINT', x: 'DOUBLE', y: 'DOUBLE', exempt: 'VARCHAR[]',
          task: 'VARCHAR', attempt: 'BIGINT', outcome: 'VARCHAR'})
      ), steps AS (
        SELECT *, CASE
          WHEN pv = lag(pv) OVER w AND mono >= lag(mono) OVER w THEN mono - lag(mono) OVER w
          WHEN t > lag(t) OVER w THEN t - lag(t) OVER w
          ELSE 0 END AS delta
        FROM lines WINDOW w AS (PARTITION BY visitor, session ORDER BY seq)
      )
      SELECT * EXCLUDE (t, mono, delta),
        CAST(sum(delta) OVER w AS BIGINT) AS tau,
        CAST(sum(CAST(delta > 1800000 AS INTEGER)) OVER w AS INTEGER) AS part
      FROM steps WINDOW w AS (PARTITION BY visitor, session ORDER BY seq)`,
  },
  {
    name: "one row per session",
    sql: () => `
      CREATE TEMP TABLE sessions AS
      SELECT visitor, session, part, max(tau) - min(tau) AS ms,
        count(*) FILTER (type = 'page_view') AS views
      FROM events GROUP BY visitor, session, part`,
  },
  {
    name: "one row per attempt",
    sql: () => `
      CREATE TEMP TABLE attempts AS
      WITH starts AS (
        SELECT visitor, session, task, coalesce(attempt, 0) AS attempt,
          min(seq) AS seq, arg_min(tau, seq) AS tau
        FROM events WHERE type = 'task_start' AND task <> '' GROUP BY ALL
      ), ends AS (
        SELECT visitor, session, task, coalesce(attempt, 0) AS attempt, seq, tau, outcome
        FROM events WHERE type = 'task_end'
      )
      SELECT starts.visitor, starts.session, starts.task, starts.attempt,
        arg_min(ends.outcome, ends.seq) AS outcome,
        arg_min(ends.tau, ends.seq) - any_value(starts.tau) AS ms
      FROM starts LEFT JOIN ends ON starts.visitor = ends.visitor
        AND starts.session = ends.session AND starts.task = ends.task
        AND starts.attempt = ends.attempt AND ends.seq > starts.seq
      GROUP BY ALL`,
  },
];

const questions = [
  { kpi: "sessions", sql: "SELECT count(*) FROM sessions" },
  { kpi: "visitors", sql: "SELECT count(DISTINCT visitor) FROM sessions" },
  {
    kpi: "bounce_rate",
    sql: "SELECT count(*) FILTER (views = 1) / count(*) FILTER (views >= 1) FROM sessions",
  },
  { kpi: "average_session_duration", sql: "SELECT avg(ms) / 1000 FROM sessions" },
  {
    kpi: "pages_per_visit",
    sql: "SELECT sum(views) / count(*) FILTER (views >= 1) FROM sessions",
  },
  {
    kpi: "task_success_rate",
    sql: "SELECT count(*) FILTER (outcome = 'success') / count(*) FROM attempts",
  },
  {
    kpi: "time_on_task",
    sql: `SELECT exp(avg(ln(ms / 1000))) FROM attempts
          WHERE outcome = 'success' AND ms > 0 AND ms <= 3600000`,
  },
  {
    kpi: "rage_click_rate",
    sql: `
      WITH clicks AS (
        SELECT visitor, session, part, pv, seq, tau, CASE
          WHEN abs(x - lag(x) OVER w) + abs(y - lag(y) OVER w) < 30
            AND tau - lag(tau) OVER w < 1000 THEN 0 ELSE 1 END AS is_first
        FROM events
        WHERE type = 'click' AND x IS NOT NULL AND y IS NOT NULL
          AND NOT coalesce(list_contains(exempt, 'rage'), false)
        WINDOW w AS (PARTITION BY visitor, session, pv ORDER BY seq)
      ), chained AS (
        SELECT *, sum(is_first) OVER (PARTITION BY visitor, session, pv ORDER BY seq) AS chain
        FROM clicks
      ), episodes AS (
        SELECT visitor, session, max(part) AS part FROM chained
        GROUP BY visitor, session, pv, chain HAVING count(*) >= 3
      )
      SELECT (SELECT count(DISTINCT (visitor, session, part)) FROM episodes)
        / (SELECT count(*) FROM sessions)`,
  },
];

// Milliseconds of `work`, and what it gave.
async function timed(work) {
  const start = process.hrtime.bigint();
  const value = await work();
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, value };
}

// All questions of a fresh database; times by name.
async function askDuckDb(log) {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const times = {};
  const answers = {};
  for (const { name, sql } of preparation) {
    times[name] = (await timed(() => connection.run(sql(log)))).ms;
  }
  for (const { kpi, sql } of questions) {
    const { ms, value } = await timed(() => connection.runAndReadAll(sql));
    times[kpi] = ms;
    answers[kpi] = Number(value.getRows()[0][0]);
  }
  connection.closeSync();
  instance.closeSync();
  return { times, answers, total: Object.values(times).reduce((a, b) => a + b) };
}

function askInsitu(cli, log) {
  const done = spawnSync(cli, ["report", log, "--json"], { maxBuffer: 1 << 28 });
  if (done.error) throw new Error(`${cli}: ${done.error.message} (INSITU_CLI names another)`);
  if (done.status > 1) throw new Error(`${cli}: ${done.stderr}`);
  return JSON.parse(done.stdout.toString()).kpis;
}

// Rows of the comparison; `missing` are the KPIs that this build does not have.
function compare(kpis, answers) {
  const rows = [];
  const missing = [];
  let failed = false;
  for (const { kpi } of questions) {
    if (!kpis[kpi]) {
      missing.push(kpi);
      continue;
    }
    const [ours, theirs] = [kpis[kpi].value, answers[kpi]];
    const isEqual =
      Number.isFinite(ours) &&
      Math.abs(ours - theirs) <= kTolerance * Math.max(1, Math.abs(theirs));
    failed ||= !isEqual;
    rows.push({ kpi, insitu: ours, duckdb: theirs, equal: isEqual ? "yes" : "NO" });
  }
  return { rows, missing, failed };
}

function best(runs) {
  return runs.reduce((a, b) => (b.total < a.total ? b : a));
}

function makeLog(folder, bytes, seed) {
  const log = join(folder, "log.ndjson");
  const args = [join(root, "tools/make_log.mjs"), "--bytes", bytes, "--seed", seed, "--out", log];
  const done = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (done.status !== 0) throw new Error("no log was made");
  return log;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      bytes: { type: "string", default: "100MB" },
      seed: { type: "string", default: "1" },
      runs: { type: "string", default: "3" },
    },
  });
  const cli = process.env.INSITU_CLI ?? join(root, "build/insitu");
  const runs = Number(values.runs);
  if (!(Number.isSafeInteger(runs) && runs > 0)) throw new Error("--runs must be from 1");
  const folder = mkdtempSync(join(tmpdir(), "insitu-bench-"));
  try {
    const log = positionals[0] ?? makeLog(folder, values.bytes, values.seed);
    const kpis = askInsitu(cli, log);
    const first = await askDuckDb(log);
    const { rows, missing, failed } = compare(kpis, first.answers);
    console.table(rows);
    if (missing.length > 0) console.log(`not in this build, not compared: ${missing.join(", ")}`);
    if (failed) {
      console.error("the answers differ: no times");
      process.exitCode = 1;
      return;
    }

    const theirs = [first];
    const ours = [];
    for (let i = 0; i < runs; i++) {
      const { ms } = await timed(() => askInsitu(cli, log));
      ours.push({ total: ms });
      if (theirs.length < runs) theirs.push(await askDuckDb(log));
    }
    const duckdb = best(theirs);
    // What is not compared is not counted.
    for (const kpi of missing) duckdb.total -= duckdb.times[kpi];
    const insitu = best(ours);
    const steps = Object.entries(duckdb.times).filter(([name]) => !missing.includes(name));
    console.table(steps.map(([step, ms]) => ({ "DuckDB step": step, ms: Math.round(ms) })));
    const megabytes = statSync(log).size / 1e6;
    const row = (name, ms) => ({
      name,
      ms: Math.round(ms),
      "MB/s": Math.round(megabytes / (ms / 1000)),
    });
    console.table([
      row(`insitu report --json, ${Object.keys(kpis).length} KPIs`, insitu.total),
      row(`DuckDB ${version()}, ${rows.length} questions`, duckdb.total),
    ]);
    const ratio = (duckdb.total / insitu.total).toFixed(1);
    console.log(`${megabytes.toFixed(0)} MB, one thread, best of ${runs}: ${ratio} times as fast`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(`duckdb.bench: ${error.message}`);
  process.exitCode = 2;
});
