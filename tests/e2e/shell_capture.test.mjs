// SPDX-License-Identifier: MIT
// Covers what the shell captures on real pages with real input: clicks, page views, scrolling,
// errors, tasks; read from the journal, so without the core.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until, watchPage } from "./helpers/browser.mjs";
import { readEvents, readJournal, unbalanced } from "./helpers/journal.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;
let context;

const body = `<main>
  <button id="buy" style="position: absolute; left: 100px; top: 1000px; width: 80px; height: 40px; border: 0">Buy</button>
  <p id="text">Some words to select here</p>
  <button id="more">+</button>
  <a id="link" href="#there">link</a>
  <input id="field"><select id="choice"><option>one</option></select>
  <label id="label" style="display: block">Agree <input id="agree" type="checkbox"></label>
  <div id="mask" data-insitu-mask style="width: 300px; height: 100px">
    <button id="seven">7</button><button id="eight">8</button></div>
  <div data-insitu-ignore="all"><button id="all">all</button></div>
  <div data-insitu-ignore="heat"><button id="heat">heat</button></div>
  <div data-insitu-ignore="rage dead"><button id="both">both</button></div>
  <nav><ul><li><span id="x1">one</span></li><li><span>two</span></li></ul></nav>
  <section data-insitu-name="hero"><p id="inhero">in</p><button class="c">go</button></section>
  <my-card></my-card>
  <div style="height: 3000px"></div>
</main>`;
const pages = (path) => {
  if (path.endsWith(".js")) return undefined;
  if (path.startsWith("/start")) {
    return html({
      attributes: WITHOUT_CORE,
      body: `<main><button id="go" data-insitu-task-start="checkout" data-insitu-task-optimal="3"
        data-insitu-task-opportunities="5" data-insitu-task-spec-ms="90000">start</button>
        <button id="goal" data-insitu-goal="signup"><i>goal</i></button>
        <button id="stop" data-insitu-task-fail="checkout">stop</button>
        <a href="/done">done</a></main>`,
    });
  }
  if (path === "/done") {
    return html({
      attributes: WITHOUT_CORE,
      body: '<main data-insitu-task-success="checkout">done</main>',
    });
  }
  return html({ attributes: WITHOUT_CORE, body });
};

before(async () => {
  browser = await launch();
  site = await startSite(pages);
});
after(async () => {
  await browser.close();
  await site.close();
});

async function openPage(path = "/") {
  context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  const page = await context.newPage();
  await page.goto(site.origin + path);
  await until(() => page.evaluate(() => insitu.status().storage === "local"), "the journal");
  return page;
}
// Everything captured so far, in the journal.
async function captured(page) {
  await page.evaluate(() => insitu.flush());
  assert.equal(unbalanced(await page.evaluate(() => insitu.status())), "");
  return readEvents(page);
}
const clicksOf = async (page) => (await captured(page)).filter(({ type }) => type === "click");
const viewsOf = async (page) =>
  (await captured(page))
    .filter(({ type }) => type === "page_view")
    .map(({ pv, page: route, from }) => [pv, route, from]);

test("a click is safe within 300 ms, with its place, key and box", async () => {
  const page = await openPage();
  await page.evaluate(() => document.querySelector("#buy").scrollIntoView({ block: "center" }));
  await page.click("#buy", { position: { x: 10, y: 30 } });
  // A reader waits for the writer's transaction, so what it sees is safe.
  const [click] = await until(
    async () => {
      const found = (await readEvents(page)).filter(({ type }) => type === "click");
      return found.length && found;
    },
    "the click",
    2000,
  );
  const late = Date.now() - click.t;
  // 300 ms, and room for the reading itself.
  assert.ok(late < 300 + 150, `the click was seen ${late} ms after it happened`);
  const { t, mono, ...rest } = click;
  assert.ok(mono > 0 && Math.abs(t - Date.now()) < 5000);
  assert.deepEqual(rest, {
    type: "click",
    pv: 0,
    page: "/",
    x: 110,
    y: 1030,
    element: "#buy",
    ex: 100,
    ey: 1000,
    ew: 80,
    eh: 40,
    interactive: true,
    exempt: [],
  });
  await context.close();
});

test("the page view comes first and knows viewport and document", async () => {
  const page = await openPage();
  const [view] = await captured(page);
  const size = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.scrollHeight,
  ]);
  assert.deepEqual(
    [view.type, view.pv, view.from, view.vw, view.vh, view.dw, view.dh],
    ["page_view", 0, null, 800, 600, ...size],
  );
  await context.close();
});

test("a key press is a click at the centre of its element", async () => {
  const page = await openPage();
  await page.evaluate(() => document.querySelector("#buy").focus());
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  const clicks = await clicksOf(page);
  assert.deepEqual(
    clicks.map(({ x, y, element }) => [x, y, element]),
    [
      [140, 1020, "#buy"],
      [140, 1020, "#buy"],
    ],
  );
  await context.close();
});

test("keys are the actionable element's, or a name, or the path", async () => {
  const page = await openPage();
  await page.evaluate(() => {
    const root = document.querySelector("my-card").attachShadow({ mode: "open" });
    root.innerHTML = "<button><b>shadow</b></button>";
  });
  await page.click("#x1");
  await page.click("nav li:nth-child(2) span");
  await page.click("#inhero");
  await page.click(".c");
  await page.click("my-card b");
  assert.deepEqual(
    (await clicksOf(page)).map(({ element, interactive }) => [element, interactive]),
    [
      ["nav>ul>li>span", false],
      ["nav>ul>li:2>span", false],
      ["hero", false],
      ["hero>button", true],
      ["main>my-card>button", true],
    ],
  );
  await context.close();
});

test("clicks carry what a suppression rule takes them out of", async () => {
  const page = await openPage();
  await page.click("#more");
  await page.click("#link");
  await page.click("#field");
  await page.click("#choice");
  await page.keyboard.press("Escape");
  await page.click("#buy", { modifiers: ["Shift"] });
  await page.click("#both");
  await page.dblclick("#text", { position: { x: 20, y: 8 } });
  assert.deepEqual(
    (await clicksOf(page)).map(({ element, exempt }) => [element, ...exempt]),
    [
      ["#more", "rage"],
      ["#link", "dead"],
      ["#field", "rage", "dead"],
      ["#choice", "dead"],
      ["#buy", "dead"],
      ["#both", "rage", "dead"],
      ["#text"],
      ["#text", "rage", "dead"],
    ],
  );
  await context.close();
});

test("a label and its control are one click", async () => {
  const page = await openPage();
  await page.click("#label", { position: { x: 5, y: 5 } });
  assert.equal(await page.isChecked("#agree"), true);
  // Nobody clicks twice in the 50 ms in which the second click is taken for the label's.
  await page.waitForTimeout(100);
  await page.click("#agree");
  assert.deepEqual(
    (await clicksOf(page)).map(({ element }) => element),
    ["#label", "#agree"],
  );
  await context.close();
});

test("masked and ignored elements stay unknown", async () => {
  const page = await openPage();
  await page.click("#seven");
  await page.click("#eight");
  await page.click("#all");
  await page.click("#heat");
  const clicks = await clicksOf(page);
  assert.equal(clicks.length, 3);
  const [seven, eight, heat] = clicks;
  assert.equal(seven.element, "#mask");
  for (const field of ["x", "y", "element", "ex", "ey", "ew", "eh"]) {
    assert.equal(seven[field], eight[field], field);
  }
  assert.equal(seven.x, seven.ex + seven.ew / 2);
  assert.deepEqual(
    [heat.element, heat.x, heat.y, heat.ex],
    ["#heat", undefined, undefined, undefined],
  );
  await context.close();
});

test("clicks of scripts are nobody's", async () => {
  const page = await openPage();
  await page.evaluate(() => document.querySelector("#buy").click());
  assert.deepEqual(await clicksOf(page), []);
  await context.close();
});

test("page views inside of a document: exactly those that show another page", async () => {
  const page = await openPage("/shop");
  const moves = [
    () => history.pushState({}, "", "/product/1"),
    () => history.pushState({}, "", "/product/2"), // another path, the same route
    () => history.replaceState({}, "", "/product/3"), // the same route: the page has only moved
    () => history.replaceState({}, "", "/thanks"),
    () => history.pushState({}, "", "/thanks?order=7"), // the same page
    () => history.pushState({}, "", "/thanks#end"),
    () => history.back(),
    () => history.back(),
    () => history.back(), // to /product/1, over the replaced entry
    () => {
      location.hash = "x";
    },
  ];
  for (const move of moves) {
    await page.evaluate(move);
    await sleep(80);
  }
  assert.deepEqual(await viewsOf(page), [
    [0, "/shop", null],
    [1, "/product/:id", 0],
    [2, "/product/:id", 1],
    [3, "/thanks", 2],
    [4, "/product/:id", 3],
  ]);
  await context.close();
});

test("the same without the Navigation API, from popstate and when events are stored", async () => {
  context = await browser.newContext();
  await context.addInitScript(() => delete window.navigation);
  const page = await context.newPage();
  await page.goto(`${site.origin}/shop`);
  assert.equal(await page.evaluate(() => "navigation" in window), false);
  await page.evaluate(() => history.pushState({}, "", "/cart"));
  await page.click("#buy");
  await sleep(300);
  await page.evaluate(() => history.back());
  await sleep(100);
  assert.deepEqual(await viewsOf(page), [
    [0, "/shop", null],
    [1, "/cart", 0],
    [2, "/shop", 1],
  ]);
  await context.close();
});

test("the site names page views: in place, or anew once something has happened", async () => {
  const page = await openPage("/shop");
  await page.evaluate(() => {
    history.pushState({}, "", "/p/red-shoes");
    insitu.page("/p/:product?sku=1#top");
  });
  await page.click("#buy");
  await page.evaluate(() => insitu.page("/dialog"));
  assert.deepEqual(await viewsOf(page), [
    [0, "/shop", null],
    [1, "/p/:product", 0],
    [2, "/dialog", 1],
  ]);
  await context.close();
});

test("documents of a tab are linked, other tabs begin anew", async () => {
  const page = await openPage("/one");
  await page.goto(`${site.origin}/two`);
  await page.reload();
  // In the journal before the other tab begins: between tabs the order is that of their appends.
  await captured(page);
  const [popup] = await Promise.all([
    context.waitForEvent("page"),
    page.evaluate(() => void window.open("/popup")),
  ]);
  await popup.waitForLoadState();
  await captured(popup);
  const batches = (await readJournal(page)).filter(({ events }) =>
    events.some(({ type }) => type === "page_view"),
  );
  const links = batches.map(({ head, events }) => {
    const view = events.find(({ type }) => type === "page_view");
    const previous = batches.findIndex((other) => other.head.document === head.previous);
    return [view.page, view.pv, view.from, previous];
  });
  assert.deepEqual(links, [
    ["/one", 0, null, -1],
    ["/two", 0, -1, 0],
    ["/two", 0, -1, 1],
    ["/popup", 0, null, -1],
  ]);
  assert.equal(batches[0].head.previous, 0);
  await context.close();
});

test("a document from the back/forward cache is a page view that replaces the other one", async () => {
  const page = await openPage("/one");
  await page.evaluate(() => {
    window.alive = true;
  });
  await page.click("#buy");
  await page.goto(`${site.origin}/two`);
  await page.evaluate(() => insitu.flush());
  await page.goBack({ waitUntil: "commit" });
  await until(() => page.evaluate(() => window.alive === true), "the cached document");
  await sleep(100);
  await captured(page);
  const batches = await readJournal(page);
  const views = batches.flatMap(({ head, events }) =>
    events
      .filter(({ type }) => type === "page_view")
      .map(({ page: route, pv, from }) => ({ route, pv, from, head })),
  );
  assert.deepEqual(
    views.map(({ route, pv, from }) => [route, pv, from]),
    [
      ["/one", 0, null],
      ["/two", 0, -1],
      ["/one", 1, -1],
    ],
  );
  const [one, two, again] = views.map(({ head }) => head);
  assert.equal(two.previous, one.document);
  assert.equal(again.document, one.document);
  assert.equal(again.previous, two.document);
  // The page was hidden when it was left, and the new view is seen by being there.
  const states = batches
    .filter(({ head }) => head.document === one.document)
    .flatMap(({ events }) => events)
    .filter(({ type }) => type === "visibility" || type === "page_view")
    .map(({ type, pv, state }) => [type, pv, state]);
  assert.deepEqual(states.slice(0, 3), [
    ["page_view", 0, undefined],
    ["visibility", 0, "hidden"],
    ["page_view", 1, undefined],
  ]);
  await context.close();
});

test("scrolling is sampled and ends where it ended", async () => {
  const page = await openPage();
  await page.mouse.move(400, 300);
  for (let i = 0; i < 30; i++) {
    await page.mouse.wheel(0, 40);
    await sleep(20);
  }
  await sleep(500);
  const end = await page.evaluate(() => Math.round(scrollY));
  const scrolls = (await captured(page)).filter(({ type }) => type === "scroll");
  assert.ok(scrolls.length >= 2 && scrolls.length < 12, `${scrolls.length} records`);
  assert.equal(scrolls.at(-1).y, end);
  for (let i = 1; i < scrolls.length; i++) {
    assert.ok(scrolls[i].mono - scrolls[i - 1].mono >= 190, "200 ms apart");
  }
  await page.evaluate(() => scrollBy(0, 5));
  await sleep(400);
  const after = (await captured(page)).filter(({ type }) => type === "scroll");
  assert.equal(after.length, scrolls.length, "5 px are no scroll");
  await context.close();
});

test("errors and rejections are counted, a storm only so far", async () => {
  const page = await openPage();
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error("a secret");
    });
    Promise.reject(new Error("another secret"));
    setTimeout(() => {
      throw null; // has no message
    });
    const image = new Image(); // a resource, not an error of a script
    image.src = "/missing.png";
    document.body.append(image);
  });
  await sleep(300);
  const found = await captured(page);
  assert.equal(found.filter(({ kind }) => kind === "http").length, 1);
  let errors = found.filter(({ kind }) => kind === "js");
  assert.deepEqual(
    errors.map(({ kind }) => kind),
    ["js", "js", "js"],
  );
  await page.evaluate(() => {
    for (let i = 0; i < 500; i++) dispatchEvent(new ErrorEvent("error", { message: "again" }));
  });
  errors = (await captured(page)).filter(({ kind }) => kind === "js");
  assert.ok(errors.length >= 10 && errors.length <= 13, `${errors.length} errors`);
  const { events } = await page.evaluate(() => insitu.status());
  assert.equal(events.dropped.error_storm, 503 - errors.length);
  const bytes = JSON.stringify(await readJournal(page));
  assert.ok(!bytes.includes("secret"));
  await context.close();
});

test("tasks and goals by attributes, over two documents of a tab", async () => {
  const page = await openPage("/start");
  await page.click("#goal i");
  await page.click("#go");
  assert.equal(await page.evaluate(() => insitu.task("checkout").running), true);
  await page.click("a");
  await page.waitForURL("**/done");
  const running = await page.evaluate(() => insitu.flush().then(() => insitu.tasks()));
  assert.deepEqual(running, []);
  await page.goto(`${site.origin}/start`);
  await page.click("#stop"); // nothing runs
  await page.click("#go");
  await page.click("#go"); // runs already
  await page.click("#stop");
  const events = (await captured(page)).filter(({ type }) => /task|conversion/.test(type));
  assert.deepEqual(
    events.map(({ type, task, goal, attempt, outcome, page: route }) =>
      [type, task ?? goal, attempt, outcome, route].filter((value) => value !== undefined),
    ),
    [
      ["conversion", "signup", "/start"],
      ["task_start", "checkout", 0, "/start"],
      ["task_end", "checkout", 0, "success", "/done"],
      ["task_start", "checkout", 1, "/start"],
      ["task_end", "checkout", 1, "failure", "/start"],
    ],
  );
  const start = events.find(({ type }) => type === "task_start");
  assert.deepEqual([start.optimal, start.opportunities, start.spec_time_ms], [3, 5, 90000]);
  await context.close();
});

test("everything of the API that is an event", async () => {
  const page = await openPage();
  const seen = watchPage(page);
  await page.evaluate(() => {
    insitu.segment({ customer: "new", device: "phone" });
    insitu.variant("B");
    insitu.goal("signup");
    insitu.cart("add");
    insitu.order({ id: "o-1", value: 1999, currency: "EUR", category: "shoes" });
    const task = insitu.task("buy", { optimal: 2 });
    task.start();
    insitu.error("validation"); // of the task that runs
    insitu.error("http", { task: "other", attempt: 4 });
    insitu.survey("sus", [1, null, 5], { task: "buy", scaleMin: 1, scaleMax: 5 });
    task.partial();
    insitu.survey("seq", [6], { task: "buy" });
  });
  const events = (await captured(page))
    .filter(({ type }) => !/page_view|scroll|visibility/.test(type))
    .map(({ t, mono, pv, page: route, ...own }) => {
      assert.ok(t && mono >= 0 && pv === 0 && route === "/");
      return own;
    });
  assert.deepEqual(events, [
    { type: "session_start", segment: { customer: "new", device: "phone" } },
    { type: "session_start", segment: {}, variant: "B" },
    { type: "conversion", goal: "signup" },
    { type: "cart", action: "add" },
    { type: "order", order: "o-1", value: 1999, currency: "EUR", category: "shoes" },
    { type: "task_start", task: "buy", attempt: 0, optimal: 2 },
    { type: "error", kind: "validation", task: "buy", attempt: 0 },
    { type: "error", kind: "http", task: "other", attempt: 4 },
    {
      type: "survey",
      instrument: "sus",
      answers: [1, null, 5],
      scale_min: 1,
      scale_max: 5,
      task: "buy",
      attempt: 0,
      topics: [],
    },
    { type: "task_end", task: "buy", attempt: 0, outcome: "partial" },
    { type: "survey", instrument: "seq", answers: [6], task: "buy", attempt: 0, topics: [] },
  ]);
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test("a burst larger than both halves of the buffer loses nothing", async () => {
  const page = await openPage();
  await page.evaluate(() => {
    for (let i = 0; i < 5000; i++) insitu.goal(`goal ${i}`);
  });
  const goals = (await captured(page)).filter(({ type }) => type === "conversion");
  assert.equal(goals.length, 5000);
  assert.equal(goals[4999].goal, "goal 4999");
  await context.close();
});
