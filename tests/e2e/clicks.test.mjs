// SPDX-License-Identifier: MIT
// Covers where clicks and moves come from: frames, shadow trees, fingers and pens, and elements that
// scroll in place of the page; read from the journal or from the report of the core.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until, watchPage } from "./helpers/browser.mjs";
import { readEvents, unbalanced } from "./helpers/journal.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;
let other; // another origin
let context;

const at = (left, top, width, height) =>
  `style="position: absolute; border: 0; left: ${left}px; top: ${top}px; width: ${width}px; height: ${height}px"`;
const inner = (more = "") =>
  `<!doctype html><style>body { margin: 0 }</style><button id="b" onclick="this.textContent += '!'" ${at(10, 20, 40, 20)}>in</button>
  <button id="still" ${at(10, 60, 40, 20)}>no</button>${more}<div style="height: 900px"></div>`;
const frame = (src, left, top, more = "") =>
  `<iframe src="${src}" ${more} ${at(left, top, 200, 150)}></iframe>`;
const tall = '<div style="height: 2000px"></div>';
const script = (type, text) => `<script ${type}>${text}</script>`;

const pages = {
  "/frames": html({
    attributes: WITHOUT_CORE,
    body: `<main>${frame("/inner", 100, 50)}${frame("/nested", 400, 50)}
      ${frame("/inner", 100, 250, "data-insitu-mask")}${frame("/inner", 400, 250, 'data-insitu-ignore="all"')}${tall}</main>`,
  }),
  "/inner": inner(),
  "/nested": inner(frame("/inner", 60, 0)),
  "/own-tag": html({ attributes: WITHOUT_CORE, body: inner() }),
  "/own-module": inner(
    script(
      'type="module"',
      'import { init } from "/insitu/insitu.mjs"; init({ core: "/nothing-here/" });',
    ),
  ),
  "/owners": html({
    attributes: WITHOUT_CORE,
    body: frame("/own-tag", 100, 50) + frame("/own-module", 400, 50),
  }),
  "/moves": html({
    attributes: `${WITHOUT_CORE} data-moves`,
    body: `${frame("/inner", 100, 50)}<div data-insitu-mask ${at(400, 50, 200, 150)}></div>${tall}`,
  }),
  "/plain": html({
    attributes: WITHOUT_CORE,
    body: `<button id="b" onclick="this.textContent += '!'" ${at(10, 20, 40, 20)}>in</button><my-card></my-card>${tall}`,
  }),
  "/shell": html({
    body: `<header style="height: 100px"><button id="top">top</button></header>
      <div id="pane" data-insitu-scroll-root style="height: 500px; overflow: auto"><div style="height: 1200px"></div>
      <button id="deep" style="height: 20px">deep</button><div style="height: 780px"></div></div>`,
  }),
};

before(async () => {
  browser = await launch();
  site = await startSite(pages);
  other = await startSite({ "/inner": inner() });
});
after(async () => {
  await browser.close();
  await Promise.all([site.close(), other.close()]);
});

async function openPage(path, options = {}) {
  context = await browser.newContext({ viewport: { width: 800, height: 600 }, ...options });
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(site.origin + path);
  await until(() => page.evaluate(() => insitu.status().storage === "local"), "the journal");
  return { page, seen };
}
async function captured(page, type) {
  await page.evaluate(() => insitu.flush());
  const status = await page.evaluate(() => insitu.status());
  assert.equal(unbalanced(status), "");
  assert.deepEqual(
    status.warnings.filter((warning) => warning.includes("signal")),
    [],
  );
  return (await readEvents(page)).filter((event) => event.type === type);
}
const places = async (page) =>
  (await captured(page, "click")).map(({ x, y, element, ex, ey }) => [x, y, element, ex, ey]);

test("clicks in frames of the same origin lie where the page shows them", async () => {
  const { page, seen } = await openPage("/frames");
  await page.mouse.click(115, 75); // at 15, 25 of the frame
  await page.mouse.click(475, 75); // the frame in the frame, at 15, 25
  assert.deepEqual(await places(page), [
    [115, 75, "main>iframe>#b", 110, 70],
    [475, 75, "main>iframe:2>iframe>#b", 470, 70],
  ]);
  await page.evaluate(() => scrollTo(0, 40));
  await page.frames()[1].evaluate(() => scrollTo(0, 15));
  await page.mouse.click(115, 20);
  const [, , scrolled] = await places(page);
  assert.deepEqual(scrolled, [115, 60, "main>iframe>#b", 110, 55]);
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test("what happens in a frame answers the click there", async () => {
  const { page } = await openPage("/frames");
  await page.mouse.click(115, 115); // answers nothing
  await sleep(100);
  assert.equal((await captured(page, "mutation")).length, 0);
  await page.mouse.click(115, 75);
  assert.equal((await captured(page, "mutation")).length, 1);
  await context.close();
});

test("what is said of a frame holds for what is in it", async () => {
  const { page } = await openPage("/frames");
  await page.mouse.click(115, 275); // masked: its centre
  await page.mouse.click(415, 275); // ignored
  assert.deepEqual(await places(page), [[200, 325, "main>iframe:3", 100, 250]]);
  await context.close();
});

test("frames that come later, and go on to another page, are heard", async () => {
  const { page } = await openPage("/plain");
  await page.evaluate(
    (text) => {
      document.body.insertAdjacentHTML("beforeend", text);
      return new Promise((done) => document.querySelector("iframe").addEventListener("load", done));
    },
    frame("/inner", 100, 50),
  );
  await page.mouse.click(115, 75);
  await page.evaluate(() => {
    const element = document.querySelector("iframe");
    element.src = "/inner?again";
    return new Promise((done) => element.addEventListener("load", done));
  });
  await page.mouse.click(115, 75);
  assert.deepEqual(await places(page), [
    [115, 75, "iframe>#b", 110, 70],
    [115, 75, "iframe>#b", 110, 70],
  ]);
  await page.evaluate(() => insitu.optOut());
  await page.mouse.click(115, 75);
  assert.equal(await page.evaluate(() => insitu.status().events.accepted >= 3), true);
  assert.deepEqual(await readEvents(page), []);
  await context.close();
});

test("frames of other origins are left alone without a word", async () => {
  const { page, seen } = await openPage("/plain");
  const foreign = other.origin.replace("127.0.0.1", "localhost");
  await page.evaluate(
    (text) => {
      document.body.insertAdjacentHTML("beforeend", text);
      return new Promise((done) => document.querySelector("iframe").addEventListener("load", done));
    },
    frame(`${foreign}/inner`, 100, 50),
  );
  await page.frameLocator("iframe").locator("#b").click();
  await page.mouse.click(15, 25);
  assert.deepEqual(await places(page), [[15, 25, "#b", 10, 20]]);
  const console = seen.console.filter((line) => !line.includes("404"));
  assert.deepEqual({ errors: seen.errors, console }, { errors: [], console: [] });
  await context.close();
});

test("a frame with an Insitu of its own counts its clicks once", async () => {
  const { page } = await openPage("/owners");
  for (const x of [115, 415]) await page.mouse.click(x, 75);
  await sleep(500); // for the frames to store
  assert.deepEqual(await places(page), [
    [15, 25, "#b", 10, 20],
    [15, 25, "#b", 10, 20],
  ]);
  await context.close();
});

test("shadow trees: an open one is looked into, a closed one is its host", async () => {
  const { page } = await openPage("/plain");
  for (const mode of ["open", "closed"]) {
    await page.evaluate((kind) => {
      const card = document.createElement("my-card");
      card.id = kind;
      card.style.cssText = "position: absolute; left: 100px; top: 100px";
      document.querySelector("my-card").replaceWith(card);
      const root = card.attachShadow({ mode: kind });
      root.innerHTML = '<button style="width: 40px; height: 20px">x</button>';
      root.firstChild.onclick = () => root.append("done");
    }, mode);
    await page.mouse.click(105, 105);
  }
  const clicks = await captured(page, "click");
  assert.deepEqual(
    clicks.map(({ element, interactive }) => [element, interactive]),
    [
      ["#open>button", true],
      ["#closed", false],
    ],
  );
  // A change in a closed tree cannot be seen.
  assert.equal((await captured(page, "mutation")).length, 1);
  await context.close();
});

test("a tap, and a click with a pen, are one click each, with their answer", async () => {
  const { page } = await openPage("/plain", { hasTouch: true });
  await page.touchscreen.tap(15, 25);
  const cdp = await context.newCDPSession(page);
  for (const type of ["mousePressed", "mouseReleased"]) {
    await cdp.send("Input.dispatchMouseEvent", {
      type,
      x: 16,
      y: 26,
      button: "left",
      clickCount: 1,
      pointerType: "pen",
    });
  }
  await until(async () => (await captured(page, "mutation")).length === 2, "both answers");
  assert.deepEqual(await places(page), [
    [15, 25, "#b", 10, 20],
    [16, 26, "#b", 10, 20],
  ]);
  await context.close();
});

test("each answered click leaves one record, however much changes", async () => {
  const { page } = await openPage("/plain");
  await page.evaluate(() => {
    document.querySelector("#b").onclick = () => {
      for (let i = 0; i < 50; i++) setTimeout(() => document.body.append(`${i}`), i * 10);
    };
  });
  await page.mouse.click(15, 25);
  await sleep(900);
  assert.equal((await captured(page, "mutation")).length, 1);
  await context.close();
});

test("moves are captured only when asked for", async () => {
  const { page } = await openPage("/plain");
  await page.mouse.move(300, 300, { steps: 20 });
  await sleep(300);
  assert.deepEqual(await captured(page, "move"), []);
  await context.close();
});

test("moves: ten a second at most, the last place always, where the page shows it", async () => {
  const { page } = await openPage("/moves", { hasTouch: true });
  for (let i = 0; i < 40; i++) {
    await page.mouse.move(20 + i, 300);
    await sleep(15);
  }
  await sleep(300);
  const moves = await captured(page, "move");
  assert.ok(moves.length >= 2, `${moves.length} moves`);
  for (let i = 1; i < moves.length; i++) {
    assert.ok(moves[i].mono - moves[i - 1].mono >= 95, "100 ms apart");
  }
  assert.deepEqual([moves.at(-1).x, moves.at(-1).y], [59, 300]);
  // In a frame, on a scrolled page; nothing of what is masked; no fingers.
  await page.evaluate(() => scrollTo(0, 30));
  await page.mouse.move(150, 100);
  await sleep(300);
  const [last] = (await captured(page, "move")).slice(-1);
  assert.deepEqual([last.x, last.y], [150, 130]);
  const before = (await captured(page, "move")).length;
  await page.mouse.move(450, 80);
  await page.touchscreen.tap(300, 300);
  await sleep(300);
  // A tap is followed by the moves of a mouse that is not there, at the same place.
  const after = (await captured(page, "move")).slice(before);
  assert.deepEqual(
    after.filter(({ x, y }) => x !== 300 || y !== 330),
    [],
  );
  await context.close();
});

test("an element that scrolls in place of the page gives the page its depth", async () => {
  const { page } = await openPage("/shell");
  await until(() => page.evaluate(() => document.readyState === "complete"), "the page");
  await sleep(100);
  await page.mouse.click(20, 10); // in the header
  await page.evaluate(() => document.querySelector("#pane").scrollTo(0, 750));
  await sleep(500);
  // 1200 px down in the pane, which begins at 100.
  await page.locator("#deep").click({ position: { x: 5, y: 5 } });
  const { scroll, clicks, map } = await page.evaluate(async () => {
    const { kpis } = await insitu.report();
    const map = await insitu.heatmap();
    return { scroll: kpis.scroll_depth, clicks: kpis.number_of_clicks, map };
  });
  // The page: 600 px of which the pane has 500 and hides 1500 more.
  assert.equal(map.document_height, 2100);
  assert.ok(Math.abs(scroll.value - (750 + 600) / 2100) < 1e-9, `${scroll.value}`);
  assert.ok(clicks);
  const [header, deep] = map.cells.map(([, row]) => row * map.row_px);
  assert.ok(header <= 10 && deep <= 1305 && deep + map.row_px > 1305, `${header}, ${deep}`);
  await context.close();
});
