// SPDX-License-Identifier: MIT
// Names that would run, turn, break or fill whatever they are written into, from the click to the
// log, the overlay, its exports and those of the command. In each engine they are only text, and the
// page is as it was. Real mouse.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "../e2e/helpers/browser.mjs";
import { unbalanced } from "../e2e/helpers/journal.mjs";
import { nativeCli } from "../helpers/native_cli.mjs";
import { engines, withBrowser } from "./drivers.mjs";
import { notedHtml, seenIn, startNotedSite } from "./site.mjs";

const PATIENCE_MS = 30_000;

// Each name is also the class, title, label, text, field name and address of its element. `key` is
// what the element is known by; it is the name itself unless it is said otherwise. top: the page,
// also from a frame in it.
const NAMES = [
  { name: "<img src=/evil/img onerror=top.evil()>" },
  { id: "</style></svg></text><script>top.evil()</script>" },
  { name: `"'--></title><svg/onload=top.evil()>` },
  { name: "javascript:top.evil()", tag: "a" },
  { role: `"><iframe/srcdoc="<script>top.evil()</script>">`, tag: "span" },
  // Never closed: what comes after it would be turned.
  { name: "\u202egnp.exe\u2066\u2067 \u061c\u200f שלום" },
  { name: "\u0000\u0007\u001b[2J\u001b]0;top\u0007\u009b31m\ud800 \udfff\ufffe" },
  { name: "]]><!--<?x href=/evil/xsl?><!ENTITY e SYSTEM '/evil/ent'>&e;&#x;" },
  { id: "}*{background:url(/evil/css)}</style><!--<![CDATA[" },
  { name: '=HYPERLINK("/evil/csv","+")', tag: "input" },
  { name: "+cmd|' /C calc'!A;=top" },
  { name: '\t-a\r\nb,"c"\u2028d\u0085' },
  { name: "__proto__" },
  { id: "constructor" },
  { name: "$" + "{top.evil()}{{top.evil()}}<%= top.evil() %>" },
  // Of this the log has the end of the begin.
  { name: "<b onclick=top.evil()>".repeat(450), key: null },
];
// Is clicked twice, so that the overlay speaks of it.
const TWICE = NAMES[5].name;
// Of a dialog, which is a state of the page.
const STATE = `<b/onclick=top.evil()>\u202e"'&`;
// No text that anybody reads may have these.
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is about
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|\p{Cs}/u;
const PER_TEXT = new RegExp(CONTROLS, "gu");

const keyOf = ({ name, id, role, key }) =>
  key === undefined ? (name ?? (id ? `#${id}` : `main>${role}`)) : key;
// As a log has them: UTF-8, and a space for NUL.
const logged = (text) => text.replace(/\p{Cs}/gu, "\ufffd").replaceAll("\0", " ");
const keys = NAMES.map(keyOf).filter(Boolean).map(logged);
// As they are told to people.
const shown = (text) => logged(text).replace(PER_TEXT, "\ufffd");

// The page's own script.
function build(names, state) {
  const tell = (what) => console.error(`${what}\n${new Error().stack}`);
  window.evil = () => tell("a name ran");
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
    window[name] = () => tell(`${name}() was called`);
  }
  const main = document.querySelector("main");
  const make = (tag, { name, id, role }, into) => {
    const element = document.createElement(tag);
    const text = name ?? id ?? role;
    if (name) element.setAttribute("data-insitu-name", name);
    for (const attribute of ["class", "title", "aria-label", "name", "href", "alt", "value"]) {
      element.setAttribute(attribute, text);
    }
    if (id) element.setAttribute("id", id);
    if (role) element.setAttribute("role", role);
    if (tag === "input") element.setAttribute("type", "submit");
    else element.textContent = text.slice(0, 60);
    element.style.cssText =
      "display: block; box-sizing: border-box; width: 240px; height: 28px; overflow: hidden";
    into.append(element);
    return element;
  };
  window.clicked = [];
  addEventListener("click", (event) => {
    clicked.push(event.isTrusted);
    event.preventDefault();
  });
  for (const { tag = "button", ...name } of names) make(tag, name, main);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("id", state);
  dialog.style.cssText = "left: 300px; top: 0; margin: 0";
  const ask = make("button", { name: "ask" }, main);
  main.append(dialog);
  const yes = make("button", { name: "yes" }, dialog);
  ask.onclick = () => dialog.show();
  yes.onclick = () => dialog.close();
}
const SELECTORS = [...NAMES, "ask"].map((_, i) => `main > :nth-child(${i + 1})`);
SELECTORS.push("dialog button", SELECTORS[5]);

// What would be refused is reported, and happens.
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "connect-src 'self'",
  "frame-src blob:",
].join("; ");

let site;
const asked = [];
before(async () => {
  const page = notedHtml({
    attributes: "data-keep-log",
    head: '<script defer src="/insitu/insitu.study.js"></script>',
    body: '<main></main><script src="/page.js"></script>',
  });
  const own = `(${build})(${JSON.stringify(NAMES)}, ${JSON.stringify(STATE)})`;
  site = await startNotedSite((path) => {
    if (path === "/") {
      return { html: page, headers: { "content-security-policy-report-only": POLICY } };
    }
    if (path === "/page.js") return own;
    asked.push(path);
    return undefined;
  });
});
after(() => site.close());

// ---- In the page: functions that stand alone

// Remembers how the page is, for changes().
function remember() {
  const boxes = () =>
    [...document.querySelectorAll("body, body *")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y, width, height];
    });
  window.look = () => {
    const { scrollWidth, scrollHeight, outerHTML } = document.documentElement;
    const elements = document.querySelectorAll("*").length;
    return { elements, size: [scrollWidth, scrollHeight], boxes: boxes(), outerHTML };
  };
  window.looked = JSON.stringify(look());
}

// Takes downloads instead of the browser.
function takeDownloads() {
  window.taken = [];
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    taken.push(blob);
    return make.call(URL, blob);
  };
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (!this.hasAttribute("download")) click.call(this);
  };
}

// Opens the overlay, of grids or of this browser; gives what it says when it knows this page.
async function showOverlay(grids, kind = "click") {
  const study = document.querySelector("script[src*=study]").insituStudy;
  const overlay = study.showHeatmap({ kind, ...(grids ? { grids } : {}) });
  const root = overlay.shadowRoot;
  const end = Date.now() + 20_000;
  const all = () => root.textContent;
  while (!/clicks anchored/.test(all()) || !/Nothing open: /.test(all())) {
    if (Date.now() > end) throw new Error(`no heatmap: ${all()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
  for (const part of root.querySelectorAll("details")) part.open = true;
  await new Promise((done) => setTimeout(done, 50));
  return {
    rows: [...root.querySelectorAll("tbody tr")].map((row) => [
      ...Array.from(row.cells, (cell) => cell.textContent),
    ]),
    names: [...new Set(Array.from(root.querySelectorAll("*"), ({ localName }) => localName))],
    attributes: [
      ...new Set(Array.from(root.querySelectorAll("*"), (each) => each.getAttributeNames()).flat()),
    ],
    text: all(),
    states: Array.from(root.querySelectorAll("option"), ({ textContent }) => textContent),
    told: Array.from(root.querySelectorAll("#sentence bdi"), ({ textContent }) => textContent),
    panel: root.querySelector(".panel").getBoundingClientRect().width,
    wide: document.documentElement.scrollWidth - innerWidth,
  };
}

// How much is drawn over the page, or on the wireframe.
async function drawn(selector) {
  await new Promise((done) => setTimeout(done, 100));
  const canvas = document.querySelector("insitu-heatmap").shadowRoot.querySelector(selector);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3]) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  }
  return seen.size;
}

// What a button of the overlay offers as a download: text, or a picture as base64.
async function exportBy(label) {
  const { shadowRoot } = document.querySelector("insitu-heatmap");
  const button = [...shadowRoot.querySelectorAll("button")].find(
    ({ textContent }) => textContent === label,
  );
  taken.length = 0;
  button.click();
  const end = Date.now() + 10_000;
  while (!taken.length && Date.now() < end) await new Promise((done) => setTimeout(done, 10));
  const [blob] = taken;
  if (!/png/.test(blob.type)) return blob.text();
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

// Reads an SVG as XML, and puts it wherever a careless user would: into the page as XML and as HTML,
// as an image, and as a document of this origin. Takes it away again.
async function trySvg(text) {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const all = [...parsed.querySelectorAll("*")];
  const place = document.createElement("div");
  place.style.cssText = "position: fixed; width: 9px; height: 9px; overflow: hidden; opacity: 0";
  document.body.append(place);
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  place.append(document.importNode(parsed.documentElement, true));
  place.insertAdjacentHTML("beforeend", text);
  const image = new Image();
  const frame = document.createElement("iframe");
  const loaded = new Promise((done) => {
    frame.onload = done;
  });
  frame.src = url;
  image.src = url;
  place.append(image, frame);
  let broken = "";
  await image.decode().catch((error) => {
    broken = String(error);
  });
  await Promise.race([loaded, wait(5000)]);
  await wait(50);
  const result = {
    errors: all.filter(({ localName }) => localName === "parsererror").length,
    root: parsed.documentElement.localName,
    names: [...new Set(all.map(({ localName }) => localName))].sort(),
    attributes: [...new Set(all.flatMap((each) => each.getAttributeNames()))].sort(),
    // Read as HTML nothing of it breaks out, nor in.
    asHtml: place.children[1].querySelectorAll("*").length + 1 - all.length,
    beside: place.children.length,
    inFrame: frame.contentDocument?.querySelectorAll("*").length - all.length,
    texts: all
      .filter(({ localName }) => /^(title|desc|text)$/.test(localName))
      .map(({ textContent }) => textContent),
    broken,
    image: [image.naturalWidth, image.naturalHeight],
  };
  place.remove();
  URL.revokeObjectURL(url);
  return result;
}

// Decodes a PNG given as base64: its size, and how many colours it has.
async function tryPng(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  return {
    width: picture.width,
    height: picture.height,
    colours: new Set(new Uint32Array(data.buffer)).size,
  };
}

// What is not as remember() has seen it.
function changes() {
  const [was, is] = [JSON.parse(looked), look()];
  return Object.keys(is).filter((what) => JSON.stringify(was[what]) !== JSON.stringify(is[what]));
}

// ---- The command

function run(folder, ...words) {
  const done = spawnSync(nativeCli, ["heatmap", join(folder, "log.ndjson"), ...words]);
  assert.equal(String(done.stderr), "", words.join(" "));
  assert.equal(done.status, 0);
  return String(done.stdout);
}

// What the command makes of a log, by the ending of the file or the name of the option.
function byCommand(log, layout) {
  const folder = mkdtempSync(join(tmpdir(), "insitu-names-"));
  try {
    writeFileSync(join(folder, "log.ndjson"), log);
    writeFileSync(join(folder, "layout.json"), layout);
    const page = ["--page", "/"];
    const made = {
      table: run(folder, ...page, "--table"),
      csv: run(folder, ...page, "--csv"),
      state: run(folder, ...page, "--table", "--state", `#${STATE}`),
    };
    for (const [name, ...more] of [
      ["svg"],
      ["boxes.svg", "--boxes", join(folder, "layout.json")],
      ["state.svg", "--state", `#${STATE}`],
      ["png"],
      ["grid.json"],
      ["scene.json"],
    ]) {
      const out = join(folder, `out.${name}`);
      run(folder, ...page, "--out", out, ...more);
      made[name] = readFileSync(out, name === "png" ? "base64" : "utf8");
    }
    return made;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// RFC 4180.
function cellsOf(csv) {
  const rows = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    if (quoted === undefined && plain === "" && end === "") break;
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length);
}

// ---- One visit per engine

async function visit(browser) {
  const { page } = browser;
  await page.go(`${site.origin}/`);
  const ready = () => page.evaluate(() => insitu.status().core.state === "ready");
  await until(ready, "the core", PATIENCE_MS);
  await page.evaluate(remember);
  await page.evaluate(takeDownloads);
  for (const selector of SELECTORS) await page.click(selector);
  const seen = { clicked: await page.evaluate(() => clicked) };
  await page.evaluate(() => insitu.flush());
  seen.log = await page.evaluate(() => insitu.export("ndjson"));
  seen.grid = await page.evaluate(() => insitu.heatmap());
  seen.names = seen.grid.elements.map(({ element }) => element);
  seen.status = await page.evaluate(() => insitu.status());
  seen.afterClicks = await page.evaluate(changes);

  seen.overlay = await page.evaluate(showOverlay, null);
  seen.dots = await page.evaluate(drawn, ".live");
  seen.svg = await page.evaluate(exportBy, "SVG");
  seen.layout = await page.evaluate(exportBy, "layout.json");
  await page.evaluate(() => {
    const overlay = document.querySelector("insitu-heatmap");
    overlay.marks = "density";
    [...overlay.shadowRoot.querySelectorAll("button")]
      .find(({ textContent }) => textContent === "Wireframe")
      .click();
  });
  seen.wireframe = await page.evaluate(drawn, ".board canvas");
  seen.png = await page.evaluate(exportBy, "PNG");
  seen.density = await page.evaluate(exportBy, "SVG");
  await page.evaluate(() => document.querySelector("insitu-heatmap").close());
  seen.afterClose = await page.evaluate(changes);

  seen.made = byCommand(seen.log, seen.layout);
  const grid = JSON.parse(seen.made["grid.json"]);
  seen.ofLog = await page.evaluate(showOverlay, [grid]);
  await page.evaluate(() => document.querySelector("insitu-heatmap").close());
  seen.svgs = {};
  for (const [name, text] of Object.entries({
    overlay: seen.svg,
    density: seen.density,
    command: seen.made.svg,
    "command, boxes": seen.made["boxes.svg"],
    "command, state": seen.made["state.svg"],
  })) {
    seen.svgs[name] = await page.evaluate(trySvg, text);
  }
  seen.pngs = [await page.evaluate(tryPng, seen.png), await page.evaluate(tryPng, seen.made.png)];
  seen.atEnd = await page.evaluate(changes);
  seen.seen = await seenIn(page);
  seen.asked = asked.splice(0);

  // The same once more as if it were not only text: this has to be seen.
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>top.evil("svg")</script></svg>';
  seen.broken = (
    await page.evaluate(trySvg, `${seen.svg.slice(0, -7)}${NAMES[1].id}</svg>`)
  ).errors;
  await page.evaluate(trySvg, svg);
  await page.evaluate(
    (markup) => document.body.insertAdjacentHTML("beforeend", markup),
    NAMES[0].name,
  );
  const traps = async () => {
    const told = (await seenIn(page)).join("\n");
    const ran = told.match(/a name ran/g)?.length ?? 0;
    return ran > 1 && /refused inline/.test(told) && asked.length > 0;
  };
  seen.trapped = await until(traps, "the traps", 5000).catch(async () => await seenIn(page));
  seen.changed = await page.evaluate(changes);
  asked.length = 0;
  return seen;
}

for (const engine of engines) {
  describe(engine, () => {
    let seen;
    before(async () => {
      seen = await withBrowser(engine, visit);
    });

    test("every click is in the log and in the grid, under the name of what was clicked", () => {
      assert.ok(seen.clicked.every((isTrusted) => isTrusted));
      assert.equal(seen.clicked.length, SELECTORS.length);
      const events = seen.log.trimEnd().split("\n").map(JSON.parse);
      const clicks = events.filter(({ type }) => type === "click");
      const inLog = clicks.map(({ element }) => element);
      assert.deepEqual(
        keys.filter((key) => !inLog.includes(key)),
        [],
      );
      assert.equal(clicks.length, SELECTORS.length);
      assert.equal(clicks.at(-2).state, `#${STATE}`);
      assert.ok(inLog.every((element) => element.length <= 80));
      assert.deepEqual([unbalanced(seen.status), seen.status.events.dropped], ["", {}]);
      const { elements, states } = seen.grid;
      assert.equal(elements.length, NAMES.length + 2);
      assert.deepEqual(new Set(elements.map(({ element }) => element)), new Set(inLog));
      assert.deepEqual(states, ["", `#${STATE}`]);
      // Where NUL is not yet a space it comes before a tab.
      const byName = ({ element: a }, { element: b }) => (a < b ? -1 : 1);
      const ofLog = JSON.parse(seen.made["grid.json"]);
      for (const grid of [seen.grid, ofLog]) grid.elements.sort(byName);
      assert.deepEqual(ofLog, seen.grid);
    });

    test("the overlay says and draws them, and none is more than text", () => {
      for (const [of, overlay] of Object.entries({ browser: seen.overlay, log: seen.ofLog })) {
        assert.deepEqual(
          keys.filter((key) => !overlay.rows.some(([name]) => name.startsWith(shown(key)))),
          [],
          of,
        );
        assert.equal(overlay.rows.length, NAMES.length + 2, of);
        for (const [name, clicks, people, share, interval, found] of overlay.rows) {
          assert.ok(name.length < 160, of);
          assert.match(`${clicks} ${people} ${share} ${interval}`, /^[12] 1 100\s% 17–100\s%$/);
          // The dialog is closed.
          assert.match(found, /^(by its (name|id|label)|only by position)(, on a closed dialog)?$/);
        }
        assert.ok(!CONTROLS.test(overlay.text), of);
        assert.deepEqual(overlay.told, [shown(TWICE), shown(keyOf(NAMES[4]))], of);
        const known =
          /^(bdi|button|canvas|details|div|h2|i|input|kbd|label|li|option|p|section|select|span|summary|table|tbody|td|th|thead|tr|ul)$/;
        assert.deepEqual(
          overlay.names.filter((name) => !known.test(name)),
          [],
          of,
        );
        assert.deepEqual(
          overlay.attributes.filter((name) => /^on|href|src|^style$/.test(name)),
          ["style"],
        );
        assert.ok(overlay.panel > 300 && overlay.panel <= 400, `${overlay.panel} px`);
        assert.equal(overlay.wide, 0);
      }
      assert.ok(seen.overlay.states.includes(`${shown(`#${STATE}`)}: 1\u00a0click`));
      assert.ok(seen.dots > 10 && seen.wireframe > 10, `${seen.dots} ${seen.wireframe} colours`);
      const boxes = JSON.parse(seen.layout).boxes.map(({ element }) => element);
      assert.deepEqual(
        keys.filter((key) => !boxes.includes(key)),
        [],
      );
    });

    test("pictures are inert, wherever they are put", () => {
      for (const [name, svg] of Object.entries(seen.svgs)) {
        assert.deepEqual([svg.errors, svg.root, svg.broken], [0, "svg", ""], name);
        const known = /^(circle|clipPath|desc|g|path|polygon|rect|svg|text|title)$/;
        assert.deepEqual(
          svg.names.filter((each) => !known.test(each)),
          [],
          name,
        );
        assert.deepEqual(
          svg.attributes.filter((each) => /^on|href|^style$|^src$/.test(each)),
          [],
          name,
        );
        assert.deepEqual([svg.asHtml, svg.beside, svg.inFrame], [0, 4, 0], name);
        assert.deepEqual(
          svg.texts.filter((text) => CONTROLS.test(text)),
          [],
          name,
        );
        assert.equal(svg.image[0], 1000, name);
        const said = svg.texts.join("\n");
        if (name === "command, boxes") assert.match(said, /18 of 19 clicks anchored/);
        // On a layout elements are what kind they are, densities have no names, a state has one click.
        if (/^(overlay|command)$/.test(name)) {
          assert.deepEqual(
            keys.filter((key) => !said.includes(shown(key))),
            [],
            name,
          );
        }
      }
      const scene = JSON.parse(seen.made["scene.json"]);
      assert.deepEqual(new Set(scene.zones.map(({ label }) => label)), new Set(seen.names));
      assert.ok(seen.svgs["command, state"].texts.some((text) => text.includes(shown(STATE))));
      for (const { width, height, colours } of seen.pngs) {
        assert.equal(width, 1000);
        assert.ok(height >= 700 && colours > 10, `${height} px, ${colours} colours`);
      }
    });

    test("what the command prints stays in its line and column, and no cell is a formula", () => {
      const lines = seen.made.table.trimEnd().split("\n");
      assert.deepEqual(
        lines.filter((line) => CONTROLS.test(line)),
        [],
      );
      const rows = lines.slice(lines.findIndex((line) => /^element /.test(line)) + 1);
      assert.equal(rows.length, NAMES.length + 2);
      const numbers = `${"1".padStart(13)}${"1".padStart(9)}${"100 %".padStart(8)}  17 %–100 %${"1".padStart(17)}`;
      for (const row of rows) assert.equal(row.slice(40), numbers);
      for (const key of keys) {
        assert.ok(
          rows.some((row) => row.startsWith([...shown(key)].slice(0, 39).join(""))),
          shown(key),
        );
      }
      assert.match(seen.made.state, /open: #<b\/onclick=top\.evil\(\)>\ufffd"'&, /);
      const cells = cellsOf(seen.made.csv);
      assert.equal(cells.length, 1 + NAMES.length + 2);
      for (const row of cells) assert.equal(row.length, 7, row.join("|"));
      for (const [name, ...numbers] of cells.slice(1)) {
        assert.doesNotMatch(name, /^[=+\-@\t\r\n]/);
        assert.ok(
          numbers.every((number) => Number(number) >= 0 && number !== ""),
          name,
        );
        assert.ok(!CONTROLS.test(name.replace(/[\t\r\n]/g, "")), name);
      }
      const inCsv = cells.map(([name]) => name.replace(/^'/, ""));
      const inCell = (key) =>
        key.replace(PER_TEXT, (each) => (/[\t\r\n]/.test(each) ? each : "\ufffd"));
      assert.deepEqual(
        keys.filter((key) => !inCsv.includes(inCell(key))),
        [],
      );
    });

    test("nothing ran, nothing was asked for, and the page is as it was", () => {
      assert.deepEqual(seen.seen, []);
      assert.deepEqual(seen.asked, []);
      assert.deepEqual([seen.afterClicks, seen.afterClose, seen.atEnd], [[], [], []]);
    });

    test("what would have run is seen", () => {
      assert.equal(seen.trapped, true, String(seen.trapped));
      assert.ok(seen.broken > 0);
      assert.deepEqual(seen.changed, ["elements", "boxes", "outerHTML"]);
    });
  });
}
