// SPDX-License-Identifier: MIT
// WebAssembly switched off in each engine, and refused by the page's policy: the core runs as a
// script, nothing reaches the page, and the numbers are there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../e2e/helpers/browser.mjs";
import { engines, open } from "./drivers.mjs";
import { notedHtml, seenIn, startNotedSite } from "./site.mjs";

const off = {
  args: ["--js-flags=--jitless"],
  prefs: { "javascript.options.wasm": false },
  env: { JSC_useWasm: "0", JSC_useWebAssembly: "0" },
};
const policies = {
  "/allowed": "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
  "/refused": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:",
  "/typed": "script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
  "/unsafe-eval": "script-src 'self' 'unsafe-eval'",
};

let site;
before(async () => {
  const html = notedHtml({ body: '<main><button id="buy">Buy</button></main>' });
  site = await startNotedSite((path) => ({
    html,
    headers: policies[path] ? { "content-security-policy": policies[path] } : {},
  }));
});
after(() => site.close());

async function live(page, path) {
  await page.go(site.origin + path);
  await page.click("#buy");
  const settled = () =>
    page.evaluate(() => /ready|refused/.test(insitu.status().core.state) && insitu.status().core);
  const core = await until(settled, "the core", 30_000);
  const { kpis } = await page.evaluate(() => insitu.report());
  const { dropped } = await page.evaluate(() => insitu.status().events);
  const files = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name.split("/").pop()),
  );
  assert.deepEqual([core.state, dropped], ["ready", {}]);
  return { core, clicks: kpis.number_of_clicks.value, views: kpis.page_views.value, files };
}
const cores = (files) => [
  ...new Set(files.map((name) => /^insitu\.core[\w-]*/.exec(name)?.[0]).filter(Boolean)),
];

for (const engine of engines) {
  test(`${engine} without WebAssembly: the core as a script has the numbers`, async (t) => {
    const browser = await open(engine, off);
    t.after(() => browser.close());
    const { page } = browser;
    const seen = await live(page, "/");
    assert.equal(await page.evaluate(() => typeof WebAssembly), "undefined");
    assert.match(seen.core.reason, /^WebAssembly is refused \(ReferenceError/);
    assert.deepEqual([seen.clicks, seen.views], [1, 1]);
    assert.deepEqual(cores(seen.files), ["insitu.core-nowasm"]);
    // The state that was saved is gone on with.
    assert.equal((await live(page, "/")).clicks, 2);
    assert.deepEqual(await seenIn(page), []);
  });

  test(`${engine} under policies: numbers in all of them, no violation under the documented one`, async (t) => {
    const browser = await open(engine);
    t.after(() => browser.close());
    const { page } = browser;
    let clicks = 0;
    for (const path of ["/free", ...Object.keys(policies)]) {
      await page.evaluate(() => sessionStorage.removeItem("seen")).catch(() => {});
      const seen = await live(page, path);
      assert.equal(seen.clicks, ++clicks, path);
      const refused = path === "/refused" || path === "/typed";
      // WebKit refuses the real module only, not the empty one.
      const tried = refused && engine !== "webkit" ? [] : ["insitu.core"];
      const expected = refused ? [...tried, "insitu.core-nowasm"] : tried;
      assert.deepEqual(cores(seen.files), expected, path);
      if (refused) assert.match(seen.core.reason, /'wasm-unsafe-eval'/);
      else assert.equal(seen.core.reason, "");
      // Asking is how it is found out; the browser tells the page of the refusal.
      const told = (await seenIn(page)).filter((line) => !refused || !/ refused /.test(line));
      assert.deepEqual(told, [], path);
    }
  });
}
