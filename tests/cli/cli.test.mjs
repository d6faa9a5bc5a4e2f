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
});
