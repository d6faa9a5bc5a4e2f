// SPDX-License-Identifier: MIT
// The demo as a visitor sees it: the first screen, the live panel, the buttons that annoy, what is
// kept, the heatmap. Real mouse. Access by keyboard and the like is in demo_access.test.mjs.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { serve } from "../../tools/serve.mjs";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until } from "./helpers/browser.mjs";
import { isReady, openDemo, readKpi, readWatch } from "./helpers/demo.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shots = join(root, "build/screenshots");
let site;
let browser;

before(async () => {
  mkdirSync(shots, { recursive: true });
  site = await serve({ port: 0 });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(path, options) {
  const opened = await openDemo(browser, site.url + path, options);
  await isReady(opened.page);
  return opened;
}
const plain = (text) => text.replaceAll("\u00a0", " ");
const inView = (page, selector) => page.locator(selector).first().boundingBox();
const reportOf = (page) => page.evaluate(() => insitu.report());
const dataView = (page, selector) => page.locator(`#data-view ${selector}`);

test("a stranger reads on the first screen what this is, what to do, and that nothing is sent", async () => {
  const { page, seen, close } = await open("/index.html");
  const heading = await page.locator("h1").innerText();
  assert.match(heading, /measures how easy it is to use.*in your own browser.*nothing leaves it/);
  assert.equal(await page.locator("h1").count(), 1);
  const cost = page.locator("insitu-panel .cost");
  await until(async () => /Sent:\s0\sbytes/.test(await cost.innerText()), "0 bytes");
  // All of it on the first screen: the sentence, a task with its button, the numbers beside it.
  const parts = ["h1", '[data-insitu-name="start-find-tent"]', '[data-kpi="task_success_rate"]'];
  for (const part of [...parts, "insitu-panel .cost", "#break-title"]) {
    const box = await inView(page, part);
    assert.ok(box && box.y >= 0 && box.y + box.height <= 800, `${part} is on the first screen`);
  }
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("a click is in the panel within two seconds", async () => {
  const { page, close } = await open("/index.html");
  await page.locator('label.chip:has-text("Packs")').click();
  const clicked = Date.now();
  const isThere = async () => (await readKpi(page, "number_of_clicks")).lead === "1";
  await until(isThere, "one click", 4000);
  assert.ok(Date.now() - clicked < 2500);
  assert.equal(
    plain(await page.locator("insitu-panel .mini").innerText()).match(/Clicks\s+1/) !== null,
    true,
  );
  await close();
});

test("every number of the panel is the report's, with n, interval and definition", async () => {
  const { page, close } = await open("/index.html");
  await page.locator('[data-insitu-name="start-order-status"]').click();
  await page.locator('[data-insitu-name="nav-account"]').click();
  await page.locator('[data-insitu-name="account-orders"]').click();
  await until(
    async () => (await readKpi(page, "task_success_rate")).rest.includes("1 of 1"),
    "a success",
  );
  const report = await reportOf(page);
  const success = report.kpis.task_success_rate;
  assert.equal((await readKpi(page, "task_success_rate")).lead, "17–100 %");
  const drawn = await page.evaluate(() => {
    const panel = document.querySelector("insitu-panel").shadowRoot;
    return [...panel.querySelectorAll("[data-kpi]")].map((item) => ({
      id: item.dataset.kpi,
      lead: item.querySelector(".lead").textContent,
      rest: item.querySelector(".rest").textContent,
      track: item.querySelector(".track").hidden,
      interval: item.querySelector(".interval").style.cssText,
      explanation: item.querySelector(".explanation").textContent,
      facts: [...item.querySelectorAll("details dt")].map((name) => name.textContent),
      made: item.querySelector(".made").textContent,
    }));
  });
  assert.ok(drawn.length >= 16);
  // A count says itself how many.
  const counts = ["sessions", "page_views", "number_of_clicks"];
  for (const { id, lead, rest, track, explanation, facts, made } of drawn) {
    assert.match(explanation, /^[A-Z].+\.$/, id);
    for (const fact of ["Formula", "Unit", "Source"])
      assert.ok(facts.includes(fact), `${id}: ${fact}`);
    assert.ok(made.startsWith(`${id} v`), id);
    const { value, ci } = report.kpis[id];
    assert.equal(lead === "no data yet", value === null, id);
    if (value === null) continue;
    if (!counts.includes(id)) assert.match(rest, /\d/, `${id} says of how many`);
    if (ci && id !== "pages_per_visit")
      assert.equal(track, false, `${id} has its interval as a bar`);
  }
  const { interval } = drawn.find(({ id }) => id === "task_success_rate");
  const [left, width] = interval.match(/[\d.]+(?=%)/g).map(Number);
  assert.ok(Math.abs(left - success.ci[0] * 100) < 0.01);
  assert.ok(Math.abs(width - (success.ci[1] - success.ci[0]) * 100) < 0.01);
  await close();
});

// In view and at rest: what a page does while it starts, and scrolling, would answer a click.
async function settled(page, selector) {
  await page.locator(selector).scrollIntoViewIfNeeded();
  await sleep(800);
}

test("a dead button: the dead click is noticed after 2,500 ms, not before, and without another click", async () => {
  const { page, seen, close } = await open("/index.html");
  assert.match(await readWatch(page, "break-dead"), /Nothing yet/);
  // By touch of a key: no mouse moves afterwards that would tell of time going by.
  await page.locator("#break-dead").focus();
  // The focus may scroll, and scrolling right after a click would be its answer.
  await sleep(600);
  await page.keyboard.press("Enter");
  const pressed = Date.now();
  await until(async () => /Watching/.test(await readWatch(page, "break-dead")), "a watch");
  const noticed = async () =>
    /Noticed: 1 dead click.*within 2,500 ms/.test(await readWatch(page, "break-dead"));
  await until(noticed, "the dead click", 9000);
  assert.ok(Date.now() - pressed >= 2500);
  const { x, n } = (await reportOf(page)).kpis.dead_click_rate;
  assert.deepEqual([x, n], [1, 1]);
  assert.match(await readWatch(page, "break-slow"), /Nothing yet/);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("a slow answer: it comes after three seconds, and the click was a dead one", async () => {
  const { page, close } = await open("/index.html");
  await settled(page, "#break-slow");
  await page.locator("#break-slow").click();
  const clicked = Date.now();
  const answer = page.locator(".breaker", { has: page.locator("#break-slow") }).locator(".answer");
  await until(async () => (await answer.innerText()) !== "", "the answer", 6000);
  assert.ok(Date.now() - clicked >= 2800);
  await until(
    async () => /Noticed: 1 dead click/.test(await readWatch(page, "break-slow")),
    "it",
    6000,
  );
  assert.equal((await reportOf(page)).kpis.dead_click_rate.x, 1);
  await close();
});

test("a script error: the error click is noticed at once, and nothing else", async () => {
  const { page, seen, close } = await open("/index.html");
  await page.locator("#break-script").click();
  const noticed = async () =>
    /Noticed: 1 error click.*within 1,000 ms/.test(await readWatch(page, "break-script"));
  await until(noticed, "the error click", 5000);
  const { kpis } = await reportOf(page);
  assert.deepEqual(
    [kpis.error_click_rate.x, kpis.js_error_rate.x, kpis.rage_click_rate.episodes],
    [1, 1, 0],
  );
  assert.deepEqual(seen.errors, ["Error: The demo's button with a bug"]);
  await close();
});

test("a stubborn button: quick presses are rage, slow ones are not", async () => {
  const { page, close } = await open("/index.html");
  for (let i = 0; i < 3; ++i) {
    await page.locator("#break-rage").click();
    await sleep(1300);
  }
  assert.equal((await reportOf(page)).kpis.rage_click_rate.episodes, 0);
  assert.doesNotMatch(await readWatch(page, "break-rage"), /rage click.*noticed|Noticed: 1 rage/);
  for (let i = 0; i < 3; ++i) await page.locator("#break-rage").click();
  const noticed = async () => /Noticed:.*1 rage click/.test(await readWatch(page, "break-rage"));
  await until(noticed, "the rage click", 5000);
  assert.match(
    await readWatch(page, "break-rage"),
    /3 clicks or more within 30 px, each less than 1,000 ms/,
  );
  assert.equal((await reportOf(page)).kpis.rage_click_rate.episodes, 1);
  await close();
});

test("clicks that are answered annoy nobody, also while a task's clock runs", async () => {
  const { page, close } = await open("/index.html");
  await page.locator('[data-insitu-name="start-find-tent"]').click();
  for (const name of ["Packs", "Sleep", "Light"]) {
    await page.locator(`label.chip:has-text("${name}")`).click();
    await sleep(1100);
  }
  // Scrolling right after a click would be its answer.
  await page.locator("#break-dead").scrollIntoViewIfNeeded();
  await sleep(600);
  await page.locator("#break-dead").click();
  await sleep(3000);
  const { kpis } = await reportOf(page);
  assert.deepEqual([kpis.dead_click_rate.x, kpis.rage_click_rate.episodes], [1, 0]);
  await close();
});

test("the data view shows what insitu.stored() gives, and 0 bytes sent", async () => {
  const { page, close } = await open("/index.html");
  await page.locator('label.chip:has-text("Packs")').click();
  await page.locator("#data").scrollIntoViewIfNeeded();
  // Both are read at once, and until both are of the same moment.
  const same = () =>
    page.evaluate(async () => {
      const view = document.querySelector("#data-view").shadowRoot;
      const stored = await insitu.stored();
      const events = [...stored.log, ...stored.waiting];
      const counts = {};
      for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
      const cells = (selector) =>
        [...view.querySelectorAll(`${selector} tr`)].map((line) =>
          [...line.children].map((cell) => cell.textContent),
        );
      const shown = Object.fromEntries(cells("#types").map(([type, n]) => [type, Number(n)]));
      const latest = cells("#events").map(([, type, at]) => `${type} ${at}`);
      const last = events
        .slice(-8)
        .reverse()
        .map(({ type, page: at }) => `${type} ${at}`);
      const bytes = stored.bytes.waiting + stored.bytes.log + stored.bytes.sums;
      const kept = view.querySelector("#kept").textContent;
      const key = view.textContent.includes(stored.visitor.key);
      const sort = (counted) => JSON.stringify(Object.entries(counted).sort());
      return {
        equal:
          sort(shown) === sort(counts) && JSON.stringify(latest) === JSON.stringify(last) && key,
        bytes,
        kept,
        clicks: shown.click,
      };
    });
  const view = await until(
    async () => {
      const now = await same();
      return now.equal && now.clicks === 1 ? now : null;
    },
    "the same in both",
    8000,
  );
  assert.match(
    plain(view.kept),
    new RegExp(`^${(view.bytes / 1000).toFixed(1).replace(".0", "").slice(0, 2)}`),
  );
  assert.equal(plain(await dataView(page, "#sent").innerText()), "0 bytes");
  assert.match(
    plain(await dataView(page, "section").first().innerText()),
    /0 requests other than for the page's own files/,
  );
  // The sums, word for word.
  await dataView(page, "summary").last().click();
  const text = await until(() => dataView(page, "pre").innerText(), "the sums");
  const sums = JSON.parse(text);
  assert.deepEqual(
    Object.keys(sums),
    Object.keys(await page.evaluate(async () => (await insitu.stored()).sums)),
  );
  await close();
});

test("a request that is not for a file of the page is counted and named", async () => {
  const { page, close } = await open("/index.html");
  const elsewhere = site.url.replace("127.0.0.1", "localhost");
  await page.evaluate((url) => {
    new Image().src = `${url}/icon.svg`;
  }, elsewhere);
  const sent = dataView(page, "section").first();
  await until(async () => /1\srequest other/.test(await sent.innerText()), "one request");
  await sent.locator("summary").click();
  assert.match(await sent.innerText(), new RegExp(`${elsewhere}/icon.svg`));
  await close();
});

test("the downloads are the log and the report", async () => {
  const { page, close } = await open("/index.html");
  await page.locator('label.chip:has-text("Packs")').click();
  const text = async (name) => {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name }).click(),
    ]);
    return [file.suggestedFilename(), readFileSync(await file.path(), "utf8")];
  };
  const [logName, log] = await text("Download the events");
  assert.equal(logName, "insitu-log.ndjson");
  const lines = log
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.ok(lines.some(({ type }) => type === "click"));
  const [reportName, report] = await text("Download the report");
  assert.equal(reportName, "insitu-report.json");
  assert.equal(JSON.parse(report).kpis.number_of_clicks.value, 1);
  await close();
});

test("forget everything asks once, then empties panel, view and store", async () => {
  const { page, close } = await open("/index.html");
  await page.locator('label.chip:has-text("Packs")').click();
  await until(
    async () => (await readKpi(page, "number_of_clicks")).lead === "1",
    "one click",
    4000,
  );
  await page.getByRole("button", { name: "Forget everything" }).click();
  assert.equal((await reportOf(page)).kpis.number_of_clicks.value, 1);
  await page.getByRole("button", { name: "Really forget?" }).click();
  await until(async () => (await reportOf(page)).kpis.number_of_clicks.value === 0, "no clicks");
  await until(
    async () => (await readKpi(page, "number_of_clicks")).lead !== "1",
    "the panel",
    4000,
  );
  await close();
});

test("stop measuring erases and lasts; measure again begins anew", async () => {
  const { page, close } = await open("/index.html");
  await page.getByRole("button", { name: "Stop measuring" }).click();
  await until(() => page.evaluate(() => insitu.status().mode === "off"), "the end");
  await until(
    async () => /what was kept is erased/.test(await dataView(page, ".said").innerText()),
    "the word of it",
  );
  await page.reload();
  assert.equal(await page.evaluate(() => insitu.status().mode), "off");
  await until(
    async () => /switched off/.test(await page.locator("insitu-panel .state").innerText()),
    "the panel",
  );
  await Promise.all([
    page.waitForEvent("load"),
    page.getByRole("button", { name: "Measure again" }).click(),
  ]);
  await isReady(page);
  assert.equal(await page.evaluate(() => insitu.status().mode), "on");
  await close();
});

test("take it away: the snippet is copied, and the sizes are those of the files", async () => {
  const { page, close } = await open("/index.html", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await page.getByRole("button", { name: "Copy" }).click();
  const said = () => page.locator("#copied").innerText();
  await until(said, "an answer of Copy");
  assert.match(await said(), /Copied/);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, '<script defer src="/insitu/insitu.js" data-site="shop"></script>');
  for (const [id, file] of [
    ["#size-script", "insitu.js"],
    ["#size-core", "insitu.core.js"],
  ]) {
    const size = brotliCompressSync(readFileSync(join(root, "dist/demo/insitu", file))).length;
    const shown = Number.parseFloat(await page.locator(id).innerText()) * 1000;
    assert.ok(Math.abs(shown - size) <= 500, `${file}: ${shown} and ${size}`);
  }
  await close();
});

test("the heatmap lies over the page, lets clicks through and leaves no trace", async () => {
  const { page, seen, close } = await open("/index.html");
  for (const name of ["Packs", "Sleep", "Packs", "Light"]) {
    await page.locator(`label.chip:has-text("${name}")`).click();
  }
  const elements = await page.evaluate(() => document.querySelectorAll("*").length);
  const kinds = page.getByRole("combobox", { name: "What the heatmap shows" });
  assert.deepEqual(
    await kinds.locator("option").evaluateAll((all) => all.map(({ value }) => value)),
    ["click", "first_click", "rage", "dead", "error", "dwell", "attention", "scroll_reach"],
  );
  await page.getByRole("button", { name: "Heatmap" }).click();
  const overlay = page.locator("insitu-heatmap");
  await until(async () => (await overlay.getAttribute("kind")) === "click", "the kind");
  await kinds.selectOption("dead");
  assert.equal(await overlay.getAttribute("kind"), "dead");
  await kinds.selectOption("click");
  const legend = () => overlay.evaluate((host) => host.shadowRoot.textContent);
  await until(
    async () => /4\sclicks by 1\sparticipant in 1\spage view/.test(await legend()),
    "the legend",
  );
  // Something is drawn where a chip was clicked: the canvas is not empty there.
  const drawn = () =>
    page.evaluate(() => {
      const canvas = document.querySelector("insitu-heatmap").shadowRoot.querySelector("canvas");
      const box = document.querySelector("#category-Packs").parentElement.getBoundingClientRect();
      const scale = canvas.width / canvas.getBoundingClientRect().width;
      // Read from a copy: reading the page's own canvas again and again makes Chromium warn of it.
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
        willReadFrequently: true,
      });
      copy.drawImage(canvas, 0, 0);
      const pixels = copy.getImageData(
        box.x * scale,
        (box.y - 30) * scale,
        box.width * scale,
        (box.height + 60) * scale,
      );
      return pixels.data.some((value, i) => i % 4 === 3 && value > 0);
    });
  await until(drawn, "the clicks on Packs to be drawn at Packs");
  await page.screenshot({ path: join(shots, "heatmap.png") });
  await page.locator('label.chip:has-text("Kitchen")').click();
  assert.equal(await page.locator("#category-Kitchen").isChecked(), true);
  await page.keyboard.press("Escape");
  await until(async () => (await overlay.count()) === 0, "the overlay to go");
  await page.locator('label.chip:has-text("Packs")').click();
  assert.equal(
    (await page.evaluate(() => document.querySelectorAll("*").length)) <= elements + 40,
    true,
  );
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});
