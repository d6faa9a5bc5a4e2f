// SPDX-License-Identifier: MIT
// The promise of the journal in Firefox and WebKit (tests/e2e/kill.test.mjs has Chromium): what
// happened more than 300 ms before every process is killed is in the next report, and counts once.
// Both run without a driver, because a WebKit session under automation keeps nothing: so events come
// from the page itself, which tells the server of each.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sleep, until } from "../e2e/helpers/browser.mjs";
import { killAll } from "../e2e/helpers/processes.mjs";
import { html } from "../e2e/helpers/site.mjs";
import { engines, firefoxPath, miniBrowser, onDisplay, webkitEnv } from "./drivers.mjs";
import { startNotedSite } from "./site.mjs";

const SAFE_MS = 300;
const ROUNDS = process.env.INSITU_FULL ? 30 : 1;
const EVENT_MS = 20;

const start = {
  firefox(folder, url) {
    const quiet = {
      "browser.aboutwelcome.enabled": false,
      "browser.sessionstore.resume_from_crash": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "toolkit.startup.max_resumed_crashes": -1,
    };
    const prefs = Object.entries(quiet).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`,
    );
    writeFileSync(join(folder, "user.js"), prefs.join(""));
    return spawn(firefoxPath, ["--headless", "--no-remote", "--profile", folder, url], {
      stdio: "ignore",
    });
  },
  webkit: (folder, url) => onDisplay(miniBrowser, [url], webkitEnv(folder)),
};

let site;
before(async () => {
  const write = `<script>onload = async () => {
    while (insitu.status().storage !== "local") await new Promise((done) => setTimeout(done, 10));
    let n = 0;
    setInterval(() => {
      insitu.goal(location.pathname.slice(1) + "." + ++n);
      fetch("/note/goal-" + location.pathname.slice(1) + "." + n + "-" + Date.now());
    }, ${EVENT_MS});
  }</script>`;
  const read = `<script>onload = async () => {
    const { kpis } = await insitu.report();
    const lines = (await insitu.export("ndjson")).trimEnd().split("\\n").map((line) => JSON.parse(line));
    const names = lines.filter(({ type }) => type === "conversion").map(({ goal }) => goal);
    await fetch("/note/read", { method: "POST", body: "" });
    for (const name of names) await fetch("/note/found-" + name);
    fetch("/note/end-" + kpis.page_views.value);
  }</script>`;
  site = await startNotedSite((path) => {
    if (path === "/favicon.ico") return undefined;
    return html({ head: path === "/read" ? read : write, attributes: "data-keep-log" });
  });
});
after(() => site.close());

for (const engine of engines.filter((engine) => start[engine])) {
  test(`${engine}: kill -9, ${ROUNDS} times`, { timeout: 60_000 + ROUNDS * 30_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), `insitu-kill-${engine}-`));
    t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
    const safe = [];
    for (let round = 0; round < ROUNDS; round++) {
      site.notes.length = 0;
      const { pid } = start[engine](folder, `${site.origin}/r${round}`);
      t.after(() => killAll(folder, pid));
      // By the clock, and by the page's own timers: where it, or who passes on and stores what it has
      // seen, gets no time to run, nothing becomes safe either.
      const older = (than) => {
        const goals = site.notes
          .map((note) => /^goal-(.*\.(\d+))-(\d+)$/.exec(note))
          .filter((match) => match);
        const latest = Math.max(...goals.map(([, , n]) => Number(n)));
        return goals
          .filter(([, , n, t]) => latest - n > SAFE_MS / EVENT_MS && t < than - SAFE_MS)
          .map(([, name]) => name);
      };
      await until(() => older(Date.now()).length > 5, "events older than the promise", 60_000);
      await sleep(Math.random() * 900);
      const killed = Date.now();
      killAll(folder, pid);
      safe.push(...older(killed));
      await sleep(300);
    }
    site.notes.length = 0;
    const { pid } = start[engine](folder, `${site.origin}/read`);
    t.after(() => killAll(folder, pid));
    await until(() => site.notes.some((note) => note.startsWith("end-")), "the report", 60_000);
    killAll(folder, pid);
    const found = site.notes
      .filter((note) => note.startsWith("found-"))
      .map((note) => note.slice(6));
    assert.deepEqual(
      safe.filter((name) => !found.includes(name)),
      [],
      "lost",
    );
    assert.equal(new Set(found).size, found.length, "none counts twice");
    assert.ok(safe.length > 5 * ROUNDS);
    // Those of the rounds, and the one that reads.
    assert.ok(site.notes.includes(`end-${ROUNDS + 1}`), String(site.notes.at(-1)));
  });
}
