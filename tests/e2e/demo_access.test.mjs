// SPDX-License-Identifier: MIT
// The demo for everybody: axe-core on every page, the whole way by keyboard alone, small screens,
// targets for fingers, dark mode, reduced motion, and what is said to those who listen.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { serve } from "../../tools/serve.mjs";
import { test } from "./helpers/attempts.mjs";
import { launch, sleep, until } from "./helpers/browser.mjs";
import { focused, isReady, openDemo, readWatch, violations } from "./helpers/demo.mjs";

const sizes = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
];
const views = sizes.flatMap((size) => ["light", "dark"].map((scheme) => [size, scheme]));
// The other pages in the ordinary run, for its time: both schemes, the ends of the sizes.
const fewViews = [
  [sizes[0], "dark"],
  [sizes[2], "light"],
];
const isFull = Boolean(process.env.INSITU_FULL);
const paths = [
  "index.html",
  "product.html?id=brise-2",
  "product.html?id=nothing",
  "cart.html",
  "checkout.html",
  "account.html",
  "account.html#/orders",
  "account.html#/addresses",
  "thanks.html",
];
let site;
let browser;

before(async () => {
  site = await serve({ port: 0 });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

// A cart, an order and a result, so that no page is an empty one.
const withThings = () => {
  sessionStorage.setItem("fernweh.cart", '{"brise-2":2,"emil":1}');
  const order = { id: "F-1", cents: 18900, delivery: "standard", goods: ["1 × Brise 2"] };
  sessionStorage.setItem("fernweh.orders", JSON.stringify([order]));
  const result = { name: "find-tent", outcome: "success", elapsedMs: 41_000, why: "" };
  sessionStorage.setItem(
    "fernweh.results",
    JSON.stringify({ "find-tent": { ...result, at: Date.now() } }),
  );
};

// Each page in its views; `prepare` brings it into the state to look at.
async function eachView(path, options, prepare, look) {
  const { page, close } = await openDemo(browser, "about:blank", options);
  if (options.full !== false) await page.addInitScript(withThings);
  await page.goto(`${site.url}/${path}`);
  await isReady(page);
  await prepare(page);
  for (const [viewport, colorScheme] of path === "index.html" || isFull ? views : fewViews) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await look(page, `${path} at ${viewport.width} px, ${colorScheme}`);
  }
  await close();
}

for (const path of paths) {
  test(`axe-core finds nothing on ${path}`, async () => {
    const found = [];
    const prepare = async (page) => {
      if (path !== "index.html") return;
      for (const id of ["#break-script", "#break-dead"]) await page.locator(id).click();
      const ready = async () => /Noticed/.test(await readWatch(page, "break-script"));
      await until(ready, "the error click", 5000);
      await page.locator("#data").scrollIntoViewIfNeeded();
      await page.locator("#data-view summary").first().click();
    };
    await eachView(path, {}, prepare, async (page, name) => {
      found.push(...(await violations(page)).map((line) => `${name}: ${line}`));
    });
    assert.deepEqual(found, []);
  });
}

test("axe-core finds nothing in what opens: the panel's sheet, definitions, refused entries, empty pages", async () => {
  const found = [];
  const look = async (page, name) => {
    found.push(...(await violations(page)).map((line) => `${name}: ${line}`));
  };
  const openPanel = async (page) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.locator('[data-kpi="dead_click_rate"] summary').click();
    await page.locator('[data-insitu-name="start-checkout"]').click();
  };
  await eachView("index.html", { full: false }, openPanel, look);
  const refuse = async (page) => {
    await page.locator("#next").click();
    await until(() => page.locator("#problems").isVisible(), "the problems");
  };
  await eachView("checkout.html", {}, refuse, look);
  await eachView("cart.html", { full: false }, async () => {}, look);

  const { page, close } = await openDemo(browser, `${site.url}/index.html`, { viewport: sizes[0] });
  await isReady(page);
  await page.locator("insitu-panel .toggle").click();
  await look(page, "the sheet");
  await close();
  assert.deepEqual(found, []);
});

// Presses Tab until what has the focus fits; each stop on the way must show its focus, in view.
async function tabTo(page, what, fits, key = "Tab") {
  const way = [];
  for (let i = 0; i < 160; ++i) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (!at) continue;
    way.push(at);
    assert.ok(at.showsFocus, `${what}: the focus of ${JSON.stringify(at)} cannot be seen`);
    assert.ok(at.inView, `${what}: ${JSON.stringify(at)} has the focus and is hidden`);
    if (fits(at)) return at;
  }
  throw new Error(
    `Tab does not lead to ${what}; it went by ${way.map(({ text }) => text).join(" | ")}`,
  );
}
const named = (name) => (at) => at.name === name;
const withId = (id) => (at) => at.id === id;
const saying = (text) => (at) => at.text.startsWith(text);

for (const viewport of [sizes[2], sizes[0]]) {
  test(`the whole demo by keyboard alone, ${viewport.width} px wide`, async () => {
    const { page, seen, close } = await openDemo(browser, `${site.url}/index.html`, { viewport });
    await isReady(page);
    const press = async (key, path) => {
      await Promise.all([
        path && page.waitForURL((url) => url.pathname.endsWith(path)),
        page.keyboard.press(key),
      ]);
      if (path) await page.waitForLoadState();
    };
    // The skip link is first, and leads to the content.
    await page.keyboard.press("Tab");
    assert.match((await focused(page)).text, /^Skip/);
    await press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");

    // Task one: start, find, into the cart, on to the order.
    await tabTo(page, "Start", named("start-find-tent"));
    await press("Enter");
    await tabTo(page, "the tent", named("product-brise-2"));
    await press("Enter", "/product.html");
    await tabTo(page, "Add to cart", named("add-to-cart"));
    await press("Space");
    await until(() => page.locator(".task-bar[data-state=success]").isVisible(), "the success");
    await tabTo(page, "Go to the cart", named("go-to-cart"));
    await press("Enter", "/cart.html");
    await tabTo(page, "Check out", named("to-checkout"));
    await press("Enter", "/checkout.html");
    await tabTo(page, "the name", named("name"));
    await page.keyboard.type("Mara");
    await tabTo(page, "the e-mail", named("email"));
    await page.keyboard.type("mara@example.org");
    await tabTo(page, "the street", named("street"));
    await page.keyboard.type("Hafenstr. 12");
    await press("Enter");
    await tabTo(page, "delivery", named("delivery-standard"));
    await press("Space");
    await tabTo(page, "payment", named("payment-invoice"));
    await press("Space");
    await tabTo(page, "Place order", named("place-order"));
    await press("Enter", "/thanks.html");
    await tabTo(page, "the account", named("thanks-to-account"));
    await press("Enter", "/account.html");
    await tabTo(page, "the orders", named("account-orders"));
    await press("Enter");
    await until(() => page.locator(".orders").isVisible(), "the orders");
    await tabTo(page, "the shop", named("nav-shop"), "Shift+Tab");
    await press("Enter", "/index.html");
    await isReady(page);

    // Break it.
    await tabTo(page, "the dead button", withId("break-dead"));
    // The focus may scroll, which right after a click would be its answer, and between two clicks
    // means that they step through something. A machine that stands still in between makes a press
    // an answered one, or three of them no series: people would press again.
    const untilNoticed = async (id, what, gesture) => {
      for (let tries = 0; ; ++tries) {
        await sleep(600);
        await gesture();
        const noticed = async () => what.test(await readWatch(page, id));
        try {
          return await until(noticed, `the ${what.source} of ${id}`, 6000);
        } catch (error) {
          if (tries === 4) throw error;
        }
      }
    };
    await untilNoticed("break-dead", /Noticed.*dead click/, () => press("Enter"));
    await tabTo(page, "the button with a bug", withId("break-script"));
    await untilNoticed("break-script", /Noticed.*error click/, () => press("Space"));
    await tabTo(page, "the stubborn button", withId("break-rage"));
    await untilNoticed("break-rage", /Noticed.*rage click/, async () => {
      for (let i = 0; i < 3; ++i) await press("Enter");
    });

    // Your data, take it away.
    await tabTo(page, "the requests", saying("All "));
    await press("Enter");
    await tabTo(page, "forget", saying("Forget everything"));
    await press("Enter");
    assert.match((await focused(page)).text, /^Really forget/);
    await press("Enter");
    await until(
      () => page.evaluate(() => insitu.report().then((r) => r.kpis.number_of_clicks.value === 0)),
      "no clicks",
    );
    await tabTo(page, "Copy", withId("copy"));
    await press("Enter");
    await until(
      async () => (await page.locator("#copied").innerText()) !== "",
      "an answer of Copy",
    );

    // The panel: open it where it is a sheet, a definition, a map.
    const toggle = await tabTo(page, "the panel's button", (at) => /^(Show|Hide)$/.test(at.text));
    if (toggle.text === "Show") await press("Enter");
    await tabTo(page, "a definition", saying("Definition of Task success"));
    await press("Enter");
    assert.equal(
      await page.locator('[data-kpi="task_success_rate"] details').getAttribute("open"),
      "",
    );
    await tabTo(page, "the kinds of map", withId("kind"));
    await press("ArrowDown");
    await tabTo(page, "Heatmap", saying("Heatmap"));
    await press("Enter");
    await until(
      async () => (await page.locator("insitu-heatmap").getAttribute("kind")) === "first_click",
      "the map",
    );
    await press("Escape");
    await until(async () => (await page.locator("insitu-heatmap").count()) === 0, "no map");
    assert.deepEqual([...new Set(seen.errors)], ["Error: The demo's button with a bug"]);
    await close();
  });
}

test("an open sheet goes away when the focus goes behind it, and on Escape", async () => {
  const { page, close } = await openDemo(browser, `${site.url}/index.html`, { viewport: sizes[0] });
  await isReady(page);
  const toggle = page.locator("insitu-panel .toggle");
  const isOpen = async () => (await toggle.getAttribute("aria-expanded")) === "true";
  await toggle.click();
  assert.equal(await isOpen(), true);
  await page.keyboard.press("Escape");
  assert.equal(await isOpen(), false);
  await toggle.click();
  await page.locator("#copy").focus();
  assert.equal(await isOpen(), false);
  await close();
});

test("nothing is wider than the screen, down to 320 px, light and dark", async () => {
  for (const width of [320, 360, 390, 768, 1280]) {
    const { page, close } = await openDemo(browser, "about:blank", {
      viewport: { width, height: 800 },
    });
    await page.addInitScript(withThings);
    for (const path of paths) {
      await page.goto("about:blank");
      await page.goto(`${site.url}/${path}`);
      await sleep(100);
      const [wide, screen] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        innerWidth,
      ]);
      assert.ok(wide <= screen, `${path}: ${wide} px on a screen of ${screen} px`);
    }
    await close();
  }
});

test("targets are 24 px and more, on phones 44, but for links in sentences", async () => {
  for (const [viewport, least] of [
    [sizes[2], 24],
    [sizes[0], 44],
  ]) {
    const { page, close } = await openDemo(browser, "about:blank", { viewport });
    await page.addInitScript(withThings);
    for (const path of [
      "index.html",
      "product.html?id=brise-2",
      "cart.html",
      "checkout.html",
      "account.html",
    ]) {
      await page.goto(`${site.url}/${path}`);
      await isReady(page);
      if (viewport === sizes[0]) await page.locator("insitu-panel .toggle").click();
      const small = await page.evaluate((px) => {
        const roots = [document];
        for (const host of document.querySelectorAll("*"))
          if (host.shadowRoot) roots.push(host.shadowRoot);
        const all = roots.flatMap((root) => [
          ...root.querySelectorAll("a, button, select, input, summary"),
        ]);
        const drawnOf = (target) => target.closest("label") ?? target;
        return all
          .filter((target) => target.checkVisibility() && !target.closest(".skip, p, .name"))
          .map((target) => [target, drawnOf(target).getBoundingClientRect()])
          .filter(([, box]) => Math.round(box.height) < px || Math.round(box.width) < px)
          .map(
            ([target, box]) =>
              `${target.localName} "${target.textContent.trim()}" ${box.width} x ${box.height}`,
          );
      }, least);
      assert.deepEqual(small, [], path);
    }
    await close();
  }
});

test("with reduced motion nothing moves", async () => {
  const { page, close } = await openDemo(browser, `${site.url}/index.html`, {
    reducedMotion: "reduce",
  });
  await isReady(page);
  await page.locator('[data-insitu-name="start-find-tent"]').click();
  await sleep(1500);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await close();
});

test("in forced colours the interval and its point are still told apart from the page", async () => {
  const { page, close } = await openDemo(browser, `${site.url}/index.html`, {
    forcedColors: "active",
  });
  await isReady(page);
  await page.locator('label.chip:has-text("Packs")').click();
  const colours = () =>
    page.evaluate(() => {
      const item = document
        .querySelector("insitu-panel")
        .shadowRoot.querySelector('[data-kpi="bounce_rate"]');
      const colour = (selector) => getComputedStyle(item.querySelector(selector)).backgroundColor;
      return item.querySelector(".track").hidden
        ? null
        : [colour(".interval"), colour(".point"), getComputedStyle(document.body).backgroundColor];
    });
  const [interval, point, back] = await until(colours, "a bar");
  assert.notEqual(interval, back);
  assert.notEqual(point, back);
  await close();
});

test("a finished task is said once, in one sentence", async () => {
  const { page, close } = await openDemo(browser, `${site.url}/index.html`);
  await isReady(page);
  await page.evaluate(() => {
    window.heard = [];
    const speaker = [...document.querySelectorAll("body > div")].find((host) =>
      host.shadowRoot?.querySelector("[role=status]"),
    );
    const note = () => window.heard.push(speaker.shadowRoot.textContent);
    new MutationObserver(note).observe(speaker.shadowRoot, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await page.locator('[data-insitu-name="start-find-tent"]').click();
  await sleep(2000);
  await page.locator(".task-bar").getByRole("button", { name: "I give up" }).click();
  await sleep(1500);
  const heard = await page.evaluate(() => window.heard);
  assert.equal(heard.length, 1, JSON.stringify(heard));
  assert.match(heard[0].replaceAll("\u00a0", " "), /^Task given up after [2-4] seconds\.$/);
  await close();
});
