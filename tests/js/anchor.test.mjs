// SPDX-License-Identifier: MIT
// Covers js/src/anchor.ts and js/src/study: hashes of texts, reading fingerprints back, grids of logs,
// and intervals. What needs a page is in tests/e2e/anchoring.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { hash, parseAnchor, sameWords, textHash } = await loadTs("js/src/anchor.ts");
const { shown } = await loadTs("js/src/study/shown.ts");
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
