// SPDX-License-Identifier: MIT
// Covers js/src/upload against a real server under a clock of the test's own: how a browser behaves
// towards a server that fails for a day, refuses, or asks for time. The core and the journal in
// memory are the real ones.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";
import { batchesOfLog } from "../helpers/encode_batch.mjs";
import { startReceiver } from "../helpers/receiver.mjs";
import { WasmCore } from "../helpers/wasm_core.mjs";

const { createUploads } = await loadTs("js/src/upload/uploads.ts");
const { createAnalysis } = await loadTs("js/src/analysis.ts");
const { foldJournal } = await loadTs("js/src/contents.ts");
const { MemoryJournal } = await loadTs("js/src/memory_journal.ts");

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 2, 12);

const open = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

// A document that uploads to a receiver, and its clock.
async function start({ transform, random = Math.random } = {}) {
  const receiver = await startReceiver();
  open.push(receiver);
  const { module } = await WasmCore.make();
  const analysis = createAnalysis(module, {
    options: {},
    keepLog: false,
    warn() {},
  });
  const journal = new MemoryJournal(false, () => {});
  const page = {
    receiver,
    analysis,
    now: START,
    online: true,
    allowed: true,
    warnings: [],
    requests: [],
  };
  let timers = [];
  let running = 0; // passes under way
  const handlers = {};
  const world = {
    now: () => page.now,
    random,
    later(work, ms) {
      const timer = { work, at: page.now + ms };
      timers.push(timer);
      return timer;
    },
    cancel(timer) {
      timers = timers.filter((each) => each !== timer);
    },
    online: () => page.online,
    fetch(url, request) {
      page.requests.push(page.now);
      return fetch(url, request);
    },
  };
  let views = 0;
  page.view = async (route = "/") => {
    const event = {
      ...{ type: "page_view", visitor: "v", session: "s", pv: views, seq: views },
      ...{ t: START + views++, page: route, vw: 800, vh: 600, dw: 800, dh: 900 },
    };
    const batches = [...batchesOfLog([JSON.stringify(event)])];
    const rows = batches.map((b) => ({ d: 1, n: 1, b: new Uint8Array(b) }));
    await journal.append([`${views}`, rows], "");
  };
  await page.view();
  const uploads = createUploads(
    {
      endpoint: receiver.url,
      site: "shop",
      transform,
      allowed: () => page.allowed,
      journal: async () => journal,
      fold: async () => {
        const before = analysis.at();
        await foldJournal(journal, analysis.step);
        if (analysis.at() !== before) uploads.wake();
        return analysis;
      },
      idle(work) {
        running++;
        void Promise.resolve(work()).finally(() => running--);
      },
      on: (_target, type, handle) => {
        handlers[type] = handle;
      },
      warn: (sentence) => page.warnings.push(sentence),
    },
    world,
  );
  // As after the first fold of a document.
  uploads.wake();
  // Until everything that runs without the clock has run: nothing is under way any more.
  page.settle = async () => {
    for (let quiet = 0, last = -1; quiet < 5; ) {
      await new Promise((done) => setTimeout(done, 2));
      const busy =
        running > 0 || uploads.status().state === "sending" || page.requests.length !== last;
      last = page.requests.length;
      quiet = busy ? 0 : quiet + 1;
    }
  };
  // Lets `ms` pass, from timer to timer.
  page.pass = async (ms) => {
    const end = page.now + ms;
    await page.settle();
    for (;;) {
      const [next] = timers.sort((a, b) => a.at - b.at);
      if (!next || next.at > end) break;
      timers.shift();
      page.now = Math.max(page.now, next.at);
      next.work();
      await page.settle();
    }
    page.now = end;
  };
  // Lets the clock jump to the next timer.
  page.runNext = () => {
    const next = timers.sort((a, b) => a.at - b.at).shift();
    page.now = next.at;
    next.work();
  };
  page.tell = (type) => handlers[type]({});
  return Object.assign(page, { uploads, status: () => uploads.status() });
}

// The largest number of requests within any minute.
const perMinute = (times) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + MINUTE).length));

for (const [name, random] of [
  ["none", () => 0],
  ["all", () => 1],
  ["some", Math.random],
]) {
  test(`a day of 500: at most 60 requests, 8 in a minute; with ${name} of the jitter`, async () => {
    const page = await start({ random });
    page.receiver.mode = "500";
    for (let hour = 0; hour < 24; hour++) {
      await page.pass(HOUR);
      await page.view();
    }
    assert.ok(page.requests.length <= 60, `${page.requests.length}`);
    assert.ok(page.requests.length >= 24, `${page.requests.length}`);
    assert.ok(perMinute(page.requests) <= 8);
    assert.equal(page.status().state, "waiting");
    assert.match(page.status().lastError, /500/);
    page.receiver.mode = "ok";
    await page.pass(HOUR);
    assert.equal(page.status().pending, 0);
    assert.equal(page.receiver.sum(), page.analysis.partial(), "nothing is lost, nothing twice");
  });
}

test("a server that fails now and then gets at most 8 requests in a minute", async () => {
  const page = await start();
  let turn = 0;
  page.receiver.mode = () => ["500", "ok", "dropBefore", "ok", "429", "ok"][turn++ % 6];
  for (let i = 0; i < 60; i++) {
    await page.view(`/${i}`);
    await page.uploads.flush();
    await page.pass(2 * SECOND);
  }
  assert.ok(perMinute(page.requests) <= 8, `${perMinute(page.requests)}`);
  page.receiver.mode = "ok";
  await page.pass(10 * MINUTE);
  assert.equal(page.receiver.sum(), page.analysis.partial());
  assert.deepEqual(page.receiver.problems, []);
});

for (const refusal of ["400", "413", "404"]) {
  test(`${refusal} is never tried again, and counted`, async () => {
    const page = await start();
    page.receiver.mode = refusal;
    await page.pass(HOUR);
    assert.equal(page.requests.length, 1);
    const { refused, pending, sent } = page.status();
    assert.deepEqual([refused, pending, sent], [1, 0, 0]);
    assert.match(page.warnings.join(), new RegExp(refusal));
  });
}

for (const again of ["408", "429", "503"]) {
  test(`${again} is tried again`, async () => {
    const page = await start();
    page.receiver.mode = again;
    await page.pass(MINUTE);
    assert.ok(page.requests.length >= 2, `${page.requests.length}`);
    page.receiver.mode = "ok";
    await page.pass(HOUR);
    assert.equal(page.receiver.sum(), page.analysis.partial());
  });
}

test("a server that never answers is given up on and asked again", async () => {
  const page = await start();
  page.receiver.mode = "hang";
  while (page.receiver.kept.size < 1) await new Promise((done) => setTimeout(done, 5));
  assert.equal(page.status().state, "sending");
  page.runNext();
  await page.settle();
  assert.match(page.status().lastError, /no answer/);
  page.receiver.mode = "ok";
  await page.pass(MINUTE);
  assert.deepEqual([page.receiver.kept.size, page.receiver.repeated], [1, 1]);
});

test("Retry-After is honoured, in seconds and as a date", async () => {
  for (const value of ["1800", new Date(START + 30 * MINUTE).toUTCString()]) {
    const page = await start();
    page.receiver.mode = "503";
    page.receiver.retryAfter = value;
    await page.pass(29 * MINUTE);
    assert.equal(page.requests.length, 1, value);
    assert.ok(page.status().nextTryMs > 0);
    page.receiver.mode = "ok";
    await page.pass(2 * MINUTE);
    assert.equal(page.receiver.kept.size, 1, value);
  }
});

test("offline nothing is tried until the browser says it is online", async () => {
  const page = await start();
  page.online = false;
  await page.pass(HOUR);
  assert.deepEqual(page.requests, []);
  assert.deepEqual([page.status().state, page.status().pending], ["offline", 1]);
  page.online = true;
  page.tell("online");
  await page.settle();
  assert.equal(page.receiver.kept.size, 1);
});

test("a busy page takes what is new at most every 30 s", async () => {
  const page = await start();
  for (let i = 0; i < 60; i++) {
    await page.view(`/${i}`);
    page.uploads.wake();
    await page.pass(5 * SECOND);
  }
  assert.ok(
    page.receiver.kept.size <= 11 && page.receiver.kept.size >= 9,
    `${page.receiver.kept.size}`,
  );
});

test("what waits is bounded, and what does not fit is not lost", async () => {
  const page = await start();
  page.receiver.mode = "500";
  for (let i = 0; i < 80; i++) {
    await page.view(`/${i}`);
    await page.uploads.flush();
  }
  assert.equal(page.status().pending, 50);
  page.receiver.mode = "ok";
  await page.pass(24 * HOUR);
  assert.equal(page.receiver.sum(), page.analysis.partial());
  assert.equal(page.receiver.kept.size, 51);
});

test("sums too large for one upload go in several", async () => {
  const page = await start();
  // Names of pages with little in them that repeats.
  let seed = 1;
  const letters = () => {
    seed = (seed * 48271) % 2147483647;
    return seed.toString(36);
  };
  for (let i = 0; i < 1500; i++)
    await page.view(`/${letters()}${letters()}${letters()}${letters()}`);
  for (let i = 0; i < 10; i++) await page.uploads.flush();
  assert.ok(page.receiver.kept.size > 1, `${page.receiver.kept.size}`);
  for (const { bytes } of page.receiver.kept.values()) assert.ok(bytes <= 48 << 10, `${bytes}`);
  assert.equal(page.receiver.sum(), page.analysis.partial());
});

test("transformUpload: leaves out, takes back, and may fail", async () => {
  let how = "leave out";
  const seen = [];
  const page = await start({
    transform(partial) {
      seen.push(structuredClone(partial));
      if (how === "throw") throw new Error("not now");
      if (how === "nothing") return null;
      if (how === "nonsense") return "text";
      const { heatmaps, ...rest } = partial;
      return rest;
    },
  });
  await page.uploads.flush();
  const [{ partial: first }] = page.receiver.kept.values();
  assert.ok(seen[0].heatmaps && !first.heatmaps && first.kpis);
  how = "throw";
  await page.view("/one");
  await page.uploads.flush();
  assert.equal(page.receiver.kept.size, 1);
  assert.match(page.warnings.join(), /transformUpload failed.*not now/);
  how = "nonsense";
  await page.uploads.flush();
  assert.equal(page.receiver.kept.size, 1);
  assert.deepEqual(seen[2], seen[1], "asked again, for the same");
  how = "nothing";
  await page.uploads.flush();
  how = "leave out";
  await page.view("/two");
  await page.uploads.flush();
  assert.equal(page.receiver.kept.size, 2);
  const { kpis } = JSON.parse(page.receiver.sum());
  assert.equal(kpis.page_views.n, 2, "what null was given for is not sent later");
});

test("not allowed: nothing is taken, nothing is sent", async () => {
  const page = await start();
  page.allowed = false;
  page.uploads.wake();
  await page.uploads.flush();
  await page.pass(HOUR);
  assert.deepEqual([page.requests.length, page.status().state], [0, "held"]);
});
