// SPDX-License-Identifier: MIT
// Old Chromiums, the oldest of 2018: the script tag parses, captures real clicks and keys, and has the
// numbers, by WebAssembly or by the script in its place; nothing is thrown. INSITU_OLD_BROWSERS is
// the folder that tools/old_browsers prints.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { until } from "../e2e/helpers/browser.mjs";
import { notedHtml, startNotedSite } from "./site.mjs";

const folder = process.env.INSITU_OLD_BROWSERS;
const skip = folder || process.env.INSITU_FULL ? false : "only with old browsers: INSITU_FULL=1";
// Which core each can run: what the module is made of came in 2019.
const versions = { 64: "-nowasm", 72: "-nowasm", 88: "", 92: "", 110: "" };

let site;
before(async () => {
  const body = `<main><button id="buy" style="position: absolute; left: 0; top: 0; width: 200px;
    height: 100px">Buy</button></main>`;
  site = await startNotedSite(() =>
    notedHtml({ body, attributes: "data-keep-log data-goals='order'" }),
  );
});
after(() => site.close());

// Their own drivers are gone: the DevTools protocol itself, over the page's socket.
async function connect(profile) {
  const port = await until(
    () => {
      const file = join(profile, "DevToolsActivePort");
      return existsSync(file) && readFileSync(file, "utf8").split("\n")[0];
    },
    "the browser",
    30_000,
  );
  const pages = () => fetch(`http://127.0.0.1:${port}/json`).then((answer) => answer.json());
  const page = await until(
    async () => (await pages()).find(({ type }) => type === "page"),
    "a page",
  );
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  await new Promise((done, failed) => socket.once("open", done).once("error", failed));
  let last = 0;
  const waiting = new Map();
  socket.on("message", (data) => {
    const { id, result, error } = JSON.parse(data);
    if (error) waiting.get(id)?.failed(new Error(error.message));
    else waiting.get(id)?.done(result);
  });
  const call = (method, params = {}) =>
    new Promise((done, failed) => {
      waiting.set(++last, { done, failed });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return {
    call,
    close: () => socket.close(),
    async evaluate(expression) {
      const params = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await call("Runtime.evaluate", params);
      if (exceptionDetails) throw new Error(result.description ?? exceptionDetails.text);
      return result.value;
    },
  };
}

for (const [version, core] of Object.entries(versions)) {
  test(`Chromium ${version} captures and has the numbers`, {
    skip,
    timeout: 120_000,
  }, async (t) => {
    const program = join(folder ?? "", version, "chromium");
    assert.ok(existsSync(program), `there is no ${program}: run tools/old_browsers`);
    const profile = mkdtempSync(join(tmpdir(), `insitu-old-${version}-`));
    const browser = spawn(
      program,
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--single-process",
        "--no-zygote",
        "--disable-dev-shm-usage",
        `--user-data-dir=${profile}`,
        "--remote-debugging-port=0",
        `${site.origin}/`,
      ],
      {
        stdio: "ignore",
        env: { ...process.env, LD_LIBRARY_PATH: join(folder, version, "lib") },
      },
    );
    const ended = new Promise((done) => browser.once("exit", done));
    t.after(async () => {
      browser.kill("SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    });
    const page = await connect(profile);
    t.after(() => page.close());
    const state = () =>
      page.evaluate(`typeof insitu === "function" && insitu.status().core.state`).catch(() => "");
    await until(async () => /ready|refused/.test(await state()), "the core", 60_000);
    const mouse = { x: 50, y: 50, button: "left", clickCount: 1 };
    for (const type of ["mousePressed", "mouseReleased"]) {
      await page.call("Input.dispatchMouseEvent", { type, ...mouse });
    }
    const typed = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" };
    for (const type of ["keyDown", "keyUp"]) {
      await page.call("Input.dispatchKeyEvent", { type, ...typed });
    }
    await page.evaluate(`insitu("goal", "order"); insitu.segment({ customer: "new" });
      history.pushState({}, "", "/next")`);
    await until(
      async () => (await page.evaluate("insitu.report()")).kpis.page_views.value === 2,
      "the second page view",
    );
    const report = await page.evaluate("insitu.report()");
    const status = await page.evaluate("insitu.status()");
    const log = await page.evaluate(`insitu.export("ndjson")`);
    assert.match(await page.evaluate("navigator.userAgent"), new RegExp(`Chrome/${version}\\.`));
    assert.equal(report.kpis.number_of_clicks.value, 2, "the mouse and Enter");
    assert.equal(report.kpis.conversion_rate.x, 1);
    assert.match(log, /"customer":"new"/);
    assert.deepEqual([status.core.state, status.storage], ["ready", "local"]);
    assert.equal(status.core.reason !== "", core !== "", status.core.reason);
    assert.deepEqual(status.warnings, []);
    assert.deepEqual(status.events.dropped, {});
    assert.deepEqual(await page.evaluate("window.seen || []"), []);
  });
}
