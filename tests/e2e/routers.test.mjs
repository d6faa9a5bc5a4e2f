// SPDX-License-Identifier: MIT
// Covers which page views a page has: plain pages, routers on the history and on the fragment, with
// the Navigation API and without it; prerendered pages; and what pageViews changes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch, launchOptions, until, watchPage } from "./helpers/browser.mjs";
import { readEvents, unbalanced } from "./helpers/journal.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;
let context;

before(async () => {
  browser = await launch();
  site = await startSite((path) => {
    if (/\.js$/.test(path)) return undefined;
    const parts = /^\/(query|hash)\//.exec(path)?.[1];
    const attributes = parts ? `${WITHOUT_CORE} data-page-views="${parts}"` : WITHOUT_CORE;
    const body = '<main><a href="#there">there</a><button>press</button></main>';
    return html({ attributes, body });
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

const KINDS = { "with the Navigation API": true, "without it": false };

async function openPage(path, navigation) {
  context = await browser.newContext();
  if (!navigation) await context.addInitScript(() => delete window.navigation);
  const page = await context.newPage();
  page.seen = watchPage(page);
  await page.goto(site.origin + path);
  await until(() => page.evaluate(() => insitu.status().storage === "local"), "the journal");
  assert.equal(await page.evaluate(() => "navigation" in window), navigation);
  return page;
}

// Does the moves one after the other, each after the page before was shown and stored.
async function move(page, moves) {
  for (const each of moves) {
    await settled(page);
    await page.evaluate(each);
    // Moves in the history take a moment.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  }
  await settled(page);
}
const settled = (page) =>
  page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
    await insitu.flush();
  });

async function views(page) {
  await page.evaluate(() => insitu.flush());
  assert.equal(unbalanced(await page.evaluate(() => insitu.status())), "");
  assert.deepEqual(page.seen.errors, []);
  return (await readEvents(page))
    .filter(({ type }) => type === "page_view")
    .map(({ pv, page: route, from }) => [pv, route, from]);
}

for (const [kind, navigation] of Object.entries(KINDS)) {
  test(`a router on the history, ${kind}`, async () => {
    const page = await openPage("/shop", navigation);
    await move(page, [
      () => history.pushState({}, "", "/product/1"),
      () => history.pushState({}, "", "/product/2"),
      () => history.pushState({}, "", "/product/2?size=9"), // the same page
      () => history.replaceState({}, "", "/product/2?size=10"),
      () => history.pushState({}, "", "/product/2#reviews"),
      () => {
        location.hash = "top"; // a place in the page
      },
      () => history.back(),
      () => history.replaceState({}, "", "/cart"),
      () => {
        // What routers do before they leave: keep the place, then go.
        history.replaceState({ y: scrollY }, "");
        history.pushState({}, "", "/checkout");
      },
      () => {
        // Through a page that is never shown.
        history.replaceState({}, "", "/checkout/start");
        history.pushState({}, "", "/checkout/address");
      },
      () => history.back(),
      () => history.forward(),
      () => history.go(-2),
    ]);
    assert.deepEqual(await views(page), [
      [0, "/shop", null],
      [1, "/product/:id", 0],
      [2, "/product/:id", 1],
      [3, "/cart", 2],
      [4, "/checkout", 3],
      [5, "/checkout/address", 4],
      [6, "/checkout/start", 5], // back to the entry that was replaced
      [7, "/checkout/address", 6],
      [8, "/cart", 7],
    ]);
    await context.close();
  });

  test(`a router on the fragment, ${kind}`, async () => {
    const page = await openPage("/app", navigation);
    await move(page, [
      () => {
        location.hash = "#/"; // the start page by its name
      },
      () => {
        location.hash = "#/product/4711";
      },
      () => {
        location.hash = "#/product/4711?tab=reviews"; // the same page
      },
      () => {
        location.hash = "#/product/4712";
      },
      () => history.back(),
      () => history.back(),
      () => {
        location.hash = "#!cart";
      },
      () => {
        location.hash = "there"; // leaves the routes
      },
    ]);
    assert.deepEqual(await views(page), [
      [0, "/app", null],
      [1, "/app#/product/:id", 0],
      [2, "/app#/product/:id", 1],
      [3, "/app#/product/:id", 2],
      [4, "/app#/cart", 3],
      [5, "/app", 4],
    ]);
    await context.close();
  });

  test(`what counts as another page is the site's choice, ${kind}`, async () => {
    const moves = [
      () => history.pushState({}, "", "?q=one"),
      () => history.pushState({}, "", "?q=two#results"),
      () => history.pushState({}, "", "?q=two#more"),
      () => history.pushState({}, "", "?q=two#/route?deep=1"),
      () => history.pushState({}, "", "?q=two#/route?deep=2"),
    ];
    const found = {};
    for (const parts of ["path", "query", "hash"]) {
      const page = await openPage(`/${parts}/search`, navigation);
      await move(page, moves);
      const all = await views(page);
      assert.ok(!JSON.stringify(all).includes("two"), "no query in a route");
      found[parts] = all.map(([, route]) => route.replace(`/${parts}/search`, ""));
      await context.close();
    }
    assert.deepEqual(found, {
      path: ["", "#/route"],
      query: ["", "", "", "#/route", "#/route"],
      hash: ["", "", "", "", "#/route", "#/route"],
    });
  });

  test(`what happens right after a push belongs to the new page, ${kind}`, async () => {
    const page = await openPage("/shop", navigation);
    await move(page, [
      () => {
        history.pushState({}, "", "/thanks");
        insitu.goal("bought");
      },
      () => {
        history.pushState({}, "", "/p/red-shoes");
        insitu.page("/p/:product");
        insitu.goal("looked");
      },
    ]);
    const goals = (await readEvents(page)).filter(({ type }) => type === "conversion");
    assert.deepEqual(
      goals.map(({ pv, page: route, goal }) => [pv, route, goal]),
      [
        [1, "/thanks", "bought"],
        [2, "/p/:product", "looked"],
      ],
    );
    assert.equal((await views(page)).length, 3);
    await context.close();
  });

  test(`plain pages and the back/forward cache, ${kind}`, async () => {
    const page = await openPage("/one", navigation);
    await page.evaluate(() => {
      window.alive = true;
    });
    await settled(page);
    await page.click("a"); // a place in the page
    await page.goto(`${site.origin}/two`);
    await settled(page);
    await page.goBack({ waitUntil: "commit" });
    await until(() => page.evaluate(() => window.alive === true), "the cached document");
    await settled(page);
    assert.deepEqual(await views(page), [
      [0, "/one", null],
      [0, "/two", -1],
      [1, "/one", -1],
    ]);
    await context.close();
  });
}

test("a page that answers a click late is seen all the same, without the Navigation API", async () => {
  const page = await openPage("/shop", false);
  await page.evaluate(() => {
    document.querySelector("button").onclick = () =>
      setTimeout(() => history.pushState({}, "", "/late"), 1500);
  });
  await page.click("button");
  // Nothing else happens here: no event, no flush.
  await until(
    async () => (await readEvents(page)).some(({ page: route }) => route === "/late"),
    "the late page view",
    10_000,
  );
  await context.close();
});

test("the first page of a document that sends elsewhere at once is no view", async () => {
  context = await browser.newContext();
  await context.addInitScript(() => {
    addEventListener("DOMContentLoaded", () => {
      if (location.pathname === "/account") history.replaceState({}, "", "/login");
    });
  });
  const page = await context.newPage();
  page.seen = watchPage(page);
  await page.goto(`${site.origin}/account`);
  await settled(page);
  assert.deepEqual(await views(page), [[0, "/login", null]]);
  await context.close();
});

test("the Navigation API's own navigations count", async () => {
  const page = await openPage("/shop", true);
  await page.evaluate(() => {
    navigation.addEventListener("navigate", (event) => {
      if (event.canIntercept && !event.hashChange) event.intercept({ handler: async () => {} });
    });
  });
  await move(page, [
    () => navigation.navigate("/cart").finished.then(() => {}),
    () => navigation.navigate("/cart?step=2", { history: "replace" }).finished.then(() => {}),
    () => navigation.updateCurrentEntry({ state: 1 }),
    () => navigation.reload().finished.then(() => {}),
    () => navigation.back().finished.then(() => {}),
  ]);
  assert.deepEqual(await views(page), [
    [0, "/shop", null],
    [1, "/cart", 0],
    [2, "/shop", 1],
  ]);
  await context.close();
});

test("a document of an opaque origin has no Navigation API to speak of", async () => {
  context = await browser.newContext();
  const page = await context.newPage();
  page.seen = watchPage(page);
  await page.goto(`${site.origin}/frame`);
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = "/inside";
    document.body.append(frame);
    return new Promise((done) => {
      frame.onload = done;
    });
  });
  const frame = page.frames()[1];
  await until(() => frame.evaluate(() => !!window.insitu), "the script in the frame");
  const accepted = () => frame.evaluate(() => insitu.status().events.accepted);
  const before = await accepted();
  await frame.evaluate(() => {
    location.hash = "#/there";
  });
  await until(async () => (await accepted()) === before + 1, "the page view");
  assert.deepEqual(page.seen.errors, []);
  await context.close();
});

// Without Playwright, because a browser under DevTools does not prerender. The pages tell the site.
test("a prerendered page is viewed when it is shown, not before", async () => {
  const told = {};
  const tell = `const tell = (name) => {
      const { pv, accepted } = { pv: document.prerendering, ...insitu.status().events };
      return fetch("/told/" + name + "/" + pv + "/" + accepted);
    };`;
  const rules = JSON.stringify({ prerender: [{ urls: ["/next"], eagerness: "immediate" }] });
  const scripts = {
    "/start": `const wait = setInterval(async () => {
      if (!(await fetch("/is-ready")).ok) return;
      clearInterval(wait);
      location.href = "/next";
    }, 200);`,
    "/next": `addEventListener("load", () => {
      document.addEventListener("prerenderingchange", () =>
        setTimeout(() => insitu.flush().then(() => tell("shown")), 200));
      tell("ready");
    });`,
  };
  const pages = await startSite((path) => {
    const [, name, prerendering, accepted] = /^\/told\/(\w+)\/(\w+)\/(\d+)/.exec(path) ?? [];
    if (name) told[name] = { prerendering: prerendering === "true", accepted: Number(accepted) };
    if (path === "/is-ready") return told.ready && "yes";
    if (!scripts[path]) return name && "";
    const speculation =
      path === "/start" ? `<script type="speculationrules">${rules}</script>` : "";
    return html({
      attributes: WITHOUT_CORE,
      head: `${speculation}<script>${tell}${scripts[path]}</script>`,
    });
  });
  const profile = mkdtempSync(join(tmpdir(), "insitu-"));
  const { executablePath, args } = launchOptions;
  const headless = ["--headless=new", "--disable-gpu", `--user-data-dir=${profile}`];
  const child = spawn(executablePath, [...args, ...headless, `${pages.origin}/start`], {
    stdio: "ignore",
  });
  try {
    await until(() => told.shown, "the prerendered page to be shown", 30_000);
    assert.deepEqual(told.ready, { prerendering: true, accepted: 0 });
    assert.deepEqual(told.shown, { prerendering: false, accepted: 1 });
  } finally {
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
    await pages.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
