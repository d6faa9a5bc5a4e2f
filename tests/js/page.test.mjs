// SPDX-License-Identifier: MIT
// Covers js/src/page.ts: route templates.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { routeOf } = await loadTs("js/src/page.ts");

const cases = {
  "the root": ["/", "/"],
  nothing: ["", "/"],
  "an index page": ["/index.html", "/"],
  "an index page of a folder": ["/shop/index.html", "/shop"],
  "a trailing slash": ["/shop/", "/shop"],
  "words stay": ["/help/getting-started", "/help/getting-started"],
  "upper case stays": ["/Help", "/Help"],
  "a number": ["/product/4711", "/product/:id"],
  "a number in between": ["/product/4711/reviews", "/product/:id/reviews"],
  "a year is a number too": ["/blog/2024/hello", "/blog/:id/hello"],
  "a UUID": ["/o/123e4567-e89b-12d3-a456-426614174000", "/o/:id"],
  "the nil UUID": ["/o/00000000-0000-0000-0000-000000000000", "/o/:id"],
  "long hex without a digit": ["/c/abcdefabcdefabcd", "/c/:id"],
  "a short word of hex letters stays": ["/facade/decade", "/facade/decade"],
  "an address": ["/u/ann@example.org", "/u/:id"],
  "an encoded address": ["/u/ann%40example.org", "/u/:id"],
  "letters and three digits": ["/o/ab12c3", "/o/:id"],
  "letters and two digits stay": ["/o/iphone15", "/o/iphone15"],
  "five characters stay": ["/o/a1b2c", "/o/a1b2c"],
  "forty characters stay": [`/x/${"x".repeat(40)}`, `/x/${"x".repeat(40)}`],
  "forty-one characters": [`/x/${"x".repeat(41)}`, "/x/:id"],
  "a broken escape": ["/a%zz", "/a%zz"],
  "query and fragment": ["/search?q=secret#top", "/search"],
};

for (const [name, [path, route]] of Object.entries(cases)) {
  test(`route of ${name}`, () => assert.equal(routeOf(path), route));
}
