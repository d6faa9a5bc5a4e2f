// SPDX-License-Identifier: MIT
// Covers what is captured of forms, with real mouse and keyboard: which fields, that something was
// entered, that the form was sent, never what; in plain pages, in shadow trees and between routes;
// and the KPIs that the core makes of it.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { test } from "./helpers/attempts.mjs";
import { launch } from "./helpers/browser.mjs";
import { readJournal } from "./helpers/journal.mjs";
import { isLocal, openPage, storedEvents } from "./helpers/page.mjs";
import { html, startSite, WITHOUT_CORE } from "./helpers/site.mjs";

let browser;
let site;
let context;

const bodies = {
  "/plain": `<form id="login">
      <input name="email" type="email"><input name="pw" type="password">
      <input name="card" autocomplete="cc-number"><input name="user[4711]" data-test="numbered">
      <label><input type="radio" name="plan" value="a" data-insitu-name="plan-a">A</label>
      <label><input type="radio" name="plan" value="b" data-insitu-name="plan-b">B</label>
      <select name="country"><option>one</option><option>two</option></select>
      <textarea data-insitu-name="remark" name="text"></textarea>
      <div contenteditable data-insitu-name="note">note</div>
      <div contenteditable id="nameless">nameless</div>
      <input type="button" value="tool"><button>Send</button>
    </form>
    <form name="id-clash"><input name="id"><input data-test="bare"></form>
    <input id="loose">
    <p tabindex="0" id="away">away</p>`,
  "/private": `<form name="open">
      <div data-insitu-ignore="all"><input id="ignored"></div>
      <div data-insitu-mask id="mask"><input id="one"><input id="two"></div>
      <button>Send</button></form>
    <form name="secret" data-insitu-ignore="all"><input id="all"><button id="all-send">Send</button></form>
    <div data-insitu-mask id="box"><form name="hidden"><input id="in"><button id="in-send">Send</button></form></div>`,
  "/a": "<main><form><input id='q1'><button>Go</button></form></main>",
  "/b": "<main><form><input id='q1'><button>Go</button></form></main>",
  "/shadow": `<my-form></my-form><form name="outer"><my-field></my-field></form><script>
    const define = (name, content) => customElements.define(name, class extends HTMLElement {
      connectedCallback() {
        const root = this.attachShadow({ mode: "open" });
        root.innerHTML = content;
        root.addEventListener("submit", (event) => event.preventDefault());
      }
    });
    define("my-form", "<form name='inner'><input name='first'><input name='second'><deep-field></deep-field><button>Send</button></form>");
    define("deep-field", "<input name='third'><input name='fourth'>");
    define("my-field", "<input name='piece'>");
  </script>`,
};

before(async () => {
  browser = await launch();
  site = await startSite((path) => {
    const name = path.replace("/core", "");
    // What is sent stays here.
    const stay = `<script>addEventListener("submit", (event) => event.preventDefault(), true);</script>`;
    const attributes = name === path ? WITHOUT_CORE : "";
    return bodies[name] && html({ attributes, head: stay, body: bodies[name] });
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

async function open(path) {
  const opened = await openPage(browser, site.origin + path);
  context = opened.context;
  await isLocal(opened.page);
  return opened.page;
}

async function captured(page) {
  return (await storedEvents(page))
    .filter(({ type }) => type === "form")
    .map(({ form, field, action }) => [form, field ?? "", action].join(" ").replace("  ", " "));
}

test("a form from the first field to the Enter key, and nothing of what was entered", async () => {
  const page = await open("/plain");
  await page.click("[name=email]");
  await page.keyboard.type("ann.secret@example.org");
  await page.keyboard.press("Tab");
  await page.keyboard.type("passsecret");
  await page.click("[name=email]");
  await page.keyboard.type("again-secret");
  await page.keyboard.press("Enter");
  assert.deepEqual(await captured(page), [
    "#login email focus",
    "#login email input",
    "#login email blur",
    "#login pw focus",
    "#login pw input",
    "#login pw blur",
    "#login email focus",
    "#login email input",
    "#login submit",
  ]);
  assert.ok(!JSON.stringify(await readJournal(page)).includes("secret"));
  await context.close();
});

test("every kind of field, and only fields", async () => {
  const page = await open("/plain");
  await page.focus("[name=card]");
  await page.keyboard.type("4111");
  await page.focus("[data-test=numbered]");
  await page.selectOption("[name=country]", "two"); // by script: no input of the visitor
  await page.focus("[name=country]");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.focus("[name=text]");
  await page.keyboard.type("x");
  await page.focus("[data-insitu-name=note]");
  await page.keyboard.type("xyz");
  await page.focus("#nameless");
  await page.keyboard.type("xyz");
  await page.focus("[type=button]");
  await page.focus("#loose");
  await page.keyboard.type("xyz");
  await page.focus("[name=id]");
  await page.focus("[data-test=bare]");
  await page.focus("#away");
  assert.deepEqual(await captured(page), [
    "#login card focus",
    "#login card input",
    "#login card blur",
    "#login #login>input:4 focus",
    "#login #login>input:4 blur",
    "#login country focus",
    "#login country input",
    "#login country blur",
    "#login remark focus",
    "#login remark input",
    "#login remark blur",
    "#login note focus",
    "#login note input",
    "#login note blur",
    "id-clash id focus",
    "id-clash id blur",
    "id-clash form:2>input:2 focus",
    "id-clash form:2>input:2 blur",
  ]);
  await context.close();
});

test("radios of one name are one field, which is not left between them", async () => {
  const page = await open("/plain");
  await page.click("[value=a]");
  await page.click("[value=b]");
  await page.keyboard.press("ArrowUp");
  await page.click("#away");
  assert.deepEqual(await captured(page), [
    "#login plan focus",
    "#login plan input",
    "#login plan blur",
  ]);
  await context.close();
});

test("scripts are nobody's input", async () => {
  const page = await open("/plain");
  await page.evaluate(() => {
    const field = document.querySelector("[name=email]");
    field.value = "x";
    for (const type of ["focusin", "input", "change", "focusout"]) {
      field.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    }
    field.form.dispatchEvent(new Event("submit", { bubbles: true }));
  });
  assert.deepEqual(await captured(page), []);
  await context.close();
});

test("ignored and masked fields and forms stay unknown", async () => {
  const page = await open("/private");
  for (const id of ["ignored", "one", "two", "all", "in"]) {
    await page.click(`#${id}`);
    await page.keyboard.type("x");
  }
  await page.click("#in-send");
  await page.click("#all-send");
  assert.deepEqual(await captured(page), [
    "open #mask focus",
    "open #mask input",
    "open #mask blur",
    "#box #box focus",
    "#box #box input",
    "#box #box blur",
    "#box submit",
  ]);
  await context.close();
});

test("a form without a name is another one in another page, and stays the same between routes", async () => {
  const page = await open("/a");
  await page.click("input");
  await page.keyboard.type("x");
  await page.evaluate(() => history.pushState({}, "", "/a/second-step"));
  await page.keyboard.press("Enter");
  await captured(page);
  await page.goto(`${site.origin}/b`);
  await page.click("input");
  assert.deepEqual(await captured(page), [
    "/a main>form main>form>input focus",
    "/a main>form main>form>input input",
    "/a main>form submit",
    "/b main>form main>form>input focus",
  ]);
  await context.close();
});

test("fields and forms in shadow trees, also with moves that stay inside", async () => {
  const page = await open("/shadow");
  await page.click("[name=first]");
  await page.keyboard.type("x");
  await page.keyboard.press("Tab"); // within the same tree
  await page.keyboard.type("x");
  await page.keyboard.press("Tab"); // into a deeper one
  await page.keyboard.type("x");
  await page.keyboard.press("Tab"); // within that
  await page.keyboard.type("x");
  await page.click("my-form button");
  await page.click("[name=piece]"); // its form is outside
  await page.keyboard.type("x");
  assert.deepEqual(await captured(page), [
    "inner first focus",
    "inner first input",
    "inner first blur",
    "inner second focus",
    "inner second input",
    "inner second blur",
    "inner third focus",
    "inner third input",
    "inner third blur",
    "inner fourth focus",
    "inner fourth input",
    "inner fourth blur",
    "inner submit",
    "outer piece focus",
    "outer piece input",
  ]);
  await context.close();
});

test("the report: who began, who gave up, which fields were filled twice", async () => {
  const page = await open("/core/plain");
  await page.click("[name=email]");
  await page.waitForTimeout(300);
  await page.keyboard.type("a@b");
  await page.click("[name=pw]");
  await page.keyboard.type("x");
  await page.click("[name=email]");
  await page.keyboard.type("x");
  await page.keyboard.press("Enter");
  await page.click("[name=id]"); // begun, never sent
  await page.keyboard.type("x");
  await captured(page);
  await page.goto(`${site.origin}/core/shadow`);
  await page.click("[name=first]");
  await page.keyboard.type("x");
  await page.click("my-form button");
  await page.click("[name=piece]"); // looked at, not begun
  const { kpis } = await page.evaluate(() => insitu.report());
  const { form_abandonment_rate: left, form_refill_rate: refilled } = kpis;
  assert.deepEqual([left.x, left.n], [1, 3]);
  assert.deepEqual([refilled.x, refilled.n], [1, 4]);
  assert.equal(kpis.form_hesitation_time.n, 4);
  // One of four waited for 0.3 s.
  assert.ok(kpis.form_hesitation_time.value >= 0.3 / 4);
  assert.deepEqual(page.seen.errors, []);
  await context.close();
});

test("after optOut nothing listens any more, in shadow trees neither", async () => {
  const page = await open("/shadow");
  await page.click("[name=first]");
  const accepted = await page.evaluate(() => {
    insitu.optOut();
    return insitu.status().events.accepted;
  });
  await page.keyboard.press("Tab");
  await page.keyboard.type("x");
  await page.click("my-form button");
  assert.equal(await page.evaluate(() => insitu.status().events.accepted), accepted);
  await context.close();
});
