// SPDX-License-Identifier: MIT
// Covers web/demo/lib/format.ts: how numbers are written for people.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const format = await loadTs("web/demo/lib/format.ts");

// Non-breaking spaces are spaces here, so that the tables can be read.
const plain = (text) => text.replaceAll("\u00a0", " ");

// One row: name, arguments, expected text.
function table(name, fn, rows) {
  for (const [what, args, expected] of rows) {
    test(`${name}: ${what}`, () => assert.equal(plain(fn(...args)), expected));
  }
}

table("count", format.count, [
  ["zero", [0], "0"],
  ["three digits stay together", [999], "999"],
  ["thousands get a comma", [1000], "1,000"],
  ["millions get two", [1234567], "1,234,567"],
  ["fractions are rounded", [2.5], "3"],
  ["negative numbers get a minus sign", [-1200], "−1,200"],
  ["not a number is a dash", [Number.NaN], "–"],
]);

table("decimal", format.decimal, [
  ["one decimal by default", [1.25], "1.3"],
  ["no trailing zero", [2, 1], "2"],
  ["two decimals when asked", [0.054, 2], "0.05"],
  ["rounds up to the next whole", [0.999, 2], "1"],
  ["thousands", [1234.56, 1], "1,234.6"],
  ["negative", [-1.5], "−1.5"],
  ["a negative number that rounds to nothing has no sign", [-0.01, 1], "0"],
  ["infinity is a dash", [Number.POSITIVE_INFINITY], "–"],
]);

table("percent", format.percent, [
  ["none", [0], "0 %"],
  ["all", [1], "100 %"],
  ["two thirds", [2 / 3], "67 %"],
  ["very few are not none", [0.001], "<1 %"],
  ["nearly all are not all", [0.999], ">99 %"],
  ["half a percent is one", [0.005], "1 %"],
]);

table("percent interval", (low, high) => format.percentInterval([low, high]), [
  // Adjusted Wald of 2 of 3, Agresti and Coull 1998.
  ["both ends, one unit", [0.2025, 0.9437], "20–94 %"],
  ["the whole scale", [0, 1], "0–100 %"],
  ["ends keep their honesty", [0.0001, 0.99999], "<1–>99 %"],
]);

table("duration", format.duration, [
  ["zero", [0], "0 s"],
  ["one decimal below ten seconds", [4.23], "4.2 s"],
  ["9.94 is still below ten", [9.94], "9.9 s"],
  ["9.95 rounds to ten", [9.95], "10 s"],
  ["whole seconds below a minute", [41.4], "41 s"],
  ["59.5 carries into the minute", [59.5], "1 min"],
  ["minutes and seconds", [72], "1 min 12 s"],
  ["3599.6 carries into the hour", [3599.6], "1 h"],
  ["hours and minutes", [7500], "2 h 5 min"],
  ["negative is a dash", [-1], "–"],
  ["not a number is a dash", [Number.NaN], "–"],
]);

table("duration interval", (low, high) => format.durationInterval([low, high]), [
  ["two numbers of seconds share the unit", [41, 58.6], "41–59 s"],
  ["also with a decimal", [4.2, 9.9], "4.2–9.9 s"],
  ["different units are both written", [41, 72], "41 s – 1 min 12 s"],
  ["minutes are never shortened", [60, 90], "1 min – 1 min 30 s"],
]);

table("clock", format.clock, [
  ["starts at zero", [0], "00:00"],
  ["floors", [14999], "00:14"],
  ["minutes", [61_000], "01:01"],
  ["an hour", [3_600_000], "1:00:00"],
  ["never negative", [-5], "00:00"],
  ["not a number is zero", [Number.NaN], "00:00"],
]);

table("bytes", format.bytes, [
  ["none", [0], "0 bytes"],
  ["one", [1], "1 byte"],
  ["999", [999], "999 bytes"],
  ["1000 is a kilobyte", [1000], "1 kB"],
  ["one decimal below ten", [4120], "4.1 kB"],
  ["none above", [41_200], "41 kB"],
  ["999,600 is a megabyte", [999_600], "1 MB"],
]);

table("milliseconds", format.milliseconds, [
  ["none", [0], "0 ms"],
  ["little is not none", [0.02], "<0.1 ms"],
  ["one decimal below ten", [1.26], "1.3 ms"],
  ["whole above", [12.4], "12 ms"],
]);

table("plural", format.plural, [
  ["none", [0, "click"], "0 clicks"],
  ["one", [1, "click"], "1 click"],
  ["many", [2, "click"], "2 clicks"],
  ["words with their own plural", [2, "entry", "entries"], "2 entries"],
]);

table("share", format.share, [
  ["the noun follows the second number", [1, 2, "attempt"], "1 of 2 attempts"],
  ["one of one", [1, 1, "attempt"], "1 of 1 attempt"],
]);

table("price", format.price, [
  ["whole euros have no cents", [18900], "189 €"],
  ["cents have two digits", [1405], "14.05 €"],
  ["thousands", [123456], "1,234.56 €"],
  ["negative", [-490], "−4.90 €"],
]);

test("rate: below 20 observations the interval leads", () => {
  // Adjusted Wald of 2 of 3.
  const { lead, rest } = format.rate({ value: 2 / 3, x: 2, n: 3, ci: [0.2025, 0.9437] }, "attempt");
  assert.equal(plain(lead), "20–94 %");
  assert.equal(plain(rest), "67 %, 2 of 3 attempts");
});

test("rate: from 20 observations on the point leads", () => {
  const input = { value: 0.5, x: 10, n: 20, ci: [0.2993, 0.7007] };
  const { lead, rest } = format.rate(input, "attempt");
  assert.equal(plain(lead), "50 %");
  assert.equal(plain(rest), "95 % interval 30–70 %, 10 of 20 attempts");
});

test("rate: without an interval the point leads, however few", () => {
  const { lead, rest } = format.rate({ value: 1, n: 1, ci: null }, "page view");
  assert.equal(plain(lead), "100 %");
  assert.equal(plain(rest), "1 page view");
});

test("definition: options are sorted and lists are joined", () => {
  const options = { bounce_mode: "ga4", a_limit: null, conversion_goals: ["order", "signup"] };
  assert.equal(
    format.definition("bounce_rate", 1, options),
    "bounce_rate v1 · a_limit = none · bounce_mode = ga4 · conversion_goals = order, signup",
  );
});

test("definition: without options it is the id and the version", () => {
  assert.equal(format.definition("sessions", 2, {}), "sessions v2");
});

table("spokenDuration", format.spokenDuration, [
  ["seconds in full", [41.4], "41 seconds"],
  ["one is no plural", [1], "1 second"],
  ["nothing is still said", [0.2], "0 seconds"],
  ["minutes without a rest", [120], "2 minutes"],
  ["minutes and seconds", [72], "1 minute 12 seconds"],
  ["rounds up to a minute", [59.7], "1 minute"],
  ["negative is no time", [-1], "no time"],
]);
