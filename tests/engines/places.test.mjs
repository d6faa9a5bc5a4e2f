// SPDX-License-Identifier: MIT
// Places that give a page less: a sandboxed frame, a frame of another site, a page from a disk, and a
// browser with neither WebAssembly nor IndexedDB. In each engine capture works, the numbers are there,
// status() says what is missing, and nothing reaches the page.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { until } from "../e2e/helpers/browser.mjs";
import { unbalanced } from "../e2e/helpers/journal.mjs";
import { html } from "../e2e/helpers/site.mjs";
import { engines, open } from "./drivers.mjs";
import { notedHtml, seenIn, startNotedSite } from "./site.mjs";

const off = {
  args: ["--js-flags=--jitless"],
  prefs: { "javascript.options.wasm": false, "dom.indexedDB.enabled": false },
  env: { JSC_useWasm: "0", JSC_useWebAssembly: "0" },
};
// The engines but Firefox have no switch for it: reading the property throws, as in some sandboxes.
const NO_DB = `<script>Object.defineProperty(window, "indexedDB", { get() {
  throw new DOMException("refused", "SecurityError"); } })</script>`;
// Tells the page above what became of this one.
const TELL = `<script>addEventListener("DOMContentLoaded", function () {
  insitu.goal("seen");
  insitu.report().then(function (report) {
    parent.postMessage({ kpis: [report.kpis.page_views.value, report.kpis.sessions.value],
      status: JSON.stringify(insitu.status()), seen: window.seen || [] }, "*");
  }, function (reason) { parent.postMessage({ refused: String(reason) }, "*"); });
})</script>`;

const body = '<main><button id="buy">Buy</button></main>';
const frames = {
  sandboxed: (site) => `<iframe sandbox="allow-scripts" src="${site}/inner"></iframe>`,
  "of another site": (site) =>
    `<iframe src="${site.replace("127.0.0.1", "localhost")}/inner"></iframe>`,
};

let site;
let own;
let folder;
before(async () => {
  site = await startNotedSite((path) => {
    if (path.startsWith("/nothing/")) return undefined;
    if (path === "/inner") return notedHtml({ body, head: TELL });
    if (path === "/no-db") return notedHtml({ body, head: NO_DB });
    if (path === "/bare")
      return notedHtml({ body, head: NO_DB, attributes: 'data-core="/nothing/"' });
    return notedHtml({ body });
  });
  // Its frames are of a server of their own, which listens to both names.
  own = await startNotedSite((path) => {
    const frame = frames[decodeURIComponent(path.slice(1))];
    const listen = `<script>addEventListener("message", function (event) { window.told = event.data })</script>`;
    return html({ tag: false, body: frame ? listen + frame(site.origin) : "" });
  });
  folder = mkdtempSync(join(tmpdir(), "insitu-places-"));
  cpSync(new URL("../../dist/", import.meta.url), join(folder, "insitu"), { recursive: true });
  writeFileSync(join(folder, "page.html"), html({ body }).replaceAll('"/insitu/', '"insitu/'));
});
after(async () => {
  await site.close();
  await own.close();
  rmSync(folder, { recursive: true });
});

for (const engine of engines) {
  test(`${engine}: frames that are sandboxed or of another site`, async (t) => {
    const browser = await open(engine);
    t.after(() => browser.close());
    for (const name of Object.keys(frames)) {
      await browser.page.go(`${own.origin}/${encodeURIComponent(name)}`);
      const told = await until(
        () => browser.page.evaluate(() => window.told ?? null),
        `the frame ${name}`,
        30_000,
      );
      assert.equal(told.refused, undefined, name);
      const status = JSON.parse(told.status);
      t.diagnostic(`${name}: ${status.storage} ${status.storageReason}`);
      assert.deepEqual(told.kpis, [1, 1], name);
      assert.equal(unbalanced(status), "", name);
      assert.deepEqual([told.seen, status.warnings], [[], []], name);
      // A sandbox has no storage; what a frame of another site has is the browser's to say.
      if (name === "sandboxed") assert.equal(status.storage, "memory");
      if (status.storage === "memory")
        assert.match(status.storageReason, /IndexedDB cannot be used/);
      else assert.equal(status.storage, "local");
    }
  });

  test(`${engine}: a page from a disk`, async (t) => {
    const browser = await open(engine);
    t.after(() => browser.close());
    const { page } = browser;
    await page.go(pathToFileURL(join(folder, "page.html")).href);
    await page.click("#buy");
    const { kpis } = await page.evaluate(() => insitu.report());
    const status = await page.evaluate(() => insitu.status());
    t.diagnostic(`file: ${status.storage} ${status.storageReason}`);
    assert.deepEqual([kpis.page_views.value, kpis.number_of_clicks.value], [1, 1]);
    assert.equal(unbalanced(status), "");
    assert.deepEqual(status.warnings, []);
  });

  test(`${engine} with neither WebAssembly nor IndexedDB`, async (t) => {
    const browser = await open(engine, off);
    t.after(() => browser.close());
    const { page } = browser;
    await page.go(`${site.origin}/no-db`);
    await page.click("#buy");
    const { kpis } = await page.evaluate(() => insitu.report());
    const status = await page.evaluate(() => insitu.status());
    assert.deepEqual([kpis.page_views.value, kpis.number_of_clicks.value], [1, 1]);
    assert.equal(status.storage, "memory");
    assert.match(status.storageReason, /IndexedDB cannot be used here/);
    assert.match(status.core.reason, /^WebAssembly is refused/);
    assert.equal(unbalanced(status), "");
    // And without the core's file: capture lives, and the report says why it is none.
    await page.go(`${site.origin}/bare`);
    await page.click("#buy");
    const reason = await page.evaluate(() => insitu.report().catch(String));
    assert.match(reason, /could not be loaded.*Capture goes on/);
    await page.evaluate(() => insitu.flush());
    const bare = await page.evaluate(() => insitu.status());
    assert.ok(bare.events.stored >= 2, JSON.stringify(bare.events));
    assert.deepEqual([unbalanced(bare), bare.events.dropped], ["", {}]);
    assert.deepEqual(await seenIn(page), []);
  });
}
