// SPDX-License-Identifier: MIT
// Covers js/src/anchor.ts and js/src/study: hashes of texts, reading fingerprints back, grids of logs,
// and intervals. What needs a page is in tests/e2e/anchoring.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { hash, parseAnchor, sameWords, textHash } = await loadTs("js/src/anchor.ts");
const { gridOfLog, shown } = await loadTs("js/src/study/grid.ts");
const { adjustedWald, count, interval, percent, plural } = await loadTs("js/src/study/numbers.ts");
const { scrub } = await loadTs("js/src/scrub.ts");

test("a hash is four characters of 20 bits, spread evenly", () => {
  const seen = new Set();
  const counts = new Map();
  for (let i = 0; i < 20_000; i++) {
    const made = hash(`text ${i}`);
    assert.match(made, /^[0-9a-v]{4}$/);
    seen.add(made);
    counts.set(made[0], (counts.get(made[0]) ?? 0) + 1);
  }
  // 20,000 of 2^20 values: about 190 meet by chance.
  assert.ok(seen.size > 19_700 && seen.size < 20_000, `${seen.size} different`);
  for (const n of counts.values()) assert.ok(n > 500 && n < 750, `${n} of 625`);
});

test("very many texts share a hash, so none can be read from it", () => {
  // Three million texts on a million values.
  const wanted = textHash("Remove");
  let same = 0;
  for (let i = 0; same < 2 && i < 6_000_000; i++) {
    if (hash(`x${i}`) === wanted) same++;
  }
  assert.equal(same, 2);
});

test("case, white space and what is cut out do not count in a text", () => {
  assert.equal(textHash("  Add to\n cart "), textHash("add TO CART"));
  assert.notEqual(textHash("Add to cart"), textHash("Add to card"));
  assert.equal(textHash("ann@example.org"), textHash("bob@example.com"));
  assert.equal(textHash("call +49 170 1234567"), textHash("call +49 170 7654321"));
  assert.equal(textHash(""), "");
  assert.equal(textHash(" \n"), "");
  // Only the begin of a long text counts.
  assert.equal(textHash(`${"long ".repeat(20)}a`), textHash(`${"long ".repeat(20)}b`));
});

test("texts that differ in digits have the same words", () => {
  assert.ok(sameWords(textHash("Cart (2)"), textHash("Cart (13)")));
  assert.ok(!sameWords(textHash("Cart (2)"), textHash("Card (2)")));
  // Three bits of the digits: two of eight numbers may be the same.
  const slides = new Set(Array.from({ length: 64 }, (_, i) => textHash(`Slide ${i}`)));
  assert.equal(slides.size, 8);
});

test("fingerprints come back as they went, whatever the text is", () => {
  const { parts, shared } = parseAnchor("button.submit|nabcd|T0123|r4567|lmain|x2|z1");
  assert.deepEqual(parts, {
    kind: "button.submit",
    n: "abcd",
    t: "0123",
    r: "4567",
    l: "main",
    x: "2",
    z: "1",
  });
  assert.deepEqual([...shared], ["t"]);
  for (const text of ["", "|", "||||", "a|", "a|__proto__", "a|constructor", "<b>|t<i>", "\0"]) {
    assert.equal(typeof parseAnchor(text).parts.kind, "string");
    assert.equal({}.polluted, undefined);
  }
});

test("the scrubber lets fingerprints pass", () => {
  for (let i = 0; i < 5000; i++) {
    const h = (part) => hash(`${part}${i}`);
    const anchor = `button.submit|n${h("n")}|i${h("i")}|T${h("t")}|r${h("r")}|c${h("c")}|H${h("h")}|s${h("s")}|lmain|x12|z1`;
    assert.equal(scrub(anchor), anchor);
  }
});

const view = (more) => ({ type: "page_view", page: "/", visitor: "a", session: 0, pv: 0, ...more });
const click = (more) => ({
  ...view(),
  type: "click",
  ...{ x: 15, y: 25, element: "#buy", ex: 10, ey: 20, ew: 100, eh: 50, interactive: true },
  ...more,
});
const log = (...events) => events.map((event) => JSON.stringify(event)).join("\n");

test("a log becomes a grid: clicks and people by element, place and state", () => {
  const text = log(
    view({ dw: 1000, dh: 3000 }),
    click({ anchor: "button|tabcd" }),
    click({ anchor: "button|tabcd", x: 109, y: 69 }),
    click({ element: "#no", state: "#sure" }),
    { ...click(), page: "/other" },
    { ...view({ dw: 1000, dh: 3000 }), visitor: "b", pv: 3 },
    { ...click({ anchor: "button|tabcd" }), visitor: "b", pv: 3 },
    { ...click({ x: null }), visitor: "b", pv: 3 },
  );
  const grid = gridOfLog(`${text}\nno json\n\n"text"`, "/");
  assert.deepEqual(
    [grid.views, grid.participants, grid.document_width, grid.states],
    [2, 2, 1000, ["", "#sure"]],
  );
  const [buy, no] = grid.elements;
  assert.deepEqual([buy.clicks, buy.participants, buy.box], [3, 2, [10, 20, 100, 50]]);
  assert.deepEqual(buy.cells, [
    [1, 3, 2, 2],
    [31, 31, 1, 1],
  ]);
  assert.deepEqual([no.element, no.clicks], ["#no", 1]);
  const sure = gridOfLog(text, "/", "click", "#sure");
  assert.deepEqual(
    sure.elements.map(({ element }) => element),
    ["#no"],
  );
  const first = gridOfLog(text, "/", "first_click");
  assert.equal(
    first.elements.reduce((sum, { clicks }) => sum + clicks, 0),
    2,
  );
  assert.equal(gridOfLog(text, "/nowhere"), null);
});

test("names are shown short and without what is cut out", () => {
  assert.equal(shown("ann@example.org"), ":id");
  assert.equal(shown("a ".repeat(500)).length, 120);
});

test("adjusted Wald: the worked example of the KPI specification, and the edges", () => {
  const [low, high] = adjustedWald(4, 5);
  assert.ok(Math.abs(low - 0.36) < 5e-4 && Math.abs(high - 0.98) < 5e-4, `${low} ${high}`);
  assert.equal(adjustedWald(0, 0), null);
  assert.equal(adjustedWald(0, 3)[0], 0);
  assert.equal(adjustedWald(3, 3)[1], 1);
});

test("numbers as people read them", () => {
  assert.equal(count(1234567), "1,234,567");
  assert.equal(plural(1, "click"), "1\u00a0click");
  assert.equal(plural(1200, "click"), "1,200\u00a0clicks");
  assert.equal(percent(0.001), "<1\u00a0%");
  assert.equal(percent(0.999), ">99\u00a0%");
  assert.equal(interval([0.46, 0.92]), "46–92\u00a0%");
});
