// SPDX-License-Identifier: MIT
// Covers the shell under Content-Security-Policies: none, one that allows WebAssembly, those that
// refuse it, and Trusted Types. There are numbers under all of them.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until, watchPage } from "./helpers/browser.mjs";
import { unbalanced } from "./helpers/journal.mjs";
import { startSite } from "./helpers/site.mjs";

const policies = {
  none: "",
  wasm: "script-src 'self' 'wasm-unsafe-eval'",
  documented: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
  "trusted types": "script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'",
  "trusted types, no policy allowed":
    "script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'",
  nonce: "script-src 'nonce-abc' 'wasm-unsafe-eval'",
  "nonce, strict-dynamic": "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'",
  plain: "script-src 'self'",
  "plain default": "default-src 'self'",
};
const refused = ["plain", "plain default"];

let browser;
let site;

before(async () => {
  browser = await launch();
  const names = Object.keys(policies);
  site = await startSite((path) => {
    const policy = policies[names[Number(path.slice(1))]];
    // No inline script or style: what happens is what the policy does to us.
    const html = `<!doctype html><meta charset="utf-8"><title>Test</title>
      <script defer nonce="abc" src="/insitu/insitu.js" data-keep-log></script>
      <main><button id="buy">Buy</button></main>`;
    return { html, headers: policy ? { "content-security-policy": policy } : {} };
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

for (const [index, name] of Object.keys(policies).entries()) {
  const allowed = !refused.includes(name);
  test(`policy ${name}: ${allowed ? "everything works" : "so does the core as a script, status() says why"}`, async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const seen = watchPage(page);
    const requests = [];
    page.on("request", (request) => requests.push(request.url().split("/").pop()));
    await page.goto(`${site.origin}/${index}`);
    await page.click("#buy");
    const core = await until(async () => {
      const status = await page.evaluate(() => insitu.status());
      return /ready|refused/.test(status.core.state) && status.core;
    }, "the core");
    await page.click("#buy");
    await page.evaluate(() => insitu.flush());
    const status = await page.evaluate(() => insitu.status());
    assert.equal(unbalanced(status), "");
    assert.equal(status.storage, "local");
    assert.equal(core.state, "ready");
    const { kpis } = await page.evaluate(() => insitu.report());
    assert.equal(kpis.number_of_clicks.value, 2);
    if (allowed) assert.equal(core.reason, "");
    else assert.match(core.reason, /^WebAssembly is refused \(.*'wasm-unsafe-eval'/);
    const cores = requests.flatMap((name) => /insitu\.core[\w-]*/.exec(name)?.[0] ?? []);
    assert.deepEqual(new Set(cores), new Set([allowed ? "insitu.core" : "insitu.core-nowasm"]));
    await sleep(300);
    // Chromium tells on the console when Trusted Types refuse the script element's address.
    const console = name.startsWith("trusted") ? [] : seen.console;
    assert.deepEqual([seen.errors, console], [[], []]);
    await context.close();
  });
}

test("what a core without WebAssembly has folded, one with it goes on with", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const at = (name) => `${site.origin}/${Object.keys(policies).indexOf(name)}`;
  await page.goto(at("plain"));
  await page.click("#buy");
  await page.evaluate(() => insitu.report());
  await page.goto(at("wasm"));
  const { kpis } = await page.evaluate(() => insitu.report());
  assert.deepEqual([kpis.number_of_clicks.value, kpis.page_views.value], [1, 2]);
  await context.close();
});

test("in a sandbox without an origin capture goes on in memory", async () => {
  const context = await browser.newContext();
  const sandboxed = await startSite((path) => ({
    html: `<!doctype html><meta charset="utf-8"><title>Test</title>
      <script defer src="/insitu/insitu.js"></script><main><button id="buy">Buy</button></main>`,
    headers: path === "/" ? { "content-security-policy": "sandbox allow-scripts" } : {},
  }));
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(sandboxed.origin);
  await page.click("#buy");
  const report = await page.evaluate(() => insitu.report());
  assert.equal(report.kpis.number_of_clicks.value, 1);
  const { storage, storageReason } = await page.evaluate(() => insitu.status());
  assert.equal(storage, "memory");
  assert.match(storageReason, /IndexedDB cannot be used here/);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await context.close();
  await sandboxed.close();
});
