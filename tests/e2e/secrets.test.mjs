// SPDX-License-Identifier: MIT
// Covers the promise that nothing secret is kept: 10,000 generated secrets in everything a page
// shows, is called and says, and real clicks and keys on it; then every byte on the device and every
// answer of Insitu is searched for them.
//
// What is never read (texts, values, titles, labels, names, links, query, fragment, messages) may
// hold any secret, also words. What is read (ids of elements, paths) gets the kinds that the scrubber
// knows (tests/helpers/secrets.mjs).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { kinds, random } from "../helpers/secrets.mjs";
import { launchOptions, watchPage } from "./helpers/browser.mjs";
import { dumpDevice, leaks } from "./helpers/dump.mjs";
import { readEvents, unbalanced } from "./helpers/journal.mjs";
import { html, startSite } from "./helpers/site.mjs";

const SECRETS = 10_000;
const READ = ["id", "path"];
const NEVER_READ = ["value", "text", "title", "label", "query", "hash", "message", "name"];
const PLACES = [...READ, ...NEVER_READ];
const ROUNDS = SECRETS / PLACES.length;

const words = "correct horse battery staple maple orbit velvet canyon ripple saturn".split(" ");
const known = Object.values(kinds);
const spoken = (pick) => Array.from({ length: 4 }, () => words[pick(10)]).join(" ") + pick(1e6);

let browser;
let site;

before(async () => {
  // Browsers slow down pages that change their address more than 20 times a second.
  browser = await chromium.launch({
    ...launchOptions,
    args: [...launchOptions.args, "--disable-ipc-flooding-protection"],
  });
  // A secret of its own for each round; the page sets the next one up after each click.
  const page = `<main><form><p id="place"></p></form></main><script>
    let round = 0;
    window.set = (all) => { window.rounds = all; next(); };
    function next() {
      const secret = rounds[round++];
      if (!secret) return;
      history.pushState({ token: secret.text }, "", "/u/" + encodeURIComponent(secret.path) + "/orders?token=" +
        encodeURIComponent(secret.query) + "&email=ann@example.org#" + encodeURIComponent(secret.hash));
      document.title = secret.title;
      const kind = ["button", "input", "a", "div", "textarea"][round % 5];
      const element = document.createElement(kind);
      Object.assign(element.style, { position: "fixed", left: 0, top: 0, width: "100px", height: "50px" });
      element.id = secret.id;
      if (round % 2) element.innerHTML = "<b></b>";
      element.append(secret.text);
      element.value = secret.value;
      element.setAttribute("value", secret.value);
      element.setAttribute("placeholder", secret.value);
      element.title = secret.title;
      element.setAttribute("aria-label", secret.label);
      element.setAttribute("aria-description", secret.label);
      element.setAttribute("alt", secret.label);
      element.setAttribute("name", secret.name);
      element.className = secret.name.split(" ")[0];
      element.dataset.user = secret.name;
      if (kind === "a") element.href = "#" + encodeURIComponent(secret.hash);
      document.querySelector("#place").replaceChildren(element);
      setTimeout(() => { throw new Error(secret.message); });
      Promise.reject(new TypeError(secret.message));
    }
    document.addEventListener("click", (event) => {
      event.preventDefault();
      if (event.target.value !== undefined) event.target.dispatchEvent(new Event("change", { bubbles: true }));
      next();
    });
    document.addEventListener("submit", (event) => event.preventDefault());
  </script>`;
  site = await startSite((path) =>
    path.endsWith(".js") ? undefined : html({ body: page, attributes: "data-keep-log" }),
  );
});
after(async () => {
  await browser.close();
  await site.close();
});

test(`${SECRETS} secrets in ${PLACES.length} places: none on the device, none in what Insitu says`, async () => {
  const pick = random(20260101);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
    ...Object.fromEntries(READ.map((place, i) => [place, known[(round + i) % known.length](pick)])),
    ...Object.fromEntries(
      NEVER_READ.map((place, i) => [
        place,
        (round + i) % 4 ? known[(round + i) % known.length](pick) : spoken(pick),
      ]),
    ),
  }));
  const secrets = [...new Set(rounds.flatMap((round) => Object.values(round)))];
  assert.ok(secrets.length > 0.99 * SECRETS, `${secrets.length} of them differ`);

  const context = await browser.newContext();
  const page = await context.newPage();
  watchPage(page);
  await page.goto(site.origin);
  await page.evaluate((all) => set(all), rounds);
  const session = await context.newCDPSession(page);
  const press = (type) =>
    session.send("Input.dispatchMouseEvent", { type, x: 30, y: 20, button: "left", clickCount: 1 });
  for (const [i, { value }] of rounds.entries()) {
    const pressed = press("mousePressed");
    await Promise.all([pressed, press("mouseReleased")]);
    // Typed by hand as well, into whatever has the focus.
    if (i % 100 === 0) await page.keyboard.type(value);
    if (i % 200 === 0) await page.evaluate(() => insitu.task("buy").start());
  }
  await page.evaluate(() => insitu.flush());

  const waiting = await readEvents(page);
  const before = await dumpDevice(page);
  const told = await page.evaluate(async () => {
    const stored = await insitu.stored();
    return {
      stored,
      report: await insitu.report(),
      partial: await insitu.partial(),
      log: await insitu.export("ndjson"),
      heatmap: await insitu.heatmap(),
      status: insitu.status(),
      again: await insitu.stored(),
    };
  });
  const after = await dumpDevice(page);
  assert.ok(after.places["insitu.log"] > 50_000 && after.places["insitu.state"] > 1000);
  // All of it was there to be kept.
  const lines = told.log.trimEnd().split("\n");
  assert.equal(lines.filter((line) => line.includes('"click"')).length, ROUNDS);
  const routes = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "page_view");
  assert.deepEqual([...new Set(routes.map(({ page }) => page))], ["/", "/u/:id/orders"]);
  assert.equal(routes.length, 1 + ROUNDS);
  assert.equal(unbalanced(told.status), "");

  const texts = {
    "the device": before.text,
    "the journal, decoded": JSON.stringify(waiting),
    "the device after folding": after.text,
    ...Object.fromEntries(
      Object.entries(told).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  };
  for (const [name, text] of Object.entries(texts)) {
    const found = leaks([...secrets, ...secrets.map(encodeURIComponent)], text);
    assert.deepEqual(found.slice(0, 10), [], `${found.length} secrets in ${name}`);
  }
  await context.close();
});

test("the search itself finds what is there", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.origin);
  // An order is known by its id, which is kept as it is.
  await page.evaluate(() => {
    insitu.order({ id: "4111111111111111" });
    insitu.goal("ann@example.org");
    return insitu.flush();
  });
  const { text } = await dumpDevice(page);
  assert.deepEqual(leaks(["4111111111111111", "ann@example.org"], text), ["4111111111111111"]);
  await context.close();
});
