// SPDX-License-Identifier: MIT
// Covers web/demo/lib/stored.ts and requests.ts: what the data view shows, and what counts as sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { bytesKept, countsByType, detailsOf, eventsOf } = await loadTs("web/demo/lib/stored.ts");
const { isOwnFile } = await loadTs("web/demo/lib/requests.ts");

const stored = {
  log: [{ type: "page_view" }, { type: "click" }],
  waiting: [{ type: "scroll" }, { type: "click" }],
  bytes: { waiting: 1, log: 20, sums: 300 },
};

test("events: the log, then what waits", () => {
  assert.deepEqual(
    eventsOf(stored).map(({ type }) => type),
    ["page_view", "click", "scroll", "click"],
  );
  assert.deepEqual(eventsOf(null), []);
});

test("counts: the most frequent first, then by name", () => {
  assert.deepEqual(countsByType(eventsOf(stored)), [
    ["click", 2],
    ["page_view", 1],
    ["scroll", 1],
  ]);
});

test("bytes are those of all parts", () => {
  assert.equal(bytesKept(stored), 321);
  assert.equal(bytesKept(null), 0);
});

test("details leave out what every event has, and what is empty", () => {
  const event = {
    type: "click",
    t: 1,
    pv: 0,
    page: "/",
    x: 40.126,
    element: "brand",
    exempt: [],
    from: null,
  };
  assert.equal(detailsOf(event), "x 40.13, element brand, from null");
  assert.equal(detailsOf({ type: "mutation", t: 1 }), "–");
});

test("own files are loaded as files from the page's folder; all else counts as a request", () => {
  const folder = "https://host/sub/";
  const own = (name, initiatorType) => isOwnFile({ name, initiatorType }, folder);
  assert.equal(own("https://host/sub/insitu/insitu.js", "script"), true);
  assert.equal(own("https://host/sub/shop.css", "link"), true);
  assert.equal(own("https://host/other.js", "script"), false);
  assert.equal(own("https://else/sub/shop.css", "link"), false);
  assert.equal(own("https://host/sub/collect", "fetch"), false);
  assert.equal(own("https://host/sub/collect", "beacon"), false);
});
