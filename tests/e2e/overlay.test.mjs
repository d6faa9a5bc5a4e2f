// SPDX-License-Identifier: MIT
// The live heatmap over a page: lies on what was clicked wherever that is, keeps no click and no key
// from the page, says the same in words, and leaves nothing behind. Real mouse and keyboard.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { nativeCli } from "../helpers/native_cli.mjs";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until, watchPage } from "./helpers/browser.mjs";
import { statusOf } from "./helpers/page.mjs";
import { html, startSite } from "./helpers/site.mjs";

const shots = fileURLToPath(new URL("../../build/screenshots", import.meta.url));
const TAG = '<script defer src="/insitu/insitu.js" data-keep-log></script>';
const STUDY = '<script defer src="/insitu/insitu.study.js"></script>';
const responsive = readFileSync(
  new URL("../fixtures/pages/responsive.html", import.meta.url),
  "utf8",
).replace("INSITU_TAG", TAG + STUDY);

const states = html({
  attributes: "data-keep-log",
  head: `${STUDY}<style>main > * { margin: 40px 0 } main > button { display: block }</style>`,
  body: `<i id="corner" style="position: fixed; left: 0; top: 0; width: 12px; height: 12px"></i>
    <main><h1>States</h1><button id="ask">Delete</button> <button id="other">Other</button>
    <div role="tabpanel" id="first"><button>Buy</button></div>
    <div role="tabpanel" id="second" hidden><button>Sell</button></div>
    <button id="turn">Turn</button>
    <div id="box" style="height: 60px; width: 200px; overflow: auto"><div style="height: 300px"></div><button id="deep">Deep</button></div>
    <dialog id="sure"><p>Sure?</p><button id="yes">Yes</button> <button id="no">No</button></dialog></main>
    <div style="height: 2000px"></div>
    <script>
      const at = (id) => document.getElementById(id);
      let told = 0;
      at("ask").onclick = () => at("sure").showModal();
      at("yes").onclick = () => { told++; };
      at("no").onclick = () => at("sure").close();
      at("turn").onclick = () => { at("first").hidden = !at("first").hidden; at("second").hidden = !at("second").hidden; };
    </script>`,
});

// Names that would run, turn or fill the page if they were anything but text.
const HOSTILE = [
  "<img src=x onerror='window.hacked=1'>",
  "</style><script>window.hacked=2</script>",
  "javascript:window.hacked=3",
  '"><svg onload="window.hacked=4">',
  "\u202egnp.exe\u202c",
  "שלום עולם",
  "a".repeat(10_240),
  "\u0000\u0007\ud800",
  "{{constructor.constructor('window.hacked=5')()}}",
];
const hostile = html({
  attributes: "data-keep-log",
  head: STUDY,
  body: `<main></main><script>
    for (const name of ${JSON.stringify(HOSTILE).replaceAll("<", "\\u003c")}) {
      const button = document.createElement("button");
      button.dataset.insituName = name;
      button.textContent = "x" + name.slice(0, 30);
      button.setAttribute("aria-label", name);
      button.style.cssText = "display: block; width: 200px; height: 30px; overflow: hidden";
      document.querySelector("main").append(button);
    }
  </script>`,
});

let browser;
let site;

before(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await launch();
  site = await startSite({ "/": responsive, "/states": states, "/hostile": hostile });
});
after(async () => {
  await browser.close();
  await site.close();
});

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(site.origin + path);
  await until(async () => (await statusOf(page)).core.state === "ready", "the core");
  return { page, seen, close: () => context.close() };
}

const show = async (page) => {
  await page.evaluate(() => {
    location.hash = "insitu-heatmap";
  });
  await until(
    async () => /clicks? anchored/.test(await text(page)) || /No such/.test(await text(page)),
    "the heatmap",
  );
};
const text = (page) =>
  page.evaluate(() => document.querySelector("insitu-heatmap")?.shadowRoot.textContent ?? "");
const panel = (page) => page.locator("insitu-heatmap .panel");

// How much of a box of the window is drawn on: 0 ... 1. Without tags and panel.
const drawnAt = (page, selector, grow = 6) =>
  page.evaluate(
    ([selector, grow]) => {
      const canvas = document.querySelector("insitu-heatmap").shadowRoot.querySelector(".live");
      const { left, top, width, height } = document.querySelector(selector).getBoundingClientRect();
      const scale = canvas.width / canvas.getBoundingClientRect().width;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
        willReadFrequently: true,
      });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(
        (left - grow) * scale,
        (top - grow) * scale,
        (width + 2 * grow) * scale,
        (height + 2 * grow) * scale,
      );
      let drawn = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) drawn++;
      return drawn / (data.length / 4);
    },
    [selector, grow],
  );
const isDrawn = (page, selector) =>
  until(async () => (await drawnAt(page, selector)) > 0.03, `marks at ${selector}`);
const isBare = (page, selector) =>
  until(async () => (await drawnAt(page, selector, 0)) === 0, `nothing at ${selector}`);

test("marks follow scrolling, resizing and the layout of the page", async () => {
  const { page, seen, close } = await open("/");
  await page.locator('[data-testid="start"]').click();
  await page.locator("#cart").click();
  await page.locator(".help_z").click();
  await page.locator("tr:nth-child(2) button").first().click();
  await page.evaluate(() => scrollTo(0, 0));
  await show(page);
  for (const selector of ['[data-testid="start"]', "#cart", ".help_z"]) {
    await isDrawn(page, selector);
  }
  await page.screenshot({ path: join(shots, "overlay-top.png") });
  // Sticky and fixed parts keep theirs, the page takes its own along.
  await page.mouse.wheel(0, 900);
  await until(() => page.evaluate(() => scrollY > 500), "the page to scroll");
  for (const selector of ["#cart", ".help_z", "tr:nth-child(2) button"]) {
    await isDrawn(page, selector);
  }
  // Within the next frames, not with the next look at the page.
  await page.evaluate(
    () =>
      new Promise((done) => {
        scrollBy({ top: 150, behavior: "instant" });
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
      }),
  );
  assert.ok((await drawnAt(page, "tr:nth-child(2) button")) > 0.1, "marks come along at once");
  await page.setViewportSize({ width: 600, height: 800 });
  await page.locator("tr:nth-child(2) button").first().scrollIntoViewIfNeeded();
  for (const selector of ["#cart", ".help_z", "tr:nth-child(2) button"]) {
    await isDrawn(page, selector);
  }
  // Something is inserted above: the marks move with what they are on.
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(() => {
    const box = document.createElement("div");
    box.style.height = "140px";
    document.querySelector(".two_q0").before(box);
    document.querySelector("tr:nth-child(2) button").scrollIntoView({ block: "center" });
  });
  await isDrawn(page, "tr:nth-child(2) button");
  await isBare(page, "tr:nth-child(4) button");
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("it keeps no click and no key from the page", async () => {
  const { page, close } = await open("/");
  await page.evaluate(() => {
    window.got = [];
    for (const type of ["click", "keydown"]) {
      addEventListener(type, (event) => got.push(`${type} ${event.key ?? event.target.localName}`));
    }
  });
  await page.locator('[data-testid="start"]').click();
  await show(page);
  await isDrawn(page, '[data-testid="start"]');
  // On the mark itself, once the panel is out of the way.
  await panel(page).getByRole("button", { name: "Less" }).click();
  await page.locator('[data-testid="start"]').click();
  await page.locator('input[name="q"]').click();
  await page.keyboard.type("kxm");
  const got = await page.evaluate(() => got);
  assert.deepEqual(got.slice(-5), [
    "click button",
    "click input",
    "keydown k",
    "keydown x",
    "keydown m",
  ]);
  // Single letters mean something only in the panel.
  assert.equal(await page.evaluate(() => document.querySelector("insitu-heatmap").kind), "click");
  await close();
});

test("what is done in the panel is not counted, nor seen by the page", async () => {
  const { page, close } = await open("/");
  await page.locator('[data-testid="start"]').click();
  await show(page);
  await page.evaluate(() => {
    window.got = 0;
    document.addEventListener("click", () => got++);
  });
  await panel(page).getByRole("button", { name: "Move" }).click();
  await panel(page).getByText("Table: 1 element").click();
  await page.evaluate(() => insitu.flush());
  assert.equal(await page.evaluate(() => got), 0);
  const clicks = await page.evaluate(
    async () => (await insitu.report()).kpis.number_of_clicks.value,
  );
  assert.equal(clicks, 1);
  await close();
});

test("closed, nothing of it is left", async () => {
  const { page, close } = await open("/");
  await page.locator('[data-testid="start"]').click();
  // All listeners and observers of the page, before and after.
  await page.evaluate(() => {
    window.alive = new Set();
    for (const target of [EventTarget]) {
      const { addEventListener: add, removeEventListener: remove } = target.prototype;
      target.prototype.addEventListener = function (type, ...rest) {
        // Others have their own reasons to listen.
        const isOurs = new Error().stack.includes("insitu.study");
        if (isOurs && (this === window || this === document)) alive.add(`${type}`);
        return add.call(this, type, ...rest);
      };
      target.prototype.removeEventListener = function (type, ...rest) {
        if (this === window || this === document) alive.delete(`${type}`);
        return remove.call(this, type, ...rest);
      };
    }
  });
  await page.locator("#cart").focus();
  const html = await page.evaluate(() => document.documentElement.outerHTML);
  await show(page);
  assert.ok(await page.evaluate(() => alive.size > 3));
  assert.notEqual(await page.evaluate(() => document.documentElement.outerHTML), html);
  await page.keyboard.press("Escape");
  await until(async () => (await page.locator("insitu-heatmap").count()) === 0, "it to close");
  assert.equal(await page.evaluate(() => document.documentElement.outerHTML), html);
  assert.deepEqual(await page.evaluate(() => [...alive]), []);
  assert.equal(await page.evaluate(() => document.activeElement.id), "cart");
  await close();
});

test("by keyboard: next kind, dots or density, unit, wireframe, close", async () => {
  const { page, seen, close } = await open("/");
  await page.locator('[data-testid="start"]').click();
  await show(page);
  const now = () =>
    page.evaluate(() => {
      const { kind, marks, unit } = document.querySelector("insitu-heatmap");
      return [kind, marks, unit].join(" ");
    });
  assert.equal(await page.evaluate(() => document.activeElement.localName), "insitu-heatmap");
  await page.keyboard.press("k");
  assert.equal(await now(), "first_click  participants");
  await page.keyboard.press("m");
  await page.keyboard.press("u");
  assert.equal(await now(), "first_click density clicks");
  await until(async () => /clicks per 100 × 100 px/.test(await text(page)), "the scale");
  await page.keyboard.press("w");
  assert.equal(await page.locator("insitu-heatmap .board canvas").first().isVisible(), true);
  await page.screenshot({ path: join(shots, "overlay-wireframe.png") });
  await page.keyboard.press("w");
  // Tab goes through the controls of the panel.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await until(async () => (await page.locator("insitu-heatmap").count()) === 0, "it to close");
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("table and sentence say what the picture shows", async () => {
  const { page, close } = await open("/");
  for (let i = 0; i < 3; i++) await page.locator('[data-testid="start"]').click();
  await page.locator(".hero_a81b p").click();
  await show(page);
  await panel(page).getByText("Table: 2 elements").click();
  const rows = await page.locator("insitu-heatmap tbody tr").allInnerTexts();
  assert.match(rows[0], /^main>section>button\t3\t1\t100\s%\t17–100\s%\tby its name$/);
  assert.match(rows[1], /^main>section>p \(does not answer clicks\)\t1\t1\t100\s%/);
  const sentence = await panel(page).evaluate(
    (node) => node.getRootNode().getElementById(node.getAttribute("aria-describedby")).textContent,
  );
  assert.match(
    sentence,
    /^Most clicked: main>section>button, 1 of 1\sparticipant \(100\s%, 17–100\s%\)\. 1\sclick on main>section>p, which does not answer clicks\.$/,
  );
  // Of clicks instead of people: 3 of 4, by Agresti and Coull 28.9 ... 96.6 %.
  await page.evaluate(() => {
    document.querySelector("insitu-heatmap").unit = "clicks";
  });
  const byClicks = await page.locator("insitu-heatmap tbody tr").first().innerText();
  assert.match(byClicks, /\t75\s%\t29–97\s%\t/);
  await close();
});

// What the command counts of a page in a log of these events.
function gridOf(route, events) {
  const folder = mkdtempSync(join(tmpdir(), "insitu-overlay-"));
  const [log, out] = ["log.ndjson", "click.grid.json"].map((name) => join(folder, name));
  try {
    writeFileSync(log, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    execFileSync(nativeCli, ["heatmap", log, "--page", route, "--out", out]);
    return JSON.parse(readFileSync(out, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("what the command has counted in a log is drawn like what this browser has counted", async () => {
  const { page, close } = await open("/states");
  for (const id of ["#other", "#other", "#turn"]) await page.locator(id).click();
  await show(page);
  await until(async () => /3\sclicks by 1\sparticipant/.test(await text(page)), "the clicks");
  const live = await page.locator("insitu-heatmap tbody tr").allInnerTexts();
  const route = await page.evaluate(async () => (await insitu.heatmap()).page);
  const log = await page.evaluate(() => insitu.export("ndjson"));
  const grid = gridOf(route, log.trim().split("\n").map(JSON.parse));
  await page.evaluate((given) => {
    const study = document.querySelector("script[src*=study]").insituStudy;
    study.hideHeatmap();
    study.showHeatmap({ grids: [given] });
  }, grid);
  await until(async () => /3\sclicks by 1\sparticipant/.test(await text(page)), "the log's clicks");
  assert.deepEqual(await page.locator("insitu-heatmap tbody tr").allInnerTexts(), live);
  await page.evaluate(() => {
    document.querySelector("insitu-heatmap").kind = "dead";
  });
  await until(async () => /no grid of this kind/.test(await text(page)), "a sentence");
  await close();
});

test("dialogs are states of their own, and the heatmap can be used over them", async () => {
  const { page, seen, close } = await open("/states");
  await page.locator("#other").click();
  await page.locator("#ask").click();
  for (const id of ["#yes", "#yes", "#no"]) await page.locator(id).click();
  await show(page);
  await until(async () => /#sure: 3\sclicks/.test(await text(page)), "the states");
  assert.match(await text(page), /Nothing open: 2\sclicks/);
  assert.match(await text(page), /3\sclicks on a closed dialog, not visible here/);
  await page.locator("insitu-heatmap").getByLabel("Open over the page").selectOption("=#sure");
  await until(async () => /3\sclicks by 1\sparticipant/.test(await text(page)), "one state");
  await page.locator("#ask").click();
  await isDrawn(page, "#yes");
  // Outside of a modal dialog everything is inert; the heatmap is not.
  await until(
    () => page.evaluate(() => !!document.querySelector("dialog > insitu-heatmap")),
    "it to come along",
  );
  await page.screenshot({ path: join(shots, "overlay-dialog.png") });
  await panel(page).getByRole("button", { name: "Less" }).click();
  await page.locator("#no").click();
  await until(
    () => page.evaluate(() => !document.querySelector("dialog > insitu-heatmap")),
    "it to come back",
  );
  await panel(page).getByRole("button", { name: "Close" }).click();
  assert.equal(await page.locator("insitu-heatmap").count(), 0);
  await page.locator("#other").click();
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

test("what is in a hidden panel or scrolled away is listed, not drawn", async () => {
  const { page, close } = await open("/states");
  await page.locator("#turn").click();
  await page.locator("#second button").click();
  await page.locator("#deep").click();
  await page.locator("#turn").click();
  await page.evaluate(() => {
    document.querySelector("#box").scrollTop = 0;
  });
  await show(page);
  assert.match(await text(page), /1\sclick on tab panel 2, not visible here/);
  assert.match(await text(page), /1\sclick on a part that is hidden or scrolled away/);
  await isBare(page, "#first button");
  // Where boxes of what is not shown would be.
  await isBare(page, "#corner");
  await page.locator("#box").hover();
  await page.mouse.wheel(0, 400);
  await isDrawn(page, "#deep");
  await page.locator("#turn").click();
  await until(async () => !/not visible here/.test(await text(page)), "both to be seen");
  await close();
});

test("names that would run, turn or fill the page are only text", async () => {
  const { page, seen, close } = await open("/hostile");
  const buttons = page.locator("main button");
  for (let i = 0; i < HOSTILE.length; i++) await buttons.nth(i).click();
  await show(page);
  await panel(page).getByText("Table:").click();
  await panel(page).getByText("Pictures and exports").click();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 1280, `${wide} px`);
  const box = await panel(page).boundingBox();
  assert.ok(box.width <= 420 && box.y >= 0, "the panel keeps its size");
  const names = await page.locator("insitu-heatmap tbody th").allTextContents();
  assert.equal(names.length, HOSTILE.length);
  assert.ok(names.every((name) => name.length < 160));
  assert.ok(names.some((name) => name.includes("<img src=x")));
  // Nothing of it became an element.
  const made = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("insitu-heatmap");
    return shadowRoot.querySelectorAll("img, script, svg, iframe, [onerror], [onload]").length;
  });
  assert.equal(made, 0);
  await page.screenshot({ path: join(shots, "overlay-hostile.png") });
  // The exports too, opened as a page.
  const svg = await exported(page, "SVG");
  await exported(page, "layout.json");
  await exported(page, "PNG");
  const other = await page.context().newPage();
  const errors = watchPage(other);
  await other.goto(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`);
  assert.equal(await other.evaluate(() => document.documentElement.localName), "svg");
  assert.equal(
    await other.evaluate(() => document.querySelectorAll("script, foreignObject").length),
    0,
  );
  assert.deepEqual(errors.errors, []);
  await page.keyboard.press("w");
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await close();
});

async function exported(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    panel(page).getByRole("button", { name, exact: true }).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
}

test("an exported picture counts what the panel counts", async () => {
  const { page, close } = await open("/");
  for (let i = 0; i < 3; i++) await page.locator('[data-testid="start"]').click();
  await show(page);
  await panel(page).getByText("Pictures and exports").click();
  const byPeople = await exported(page, "SVG");
  assert.match(byPeople, />1 participant: click</);
  assert.match(byPeople, />Boxes: participants of all, share \(95 % interval\)</);
  await page.evaluate(() => {
    document.querySelector("insitu-heatmap").unit = "clicks";
  });
  const byClicks = await exported(page, "SVG");
  assert.match(byClicks, />3 clicks: click</);
  assert.match(byClicks, />Boxes: clicks of all, share \(95 % interval\)</);
  await close();
});

test("layout.json: boxes where they are, without a text of the page", async () => {
  const { page, close } = await open("/");
  await page.locator("#cart").click();
  await page.evaluate(() => scrollTo(0, 700));
  await show(page);
  await panel(page).getByText("Pictures and exports").click();
  const layout = JSON.parse(await exported(page, "layout.json"));
  assert.deepEqual(
    [layout.insitu_layout, layout.page, layout.width, layout.viewport],
    [1, "/", 1280, [1280, 800]],
  );
  const box = (key) => layout.boxes.find(({ element }) => element === key);
  assert.equal(box("button[button]").layer, "fixed");
  const { y } = box("button[button]");
  assert.ok(y > 700 && y < 800, "fixed: where it is in the window");
  // Stuck now, at its place in the flow.
  assert.equal(box("header").layer, "stuck");
  assert.equal(box("header").y, 0);
  assert.equal(box("#cart").layer, "stuck");
  const row = await page.evaluate(() => {
    const { top } = document.querySelector("tr:nth-child(3) button").getBoundingClientRect();
    return top + scrollY;
  });
  const mug = layout.boxes.filter(({ y }) => Math.abs(y - row) < 0.2);
  assert.ok(mug.some(({ label, layer }) => label === "button" && layer === "flow"));
  const flat = JSON.stringify(layout);
  for (const word of ["Sleep", "Polar", "Remove", "Subscribe", "Stove"]) {
    assert.ok(!flat.includes(word), word);
  }
  await close();
});

test("a redraw after scrolling takes less than a frame on a slow machine", async (t) => {
  const { page, close } = await open("/");
  // 1,000 elements with marks on a long page, as a density and as dots.
  await page.evaluate(() => {
    const list = document.createElement("ol");
    for (let i = 0; i < 1000; i++) {
      const item = document.createElement("li");
      item.innerHTML = `<button>Item ${i}</button>`;
      list.append(item);
    }
    document.querySelector("main").append(list);
  });
  const start = { visitor: "v", session: "s", page: "/", pv: 0 };
  const size = { vw: 1280, vh: 800, dw: 1280, dh: 40000, from: null };
  const grid = gridOf("/", [
    { type: "page_view", t: 1e12, seq: 0, mono: 0, ...start, ...size },
    ...Array.from({ length: 4000 }, (_, i) => ({
      ...{ type: "click", t: 1e12 + 200 * i, seq: i + 1, mono: 200 * i, ...start },
      ...{ x: 50 + (i % 40), y: 2000 + (i % 1000) * 30 + (i % 20), interactive: true },
      ...{ ex: 40, ey: 2000 + (i % 1000) * 30, ew: 80, eh: 30 },
      element: `main>ol>li${i % 1000 ? `:${(i % 1000) + 1}` : ""}>button`,
    })),
  ]);
  await page.evaluate(async (grid) => {
    const { showHeatmap } = await import("/insitu/insitu.study.mjs");
    showHeatmap({ grids: [grid], marks: "density" });
  }, grid);
  await until(
    async () => /4,000 of 4,000 clicks anchored/.test(await text(page)),
    "the marks",
    20_000,
  );
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  for (const marks of ["density", "dots"]) {
    const times = await page.evaluate(async (marks) => {
      document.querySelector("insitu-heatmap").marks = marks;
      await new Promise((done) => setTimeout(done, 2000));
      // Only the heatmap asks for frames while this runs.
      const { requestAnimationFrame: ask } = window;
      const times = [];
      window.requestAnimationFrame = (act) =>
        ask((now) => {
          const began = performance.now();
          act(now);
          times.push(performance.now() - began);
        });
      for (let i = 0; i < 40; i++) {
        scrollTo(0, 1500 + i * 700);
        await new Promise((done) => setTimeout(done, 60));
      }
      window.requestAnimationFrame = ask;
      return times.sort((a, b) => a - b);
    }, marks);
    const at = (share) => times[Math.floor(share * (times.length - 1))];
    t.diagnostic(
      `${marks}: ${times.length} redraws, median ${at(0.5).toFixed(1)} ms, ` +
        `95 % within ${at(0.95).toFixed(1)} ms at 4x slowed CPU`,
    );
    assert.ok(times.length >= 20, `${times.length} redraws`);
    assert.ok(at(0.5) < 16, `${marks}: ${at(0.5)} ms`);
  }
  await sleep(100);
  await close();
});
