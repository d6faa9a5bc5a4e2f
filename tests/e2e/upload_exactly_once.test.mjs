// SPDX-License-Identifier: MIT
// Covers the promise of uploads: two tabs that produce events all the time, a spell offline, a server
// that fails half of all requests in five ways, a browser that is killed again and again; in the end
// what the server has kept is the partial of the browser, text for text, and of its whole log.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nativeCli } from "../helpers/native_cli.mjs";
import { FAILURES, startReceiver } from "../helpers/receiver.mjs";
import { launchProfile, sleep, until } from "./helpers/browser.mjs";
import { kill } from "./helpers/processes.mjs";
import { html, startSite } from "./helpers/site.mjs";

const EVENTS = process.env.INSITU_FULL ? 50_000 : 2000;
const KILLS = process.env.INSITU_FULL ? 6 : 2;
// A clock that runs faster, so that the pauses between tries pass in a test's time.
const SPEED = 20;
const CHUNK = 25;

let site;
let receiver;
let profile;

before(async () => {
  receiver = await startReceiver();
  profile = mkdtempSync(join(tmpdir(), "insitu-upload-"));
  const fast = (start, speed) => {
    const { now } = Date;
    const { setTimeout } = window;
    Date.now = () => Math.round(start + (now() - start) * speed);
    // Not while the store opens: that takes its real time, and would be given up.
    const divisor = () => (window.insitu?.status?.().storage === "local" ? speed : 1);
    window.setTimeout = (work, ms, ...rest) => setTimeout(work, ms / divisor(), ...rest);
  };
  site = await startSite(() =>
    html({
      head: `<script>(${fast})(${Date.now()}, ${SPEED})</script>`,
      body: '<main><button id="buy">Buy</button></main>',
      attributes: `data-keep-log data-core="/insitu/insitu.core-full.js" data-endpoint="${receiver.url}"`,
    }),
  );
});
after(async () => {
  await site.close();
  await receiver.close();
  rmSync(profile, { recursive: true, force: true });
});

test(`${EVENTS} events, two tabs, ${KILLS} kills: lost 0, twice 0`, async (t) => {
  const acknowledged = new Map(); // per tab and round
  const modes = {};
  let failures = 0;
  let calm = false;
  receiver.mode = () => {
    const fails = !calm && Math.random() < 0.5;
    const mode = fails ? FAILURES[failures++ % FAILURES.length] : "ok";
    modes[mode] = (modes[mode] ?? 0) + 1;
    return mode;
  };
  const each = Math.ceil(EVENTS / 2 / (KILLS + 1));
  let context;
  let pages;
  for (let round = 0; round <= KILLS; round++) {
    const last = round === KILLS;
    context = await launchProfile(profile);
    t.after(() => context.close().catch(() => {}));
    await context.exposeFunction("acknowledge", (name, n) => void acknowledged.set(name, n));
    pages = [await context.newPage(), await context.newPage()];
    for (const page of pages) {
      await page.goto(site.origin);
      const storage = () => page.evaluate(() => insitu.status().storage);
      await until(async () => (await storage()) === "local", "the store", 20_000);
    }
    if (round === 0) await context.setOffline(true);
    const producing = pages.map((page, i) =>
      page
        .evaluate(
          async ([name, count, chunk]) => {
            await insitu.flush();
            for (let done = 0; done < count; ) {
              for (let k = 0; k < chunk && done < count; k++, done++) {
                // Each page view shows in the sums by itself.
                if (done % 2) insitu.page(`/${name}`);
                else insitu.goal(name);
              }
              while (insitu.status().events.inFlight)
                await new Promise((next) => setTimeout(next, 40));
              await window.acknowledge(name, done);
            }
          },
          [`${round}${"ab"[i]}`, each, CHUNK],
        )
        .catch((error) => {
          if (last) throw error;
        }),
    );
    if (round === 0) {
      await sleep(1500);
      await context.setOffline(false);
    }
    // Upload at random moments, from both, while events go on.
    const uploading = pages.map(async (page) => {
      for (let i = 0; i < 400 && !calm; i++) {
        await page.evaluate(() => insitu.flush()).catch(() => {});
        await sleep(Math.random() * 200);
      }
    });
    if (last) {
      await Promise.all(producing);
      // Until each way to fail was there in earnest.
      for (const end = Date.now() + 60_000; failures < 10 && Date.now() < end; await sleep(100)) {
        await pages[0].evaluate(() => insitu.goal("more"));
      }
      assert.ok(failures >= FAILURES.length, `${failures}`);
      calm = true;
      await Promise.all(uploading);
    } else {
      const acked = () => acknowledged.get(`${round}a`) && acknowledged.get(`${round}b`);
      await until(acked, "something to lose", 60_000);
      await sleep(1000 + Math.random() * 1500);
      await kill(context, profile);
      await Promise.allSettled([...producing, ...uploading]);
    }
  }
  const [page] = pages;
  const state = () => page.evaluate(() => insitu.status());
  await until(
    async () => {
      await page.evaluate(() => insitu.flush());
      const { pending, state: now } = (await state()).upload;
      return pending === 0 && now === "idle";
    },
    "the outbox",
    120_000,
  );
  // Both stay quiet now.
  const { partial, log } = await page.evaluate(async () => {
    const log = await insitu.export("ndjson");
    await insitu.flush();
    return { log, partial: await insitu.partial() };
  });
  await until(async () => (await state()).upload.pending === 0, "the last of it", 60_000);
  assert.deepEqual(receiver.problems, []);
  assert.equal(receiver.sum(), partial, "the server's sum is the browser's");

  const events = {};
  for (const line of log.trimEnd().split("\n")) {
    const { type, goal, page } = JSON.parse(line);
    const name = goal ?? (type === "page_view" && page.slice(1));
    if (name) events[name] = (events[name] ?? 0) + 1;
  }
  for (const [name, n] of acknowledged)
    assert.ok(events[name] >= n, `${name}: ${events[name]} of ${n}`);
  const done = spawnSync(nativeCli, ["partial", "-"], { input: log, maxBuffer: 1 << 28 });
  assert.equal(done.stdout.toString().trim(), partial, "and that of all events");
  assert.ok(receiver.kept.size > KILLS, `${receiver.kept.size} uploads`);
  const total = [...acknowledged.values()].reduce((sum, n) => sum + n, 0);
  t.diagnostic(
    `${total} acknowledged, ${receiver.kept.size} uploads kept, ${receiver.repeated} repeats refused by id; ${JSON.stringify(modes)}`,
  );
});
