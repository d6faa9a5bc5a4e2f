// SPDX-License-Identifier: MIT
// Pages for tests that run in several engines. A script of the test's own, first on each page, notes
// what no page may see because of us; so it is noted alike whatever drives the browser.
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { html, startSite } from "../e2e/helpers/site.mjs";

const demo = new URL("../../dist/demo/", import.meta.url);
const types = { ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

// Served as a file, because a policy of the page may forbid it inside.
const NOTES = `"use strict";
(function () {
  var note = function (what) {
    try {
      sessionStorage.seen = (sessionStorage.seen || "") + what + "\\n";
    } catch (refused) {}
    (window.seen = window.seen || []).push(what);
  };
  addEventListener("error", function (event) { if (event.target === window) note(event.message); });
  addEventListener("unhandledrejection", function (event) { note("rejected: " + event.reason); });
  document.addEventListener("securitypolicyviolation", function (event) {
    note(event.violatedDirective + " refused " + event.blockedURI);
  });
  ["error", "warn"].forEach(function (name) {
    var was = console[name];
    console[name] = function () {
      note(name + ": " + [].join.call(arguments, " "));
      was.apply(console, arguments);
    };
  });
})();`;
const SCRIPT = '<script src="/notes.js"></script>';

// What a page and those before it in its tab have seen.
export const seenIn = (page) =>
  page.evaluate(() => (sessionStorage.seen ?? "").split("\n").filter(Boolean));

// A page with the script tag; see html() of the browser tests.
export const notedHtml = (options) => html({ ...options, head: SCRIPT + (options.head ?? "") });

// As startSite(); and paths under /note/ are only written down, in `notes`.
export async function startNotedSite(pageAt) {
  const notes = [];
  const site = await startSite((path) => {
    if (path === "/notes.js") return NOTES;
    if (!path.startsWith("/note/")) return pageAt(path);
    notes.push(path.slice("/note/".length));
    return "";
  });
  return { ...site, notes };
}

// The demo shop.
export const startDemo = () =>
  startNotedSite((path) => {
    const name = path === "/" ? "index.html" : path.slice(1);
    try {
      const content = readFileSync(new URL(name, demo));
      if (name.endsWith(".html")) return String(content).replace("<head>", `<head>${SCRIPT}`);
      return { html: content, headers: { "content-type": types[extname(name)] } };
    } catch {
      return undefined;
    }
  });

// Waits until a page shows that path, and has loaded.
export const shows = (page, path) => async () => {
  const shown = await page
    .evaluate(() => document.readyState === "complete" && location.pathname)
    .catch(() => ""); // between two documents
  return shown === path;
};
