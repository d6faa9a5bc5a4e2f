// SPDX-License-Identifier: MIT
// Covers the native command from outside: exit codes, messages, the shape of what it prints.
// Runs INSITU_CLI, or the newest of build/insitu and build/{release,native}/insitu.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const vectors = join(root, "tests/fixtures/vectors");
const tiny = join(vectors, "log_tiny.ndjson");

function findBinary() {
  if (process.env.INSITU_CLI) return process.env.INSITU_CLI;
  return ["build/insitu", "build/release/insitu", "build/native/insitu"]
    .map((path) => join(root, path))
    .filter(existsSync)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

const binary = findBinary();

function run(args, { input = "", env = {} } = {}) {
  const done = spawnSync(binary, args, { input, env: { ...process.env, ...env } });
  assert.equal(done.error, undefined);
  assert.equal(done.signal, null);
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
}

const event = (more) => JSON.stringify({ t: 1767225600000, visitor: "v", session: "s", ...more });
const clean = [
  event({ type: "session_start", seq: 0, segment: { device: "mobile" } }),
  event({ type: "page_view", seq: 1, page: "/", pv: 0, vw: 800, vh: 600, dw: 800, dh: 1200 }),
  event({ type: "click", seq: 2, t: 1767225601000, page: "/", pv: 0, x: 10, y: 10 }),
].join("\n");

describe("insitu", { skip: binary ? false : "there is no native build" }, () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "insitu-cli-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  const file = (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  test("help and version", () => {
    const { version } = JSON.parse(readFileSync(join(root, "js/package.json"), "utf8"));
    assert.deepEqual(run(["--version"]), { code: 0, out: `insitu ${version}\n`, err: "" });
    assert.match(run(["--help"]).out, /^usage: insitu /);
    const help = run(["report", "--help"]);
    assert.equal(help.code, 0);
    for (const word of ["--options", "--segment", "--table", "--json", "--csv", "Exit code"]) {
      assert.ok(help.out.includes(word), word);
    }
  });

  test("a clean log: exit code 0, nothing on standard error", () => {
    const done = run(["report", file("clean.ndjson", clean)]);
    assert.equal(done.code, 0);
    assert.equal(done.err, "");
    assert.match(done.out, /nothing was dropped/);
  });

  test("the table: families, columns, no colour, at most 100 columns", () => {
    const { out } = run(["report", tiny], { env: { NO_COLOR: undefined } });
    assert.match(out, /^.*log_tiny\.ndjson: \d+ client sessions, \d+ events\n/);
    assert.match(out, /value +95 % interval +n +note/);
    assert.match(out, /\nUsability\n/);
    assert.match(out, /\nTask get_help\n/);
    assert.match(out, /\nData quality\n {2}4 lines malformed\n/);
    assert.match(out, /Task success.* 17 %–100 % \(100 %, 1 of 1\)/);
    assert.ok(!out.includes("\x1b"));
    for (const line of out.split("\n")) assert.ok([...line].length <= 100, line);
  });

  test("the JSON: the expected numbers, and equal ones for the same log", () => {
    const done = run(["report", tiny, "--json"]);
    assert.equal(done.code, 1);
    const report = JSON.parse(done.out);
    const { expected } = JSON.parse(readFileSync(join(vectors, "log_tiny.expected.json"), "utf8"))
      .cases[0];
    for (const id of ["sessions", "visitors", "page_views"]) {
      assert.equal(report.kpis[id].value, expected.kpis[id].value, id);
    }
    assert.deepEqual(report.quality, expected.quality);
    assert.equal(run(["report", tiny, "--json"]).out, done.out);
    assert.equal(run(["report", "-", "--json"], { input: readFileSync(tiny) }).out, done.out);
  });

  test("the CSV: four cells in every line", () => {
    const { out } = run(["report", tiny, "--csv"]);
    const lines = out.trimEnd().split("\n");
    assert.equal(lines[0], "scope,kpi,field,value");
    assert.ok(lines.includes("site,sessions,value,5"));
    assert.ok(lines.includes("quality,,malformed,4"));
    for (const line of lines) assert.equal(line.split(",").length, 4, line);
  });

  test("problems: exit code 1, a summary and the first places", () => {
    const path = file("bad.ndjson", `${clean}\n{"type":\n${event({ type: "warp", seq: 3 })}\n`);
    const done = run(["report", path]);
    assert.equal(done.code, 1);
    assert.ok(done.out.length > 0);
    assert.ok(done.err.includes("1 line malformed, 1 event of an unknown type"));
    assert.ok(done.err.includes(`${path}:4:9: malformed: the line ends`), done.err);
    assert.ok(done.err.includes(`${path}:5: unknown_type: no event has the type "warp"`));
  });

  test("a log with controls in it does not reach the terminal", () => {
    const path = file("escape.ndjson", `${clean}\n${event({ type: "\u001b[2J\u009b", seq: 3 })}\n`);
    const done = run(["report", path]);
    assert.equal(done.code, 1);
    // Line breaks are all that may be there of C0, DEL and C1.
    const controls = [...done.err].filter((c) => /\p{Cc}/u.test(c) && c !== "\n");
    assert.deepEqual(controls, []);
  });

  test("a segment: only its client sessions", () => {
    const path = file(
      "segment.ndjson",
      `${clean}\n${clean.replaceAll('"v"', '"w"').replace("mobile", "tv")}\n`,
    );
    const sessions = (args) =>
      JSON.parse(run(["report", path, "--json", ...args]).out).kpis.sessions.value;
    assert.equal(sessions([]), 2);
    assert.equal(sessions(["--segment", "device=tv"]), 1);
    assert.equal(sessions(["--segment=device=fridge"]), 0);
  });

  test("options: as text and from a file, and what is wrong with them", () => {
    const path = file("options.ndjson", clean);
    const options = file("options.json", '{"confidence": 0.9}');
    for (const given of ['{"confidence": 0.9}', options]) {
      const { out } = run(["report", path, "--options", given]);
      assert.match(out, /90 % interval/);
    }
    const failure = (given) => {
      const done = run(["report", path, "--options", given]);
      assert.equal(done.code, 2);
      assert.equal(done.out, "");
      return done.err;
    };
    assert.match(
      failure('{"confidence": 2}'),
      /option `confidence` cannot be 2.*allowed: .*0 and 1/,
    );
    assert.match(failure('{"no_such_option": 1}'), /there is no option `no_such_option`/);
    assert.match(failure('{"a": 1,}'), /--options:1:\d+: syntax error/);
    const broken = file("broken.json", '{\n  "confidence": x\n}');
    assert.ok(failure(broken).includes(`${broken}:2:17: syntax error`), failure(broken));
    assert.match(failure(join(folder, "missing.json")), /cannot open .*missing\.json/);
  });

  test("unusable input: exit code 2 and no report", () => {
    const unusable = (args, message, input) => {
      const done = run(args, { input });
      assert.equal(done.code, 2, args.join(" "));
      assert.equal(done.out, "");
      assert.match(done.err, message);
    };
    unusable([], /see `insitu --help`/);
    unusable(["raport"], /there is no command `raport`/);
    unusable(["report"], /needs a log/);
    unusable(["report", tiny, "--xml"], /no option `--xml`/);
    unusable(["report", join(folder, "missing.ndjson")], /cannot open .*missing/);
    unusable(["report", folder], /cannot read/);
    unusable(["report", fileURLToPath(import.meta.url)], /is not a log/);
    unusable(["report", "-"], /is not a log/, "one\ntwo\n");
    unusable(["report", "-"], /shorter than a head/, "INSI, and no more");
  });

  test("an empty log is a report without data", () => {
    const done = run(["report", "-", "--json"], { input: "\n\n" });
    assert.equal(done.code, 0);
    assert.equal(JSON.parse(done.out).kpis.sessions.value, 0);
  });

  // ---- partials

  // Two visitors of a log, each also alone.
  const other = clean.replaceAll('"v"', '"w"').replace("mobile", "tv");
  const canonical = (path, ...more) => {
    const done = run(["partial", path, ...more]);
    assert.equal(done.code, 0, done.err);
    assert.equal(done.err, "");
    return done.out;
  };

  test("partials of parts merge to the partial of the whole, byte for byte, in any order", () => {
    const whole = canonical(file("both.ndjson", `${clean}\n${other}\n`));
    assert.ok(whole.endsWith("}\n"));
    assert.ok(!whole.includes('"v"'), "no visitor is in a partial");
    const a = file("a.json", canonical(file("a.ndjson", clean)));
    const b = file("b.json", canonical(file("b.ndjson", other)));
    for (const paths of [
      [a, b],
      [b, a],
    ]) {
      assert.deepEqual(run(["merge", ...paths]), { code: 0, out: whole, err: "" });
    }
    assert.equal(run(["merge", a]).out, readFileSync(a, "utf8"));
    assert.equal(run(["merge", "-"], { input: readFileSync(b) }).out, readFileSync(b, "utf8"));
  });

  test("the partial of a log is the reference's, and its report has the reference's numbers", () => {
    const done = run(["partial", tiny]);
    assert.equal(done.code, 1);
    assert.match(done.err, /4 lines malformed/);
    const [one] = JSON.parse(readFileSync(join(vectors, "log_tiny.partials.json"), "utf8")).cases;
    assert.equal(done.out, `${one.merged}\n`);
    const parts = one.partials.map((text, i) => file(`part${i}.json`, text));
    const merged = run(["merge", ...parts, "--report"]);
    assert.equal(merged.code, 1, "the log had problems, and they are counted");
    const report = JSON.parse(merged.out);
    assert.equal(report.mode, "sketch");
    assert.equal(report.kpis.sessions.value, one.report.kpis.sessions.value);
    assert.deepEqual(report.quality, one.report.quality);
    assert.match(run(["merge", ...parts, "--report", "--table"]).out, /^3 partials\n/);
    assert.match(run(["merge", ...parts, "--report", "--csv"]).out, /\nsite,sessions,value,5\n/);
  });

  test("partials in the compact form are read as others are", () => {
    const log = file("compact.ndjson", clean);
    const bytes = spawnSync(binary, ["partial", log, "--binary"]).stdout;
    assert.equal(bytes.subarray(0, 4).toString(), "INSP");
    assert.ok(bytes.length < canonical(log).length);
    const path = file("compact.insp", bytes);
    assert.equal(run(["merge", path]).out, canonical(log));
    const twice = spawnSync(binary, ["merge", path, path, "--binary"]).stdout;
    assert.equal(JSON.parse(run(["merge", file("twice.insp", twice)]).out).kpis.sessions.n, 2);
  });

  test("a partial has its options and segment, and small cells can be held back", () => {
    const log = file("cells.ndjson", `${clean}\n${other}\n`);
    const mobile = JSON.parse(canonical(log, "--segment", "device=mobile"));
    assert.equal(mobile.segment, "device=mobile");
    assert.equal(mobile.kpis.sessions.n, 1);
    assert.equal(mobile.options, "{}");
    const other_options = JSON.parse(canonical(log, "--options", '{"confidence": 0.9}'));
    assert.equal(other_options.options, '{"confidence":0.9}');
    assert.deepEqual(JSON.parse(canonical(log)).heatmaps["/"].click, { "0,0": 2 });
    assert.deepEqual(JSON.parse(canonical(log, "--min-count", "2")).heatmaps["/"].click, {
      "0,0": 2,
    });
    assert.equal(JSON.parse(canonical(log, "--min-count", "3")).heatmaps["/"].click, undefined);
  });

  test("partials that do not fit are refused by name, and nothing is printed", () => {
    const log = file("fit.ndjson", clean);
    const plain = file("plain.json", canonical(log));
    const refused = (message, ...paths) => {
      const done = run(["merge", ...paths]);
      assert.equal(done.code, 2, done.out);
      assert.equal(done.out, "");
      assert.match(done.err, message);
    };
    const mobile = file("mobile.json", canonical(log, "--segment", "device=mobile"));
    refused(/mobile\.json: does not fit the partials before it: \/segment differs/, plain, mobile);
    const ninety = file("ninety.json", canonical(log, "--options", '{"confidence": 0.9}'));
    refused(/ninety\.json: .*other options: \{"confidence":0\.9\}/, plain, ninety);
    refused(/broken\.json:1:3: /, plain, file("broken.json", "{ nothing"));
    refused(/no\.json: this is no partial/, plain, file("no.json", "{}"));
    refused(
      /later\.json: made under version 2 of the KPI specification/,
      file("later.json", '{"options":"{}","version":2}'),
    );
    refused(
      /new\.json: kpis\.warp is not known/,
      file("new.json", '{"kpis":{"warp":{"n":1}},"options":"{}","version":1}'),
    );
    refused(
      /bad\.json: .*no option `warp`/,
      file("bad.json", '{"options":"{\\"warp\\":1}","version":1}'),
    );
    const full = file(
      "full.json",
      '{"kpis":{"page_views":{"n":9007199254740992}},"options":"{}","version":1}',
    );
    refused(/plain\.json: the sum at \/kpis\/page_views\/n would leave the range/, full, plain);
    refused(/cannot open .*missing/, plain, join(folder, "missing.json"));
  });

  // ---- comparisons

  // A visitor who succeeds in `ms`, or gives up.
  const attempt = (visitor, ms, more = {}) =>
    [
      { type: "session_start", seq: 0, ...more },
      { type: "task_start", seq: 1, task: "buy" },
      {
        type: "task_end",
        seq: 2,
        t: 1767225600000 + ms,
        task: "buy",
        outcome: ms > 9000 ? "abandon" : "success",
      },
    ]
      .map((each) => event({ visitor, ...each }))
      .join("\n");
  const study = (name, times, more) => times.map((ms, i) => attempt(`${name}${i}`, ms, more));
  const fast = [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 9001];
  const slow = [7000, 8000, 9000, 10000, 10000, 10000, 10000, 10000, 10000, 10000];

  test("compare: two logs, rates and times with test, interval and p", () => {
    const a = file("fast.ndjson", study("a", fast).join("\n"));
    const b = file("slow.ndjson", study("b", slow).join("\n"));
    const done = run(["compare", a, b, "--json"]);
    assert.equal(done.code, 0, done.err);
    const { kpis, by_task, confidence } = JSON.parse(done.out);
    assert.equal(confidence, 0.95);
    // 9 of 10 against 3 of 10: sqrt(19/20) * 0.6 / sqrt(0.24 * 0.2), and 2 (1 - Phi(z)) in R.
    const rate = kpis.task_success_rate;
    assert.equal(rate.test, "n1_chi_square");
    assert.ok(Math.abs(rate.difference - 0.6) < 1e-12);
    assert.ok(Math.abs(rate.p - 0.0076) < 1e-4, `${rate.p}`);
    assert.ok(rate.ci[0] < 0.6 && rate.ci[1] > 0.6);
    assert.equal(kpis.time_on_task.test, "welch_log_t");
    const mean = (times) =>
      Math.exp(times.reduce((sum, ms) => sum + Math.log(ms), 0) / times.length);
    const ratio = mean(fast.slice(0, 9)) / mean(slow.slice(0, 3));
    assert.ok(Math.abs(kpis.time_on_task.ratio - ratio) < 1e-9);
    assert.deepEqual(by_task.buy.task_success_rate, rate);

    const table = run(["compare", a, b]).out;
    assert.match(table, /^A: .*fast\.ndjson\nB: .*slow\.ndjson\n/);
    assert.match(table, /Task success .* 90\.0 % .* 30\.0 % .*60\.0 % \(/);
    assert.match(table, /\nTask buy /);
    const wide = JSON.parse(
      run(["compare", a, b, "--json", "--options", '{"confidence":0.99}']).out,
    );
    assert.ok(wide.kpis.task_success_rate.ci[0] < rate.ci[0]);
  });

  test("compare: partials as well as logs, with the same rates", () => {
    const a = file("pa.ndjson", study("a", fast).join("\n"));
    const b = file("pb.ndjson", study("b", slow).join("\n"));
    const partial = file("pb.json", canonical(b));
    const logs = JSON.parse(run(["compare", a, b, "--json"]).out).kpis;
    const mixed = JSON.parse(run(["compare", a, partial, "--json"]).out).kpis;
    assert.deepEqual(mixed.task_success_rate, logs.task_success_rate);
    assert.ok(Math.abs(mixed.time_on_task.p - logs.time_on_task.p) < 1e-6);
    const bad = run(["compare", a, partial, "--options", '{"confidence": 0.9}']);
    assert.equal(bad.code, 2);
    assert.match(bad.err, /pb\.json: made with other options/);
  });

  test("compare: two segments of one log, the first is A", () => {
    const path = file(
      "devices.ndjson",
      [
        ...study("a", fast, { segment: { device: "tv" } }),
        ...study("b", slow, { segment: { device: "mobile" } }),
        ...study("c", [10000]),
      ].join("\n"),
    );
    const done = run([
      ...["compare", path, "--json"],
      ...["--segment", "device=mobile", "--segment", "device=tv"],
    ]);
    assert.equal(done.code, 0, done.err);
    const answer = JSON.parse(done.out);
    assert.equal(answer.a, "device=mobile");
    assert.equal(answer.b, "device=tv");
    assert.equal(answer.kpis.task_success_rate.n_a, 10);
    assert.equal(answer.kpis.task_success_rate.a, 0.3);
    assert.equal(answer.kpis.task_success_rate.b, 0.9);
  });

  test("compare: the arms of an A/B test, and whether they may be read", () => {
    const lines = [
      ...study("a", fast, { variant: "new" }),
      ...study("b", slow, { variant: "control" }),
      ...study("c", [10000]),
      attempt("both", 1000, { variant: "new" }),
      attempt("both", 1000, { variant: "control", session: "t" }).replaceAll('"s"', '"t"'),
    ];
    const path = file("arms.ndjson", lines.join("\n"));
    const done = run(["compare", path, "--variants", "--json"]);
    assert.equal(done.code, 0, done.err);
    const answer = JSON.parse(done.out);
    assert.equal(answer.a, "control");
    assert.equal(answer.b, "new");
    assert.equal(answer.kpis.task_success_rate.a, 0.3);
    assert.equal(answer.kpis.task_success_rate.n_b, 10);
    assert.deepEqual(
      { ...answer.experiment, srm: answer.experiment.srm.p },
      { visitors_a: 10, visitors_b: 10, in_both: 1, in_none: 1, srm: 1, may_be_read: true },
    );

    const lopsided = file(
      "lopsided.ndjson",
      [
        ...study("a", Array(60).fill(1000), { variant: "new" }),
        ...study("b", fast, { variant: "control" }),
      ].join("\n"),
    );
    assert.match(run(["compare", lopsided, "--variants"]).out, /\nDO NOT READ: /);
    const json = JSON.parse(run(["compare", lopsided, "--variants", "--json"]).out);
    assert.equal(json.experiment.may_be_read, false);

    const none = run(["compare", file("none.ndjson", clean), "--variants"]);
    assert.equal(none.code, 2);
    assert.match(none.err, /--variants compares two, and there are 0/);
  });

  test("compare: problems of either log are told, exit code 1", () => {
    const a = file("good.ndjson", clean);
    const b = file("torn.ndjson", `${clean}\n{"type":\n`);
    const done = run(["compare", a, b]);
    assert.equal(done.code, 1);
    assert.ok(done.out.length > 0);
    assert.match(done.err, /torn\.ndjson: 1 line malformed/);
    assert.ok(!done.err.includes("good.ndjson"));
  });

  // ---- formulas, plans, definitions

  test("calc: one formula, and many from a file with exit code 1 for failed ones", () => {
    const one = run(["calc", "two_proportion_n1", "x1=8", "n1=10", "x2=3", "n2=10"]);
    assert.equal(one.code, 0, one.err);
    assert.ok(Math.abs(JSON.parse(one.out).p - 0.02849312892629812) < 1e-12);
    for (const name of ["two_proportion_n1", "sus", "quantile"]) {
      const path = join(vectors, `${name}.json`);
      const done = run(["calc", "--cases", path]);
      assert.equal(done.code, 0, done.err);
      assert.equal(JSON.parse(done.out).length, JSON.parse(readFileSync(path, "utf8")).length);
    }
    const cases = [
      { kpi: "nps", input: { promoters: 5, passives: 3, detractors: 2 } },
      { kpi: "warp", input: {} },
    ];
    const some = run(["calc", "--cases", "-"], { input: JSON.stringify(cases) });
    assert.equal(some.code, 1);
    const [nps, warp] = JSON.parse(some.out);
    assert.equal(nps.value, 30);
    assert.match(warp.error, /no formula `warp`/);
    assert.match(some.err, /1 case of 2 failed/);
    const none = run(["calc", "warp"]);
    assert.deepEqual([none.code, none.out], [2, ""]);
    assert.match(none.err, /no formula `warp`/);
    assert.equal(run(["calc", "--cases", "-"], { input: "{" }).code, 2);
  });

  test("plan: how many people, in words and as JSON", () => {
    const plain = run(["plan"]);
    assert.equal(plain.code, 0);
    assert.match(plain.out, /20/);
    const plan = JSON.parse(
      run(["plan", "discovery", "--p", "0.31", "--goal", "0.85", "--json"]).out,
    );
    // 1 - 0.69^6 = 0.892, 1 - 0.69^5 = 0.844
    assert.equal(plan.n, 6);
    const bad = run(["plan", "discovery", "--p", "2"]);
    assert.deepEqual([bad.code, bad.out], [2, ""]);
    assert.match(bad.err, /^insitu: /);
  });

  test("lint: findings are exit code 1, none is 0, a broken file 2", () => {
    const definition = {
      id: "checkout",
      owner: "Team Cart",
      definition: "checkout_completion_rate",
      threshold: { warn: 0.6, bad: 0.5 },
      playbook: ["look at the errors"],
      cadence: "weekly",
      role: "outcome",
      stage: "purchase",
    };
    const fine = run(["lint", file("kpis.json", JSON.stringify([definition]))]);
    assert.equal(fine.code, 0, fine.out + fine.err);
    const found = run(["lint", "-", "--json"], {
      input: JSON.stringify({ kpis: [{ ...definition, owner: "" }] }),
    });
    assert.equal(found.code, 1);
    assert.deepEqual(JSON.parse(found.out), [["checkout", "missing_owner"]]);
    const broken = run(["lint", file("torn.json", "[\n{]")]);
    assert.deepEqual([broken.code, broken.out], [2, ""]);
    assert.match(broken.err, /torn\.json:2:2: /);
  });

  // ---- other forms of logs

  test("convert: lines to a binary log and back, with the same report", () => {
    const lines = file("convert.ndjson", `${clean}\n${other}\n`);
    const bytes = join(folder, "convert.insi");
    assert.deepEqual(run(["convert", lines, bytes]), { code: 0, out: "", err: "" });
    assert.equal(readFileSync(bytes).subarray(0, 4).toString(), "INSI");
    const report = (path) => JSON.parse(run(["report", path, "--json"]).out);
    assert.deepEqual(report(bytes), report(lines));
    const back = run(["convert", bytes, "-"]);
    assert.equal(back.code, 0);
    assert.deepEqual(report(file("back.ndjson", back.out)), report(lines));
    const lossy = run(["convert", tiny, join(folder, "tiny.insi")]);
    assert.equal(lossy.code, 1);
    assert.match(lossy.err, /4 lines malformed/);
    const missing = run(["convert", join(folder, "missing.ndjson"), join(folder, "x.insi")]);
    assert.equal(missing.code, 2);
    assert.ok(!existsSync(join(folder, "x.insi")));
    // What is no log for lines of a segment.
    const segment = run(["report", bytes, "--segment", "device=tv"]);
    assert.equal(segment.code, 2);
    assert.match(segment.err, /--segment needs a log of lines/);
  });

  test("--streaming: the same report of a log whose events are nearly in order", () => {
    for (const name of ["log_tiny", "log_small", "log_tabs"]) {
      const path = join(vectors, `${name}.ndjson`);
      const whole = run(["report", path, "--json"]);
      const streamed = run(["report", path, "--json", "--streaming"]);
      assert.equal(streamed.code, whole.code);
      assert.deepEqual(JSON.parse(streamed.out), JSON.parse(whole.out), name);
      assert.equal(
        run(["partial", path, "--streaming", "--segment", "device=mobile"]).out,
        run(["partial", path, "--segment", "device=mobile"]).out,
      );
    }
    const bytes = join(folder, "stream.insi");
    assert.equal(run(["convert", file("stream.ndjson", clean), bytes]).code, 0);
    const done = run(["report", bytes, "--streaming"]);
    assert.equal(done.code, 2);
    assert.match(done.err, /--streaming reads logs of lines/);
  });

  test("--streaming: an event far behind its place is counted as late", () => {
    const beats = Array.from({ length: 900 }, (_, i) =>
      event({ type: "heartbeat", seq: i + 10, t: 1767225700000 + i }),
    );
    const path = file("late.ndjson", `${beats.join("\n")}\n${clean}\n`);
    const whole = run(["report", path, "--json"]);
    assert.equal(JSON.parse(whole.out).quality.late, undefined);
    const streamed = run(["report", path, "--json", "--streaming"]);
    assert.equal(streamed.code, 1);
    assert.equal(JSON.parse(streamed.out).quality.late, 3);
    assert.match(streamed.err, /3 events after their window had closed \(dropped\)/);
  });

  test("every command has a help, and every mistake a message", () => {
    for (const name of [
      ...["report", "partial", "merge", "compare"],
      ...["convert", "calc", "plan", "lint"],
    ]) {
      const help = run([name, "--help"]);
      assert.deepEqual([help.code, help.err], [0, ""], name);
      assert.ok(help.out.startsWith(`usage: insitu ${name}`), name);
      assert.match(help.out, /Exit code/, name);
      assert.match(run(["--help"]).out, new RegExp(`\\n {2}${name}\\b`));
      const wrong = run([name, "--warp"]);
      assert.deepEqual([wrong.code, wrong.out], [2, ""], name);
      assert.match(wrong.err, /^insitu: .*\n$/, name);
    }
  });
});
