// SPDX-License-Identifier: MIT
// Covers uploads on real pages: nothing without an endpoint or before consent, what is sent and how,
// what erases it, several tabs, failures of the server, and the back/forward cache.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { startReceiver } from "../helpers/receiver.mjs";
import { attemptsBetween } from "./helpers/attempts.mjs";
import { launch, sleep, until, watchPage } from "./helpers/browser.mjs";
import { unbalanced } from "./helpers/journal.mjs";
import { html, startSite } from "./helpers/site.mjs";

let browser;
let site;
let receiver;
const contexts = [];

const body = `<main><button id="buy">Buy</button> <a href="/plain">plain</a>
  <div style="height: 2000px"></div></main>`;
const endpoint = () => `data-endpoint="${receiver.url}"`;

before(async () => {
  browser = await launch();
  site = await startSite((path) => {
    if (path.endsWith("js")) return undefined;
    const attributes = {
      "/off": "",
      "/consent": `${endpoint()} data-consent="required"`,
      "/memory": `${endpoint()} data-storage="memory"`,
      "/granted": `${endpoint()} data-consent="granted"`,
      "/wasmless": endpoint(),
      "/options": `${endpoint()} data-kpi='{"confidence":0.9}'`,
    };
    if (path === "/plain") return html({ body, tag: false });
    if (path === "/module") {
      const script = `import { init } from "/insitu/insitu.mjs";
        window.insitu = init({ endpoint: "${receiver.url}", transformUpload: (p) => window.change(p) })`;
      return html({
        tag: false,
        body: `${body}<script>window.change = (partial) => partial</script>
          <script type="module">${script}</script>`,
      });
    }
    return html({ body, attributes: `data-site="shop" ${attributes[path] ?? endpoint()}` });
  });
});
const begin = async () => {
  receiver = await startReceiver();
};
const end = async () => {
  for (const context of contexts.splice(0)) await context.close();
  const { problems } = receiver;
  await receiver.close();
  assert.deepEqual(problems, []);
};
const test = attemptsBetween(begin, end);
after(async () => {
  await browser.close();
  await site.close();
});

async function open(path = "/", init = undefined) {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  contexts.push(context);
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  const seen = watchPage(page);
  const posts = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") posts.push(`${request.method()} ${request.url()}`);
  });
  await page.goto(site.origin + path);
  await page.waitForLoadState();
  return { context, page, posts, seen };
}
const status = (page) => page.evaluate(() => insitu.status());
const flush = (page) => page.evaluate(() => insitu.flush());
const partial = (page) => page.evaluate(() => insitu.partial());
const sentClicks = () => JSON.parse(receiver.sum()).kpis.number_of_clicks.x;
// What the server has is what the browser has. What was measured since the last upload goes with the
// next one: a time that the browser tells late, or time in view.
async function isAllSent(page) {
  let own;
  const isEqual = async () => {
    own = await partial(page);
    if (receiver.sum() === own) return true;
    await flush(page);
    return false;
  };
  await until(isEqual, "the same sums", 30_000).catch(() => {});
  assert.equal(receiver.sum(), own);
}
const stored = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const request = indexedDB.open("insitu");
        request.onsuccess = () => {
          const db = request.result;
          const keys = db.transaction("state").objectStore("state").getAllKeys();
          keys.onsuccess = () => {
            db.close();
            // Without the keys of appends (js/src/rows.ts).
            done(keys.result.filter((key) => !Array.isArray(key)));
          };
        };
      }),
  );

test("without an endpoint nothing is sent, whatever is called", async () => {
  const { page, posts } = await open("/off");
  await page.click("#buy");
  await page.evaluate(() => insitu.report());
  await flush(page);
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await sleep(500);
  assert.deepEqual(posts, []);
  const { bytes, upload } = await status(page);
  assert.deepEqual([bytes.sent, upload.state, upload.pending], [0, "off", 0]);
});

test("what arrives adds up to the partial of the page, text for text, and is small", async () => {
  const { page, posts, seen } = await open();
  for (let i = 0; i < 5; i++) {
    await page.click("#buy");
    await page.evaluate((i) => {
      insitu.task("buy", { optimal: 2, specTimeMs: 9000 - i * 1000 }).start();
      insitu.goal(`goal ${i}`);
      if (i % 2) insitu.task("buy").success();
      else insitu.task("buy").fail();
    }, i);
    await flush(page);
  }
  assert.equal(receiver.kept.size, 5);
  await isAllSent(page);
  for (const each of receiver.kept.values()) {
    assert.equal(each.site, "shop");
    assert.ok(each.zipped && each.bytes < 2048, `${each.bytes}`);
  }
  assert.deepEqual(new Set(posts), new Set([`POST ${receiver.url}`]), "no preflight");
  const after = await status(page);
  assert.deepEqual(after.upload, {
    ...{ state: "idle", pending: 0, sent: 5, refused: 0, lastError: "", nextTryMs: 0 },
  });
  assert.equal(after.bytes.sent, receiver.bytes);
  assert.equal((await page.evaluate(() => insitu.report())).cost.bytesSent, receiver.bytes);
  assert.equal(unbalanced(after), "");
  const sent = receiver.requests[0].headers;
  assert.ok(!("cookie" in sent));
  assert.equal(sent.referer, `${site.origin}/`, "no more than the origin");
  assert.deepEqual([seen.errors, seen.console], [[], []]);
});

test("by itself: soon after what happened, and not again while nothing does", async () => {
  const { page } = await open();
  await page.click("#buy");
  await until(
    () => receiver.kept.size >= 1,
    `the first upload ${JSON.stringify(await status(page))}`,
    20_000,
  );
  await flush(page);
  const count = receiver.requests.length;
  assert.ok(count <= 2, `${count}`);
  await sleep(6000);
  await flush(page);
  assert.equal(receiver.requests.length, count, "there is nothing new");
  assert.equal(sentClicks(), 1);
  await isAllSent(page);
});

test("a page that is hidden sends what is new", async () => {
  const { page } = await open();
  await flush(page);
  await page.click("#buy");
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  await until(() => receiver.kept.size === 2, "the upload");
  assert.equal(sentClicks(), 1);
  await isAllSent(page);
});

test("consent: nothing before it, all of it after, nothing once it is taken back", async () => {
  const { page, posts } = await open("/consent");
  await page.click("#buy");
  await flush(page);
  assert.deepEqual(posts, []);
  assert.equal((await status(page)).upload.state, "held");
  await page.evaluate(() => insitu.consent("granted"));
  await until(async () => (await status(page)).storage === "local", "local storage");
  await flush(page);
  await isAllSent(page);
  assert.equal(sentClicks(), 1);
  receiver.mode = "500";
  await page.click("#buy");
  await flush(page);
  assert.equal((await status(page)).upload.pending, 1);
  const count = receiver.requests.length;
  await page.evaluate(() => insitu.consent("denied"));
  await until(
    () => page.evaluate(async () => (await indexedDB.databases()).length === 0),
    "the erasure",
  );
  await page.click("#buy");
  await flush(page);
  await sleep(300);
  assert.equal(receiver.requests.length, count);
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), [], "it stays erased");
  const { state, pending } = (await status(page)).upload;
  assert.deepEqual([state, pending], ["held", 0]);
});

test("a browser that asks for privacy sends nothing, unless consent is granted", async () => {
  for (const name of ["globalPrivacyControl", "doNotTrack"]) {
    const asks = `Object.defineProperty(Navigator.prototype, "${name}",
      { get: () => ${name === "doNotTrack" ? '"1"' : "true"} })`;
    const { page, posts } = await open("/", asks);
    await page.click("#buy");
    await flush(page);
    assert.deepEqual([posts, (await status(page)).upload.state], [[], "held"], name);
    const { page: granted } = await open("/granted", asks);
    await flush(granted);
    assert.equal((await status(granted)).upload.sent, 1, name);
  }
});

test("memory mode uploads too, and leaves nothing behind", async () => {
  const { page } = await open("/memory");
  await page.click("#buy");
  await flush(page);
  await page.click("#buy");
  await flush(page);
  assert.equal(receiver.kept.size, 2);
  await isAllSent(page);
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
});

test("forget and optOut erase what waits, also when it is just being sent", async () => {
  const { page } = await open();
  receiver.mode = "500";
  await page.click("#buy");
  await flush(page);
  assert.equal((await stored(page)).length, 4, "state, taken, pace, one upload");
  await page.evaluate(() => insitu.forget());
  receiver.mode = "ok";
  await page.click("#buy");
  await flush(page);
  assert.equal(receiver.kept.size, 1);
  await isAllSent(page);
  assert.equal(sentClicks(), 1, "the forgotten one is gone");

  receiver.mode = "hangAfter";
  await page.click("#buy");
  const flushed = flush(page);
  await until(async () => (await status(page)).upload.state === "sending", "the request");
  await page.evaluate(() => insitu.optOut());
  await flushed;
  await sleep(300);
  const count = receiver.requests.length;
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  await sleep(500);
  assert.equal(receiver.requests.length, count);
});

for (const mode of ["500", "429", "dropBefore", "dropAfter"]) {
  test(`${mode}: the next document sends it again, the server has it once`, async () => {
    const { page, seen } = await open();
    receiver.mode = mode;
    await page.click("#buy");
    await flush(page);
    const { upload } = await status(page);
    assert.ok(upload.pending >= 1, `${upload.pending}`);
    assert.equal(upload.state, "waiting");
    assert.ok(upload.nextTryMs > 0 && upload.nextTryMs <= 10_000, `${upload.nextTryMs}`);
    assert.match(upload.lastError, /answer/);
    await flush(page);
    assert.ok(receiver.requests.length <= 2, "a browser may repeat it by itself, we do not yet");
    receiver.mode = "ok";
    await page.goto(`${site.origin}/next`);
    await until(
      () => receiver.kept.size >= 1 && receiver.requests.at(-1).mode === "ok",
      "it",
      30_000,
    );
    await until(async () => (await status(page)).upload.pending === 0, "the outbox", 60_000);
    await isAllSent(page);
    assert.deepEqual(seen.errors, []);
  });
}

test("what a server refuses is dropped and counted, capture goes on", async () => {
  const { page } = await open();
  receiver.mode = "413";
  await page.click("#buy");
  await flush(page);
  const after = await status(page);
  assert.deepEqual([after.upload.refused, after.upload.pending], [1, 0]);
  assert.match(after.warnings.join(), /413/);
  await page.click("#buy");
  assert.equal((await page.evaluate(() => insitu.report())).kpis.number_of_clicks.value, 2);
  assert.equal(unbalanced(await status(page)), "");
});

test("two tabs: nothing twice, nothing lost, one upload at a time", async () => {
  const { context, page } = await open();
  const other = await context.newPage();
  await other.goto(site.origin);
  for (let i = 0; i < 10; i++) {
    await Promise.all([page.click("#buy"), other.click("#buy")]);
    await Promise.all([flush(page), flush(other)]);
  }
  await flush(page);
  await isAllSent(page);
  assert.equal(sentClicks(), 20);
  assert.equal(receiver.repeated, 0);
});

test("two tabs take at the same time: only one difference counts", async () => {
  const { context, page } = await open("/module");
  const other = await context.newPage();
  await other.goto(`${site.origin}/module`);
  for (const each of [page, other]) {
    await until(
      () => each.evaluate(() => window.insitu?.status().storage === "local"),
      "the store",
    );
  }
  await flush(other);
  // Between looking at what was taken last and writing down what is taken now.
  await page.evaluate(() => {
    window.change = (partial) => {
      for (const end = performance.now() + 3000; performance.now() < end; );
      return partial;
    };
  });
  await other.evaluate(() => insitu.goal("both see this"));
  await other.click("#buy");
  await other.evaluate(() => insitu.report());
  const slow = flush(page);
  await sleep(500);
  await flush(other);
  await slow;
  await page.evaluate(() => {
    window.change = (partial) => partial;
  });
  await flush(page);
  await isAllSent(page);
});

test("numbers that start again are added, not taken back", async () => {
  const { page } = await open();
  await page.click("#buy");
  await flush(page);
  await page.evaluate(async () => {
    const db = await new Promise((done) => {
      const request = indexedDB.open("insitu");
      request.onsuccess = () => done(request.result);
    });
    const states = db.transaction("state", "readwrite").objectStore("state");
    await new Promise((done) => {
      states.get(0).onsuccess = ({ target: { result } }) => {
        const damaged = { ...result, generation: 9, bytes: result.bytes.map((x) => ~x) };
        states.put(damaged, 0).onsuccess = done;
      };
    });
    db.close();
  });
  await flush(page);
  await page.click("#buy");
  await flush(page);
  assert.match((await status(page)).warnings.join(), /start again/);
  assert.equal(JSON.parse(await partial(page)).kpis.number_of_clicks.x, 1);
  assert.equal(sentClicks(), 2);
});

test("other KPI options are other sums", async () => {
  const { page } = await open();
  await flush(page);
  await page.goto(`${site.origin}/options`);
  await page.click("#buy");
  await flush(page);
  const options = [...receiver.kept.values()].map((each) => each.partial.options);
  assert.deepEqual([...new Set(options)], ["{}", '{"confidence":0.9}']);
});

test("transformUpload changes what is sent, and may refuse for a while", async () => {
  const { page } = await open("/module");
  await until(() => page.evaluate(() => !!window.insitu), "the module");
  await page.evaluate(() => {
    window.change = () => {
      throw new Error("not yet");
    };
  });
  await page.click("#buy");
  await flush(page);
  assert.match((await status(page)).warnings.join(), /transformUpload failed.*not yet/);
  assert.equal(receiver.requests.length, 0);
  await page.evaluate(() => {
    window.change = ({ heatmaps, ...rest }) => rest;
  });
  await flush(page);
  const { heatmaps, ...rest } = JSON.parse(await partial(page));
  assert.ok(heatmaps);
  assert.deepEqual(JSON.parse(receiver.sum()), rest);
});

// Leaves `page` by a link and comes back; whether it came from the cache.
async function backAndForth(page) {
  await page.evaluate(() => {
    addEventListener("pageshow", ({ persisted }) => {
      window.persisted = persisted;
    });
  });
  await page.click("a");
  await page.waitForURL("**/plain");
  await sleep(200);
  await page.goBack({ waitUntil: "commit" });
  await until(() => page.evaluate(() => document.readyState === "complete"), "the page");
  return page.evaluate(() => window.persisted === true);
}

for (const mode of ["ok", "slow", "hangAfter", "500"]) {
  test(`the page keeps its back/forward cache: ${mode}`, async () => {
    const { page } = await open();
    receiver.mode = mode;
    await page.click("#buy");
    if (mode === "slow" || mode === "hangAfter") {
      void flush(page).catch(() => {});
      await until(() => receiver.requests.length === 1, "the request");
    } else await flush(page);
    assert.ok(await backAndForth(page), "restored");
    receiver.mode = "ok";
    await page.click("#buy");
    await until(
      async () => {
        await flush(page);
        return (await status(page)).upload.pending === 0;
      },
      "the outbox",
      60_000,
    );
    await isAllSent(page);
  });
}

test("a large upload under way does not cost the cache either, and is sent to the end", async () => {
  const { page } = await open();
  // Before the journal is open no more than two buffers are kept.
  await until(async () => (await status(page)).storage === "local", "the journal");
  await page.evaluate(() => {
    // Nothing that compresses, and nothing that looks like a token.
    const noise = () =>
      Array.from(crypto.getRandomValues(new Uint8Array(64)), (byte) =>
        String.fromCharCode(97 + (byte % 26)),
      ).join("");
    for (let i = 0; i < 800; i++) {
      insitu.goal(`goal ${i}`);
      insitu.page(`/${noise()}`);
      insitu.goal("here");
    }
  });
  receiver.mode = "hangAfter";
  void flush(page).catch(() => {});
  await until(() => receiver.requests.length === 1, "the request", 20_000);
  const [{ bytes }] = receiver.kept.values();
  assert.ok(bytes > 16 << 10, `${bytes}`);
  receiver.mode = "ok";
  assert.ok(await backAndForth(page), "restored");
  assert.ok(receiver.repeated >= 1, "sent once more when the page was left");
  await until(
    async () => {
      await flush(page);
      return (await status(page)).upload.pending === 0;
    },
    "the outbox",
    60_000,
  );
  await isAllSent(page);
});
