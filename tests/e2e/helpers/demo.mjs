// SPDX-License-Identifier: MIT
// The demo in a browser profile of its own, and ways to look at it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { until, watchPage } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Opens `url` at 1280 x 800 unless `options` (of the context) say otherwise.
export async function openDemo(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const seen = watchPage(page);
  await page.goto(url);
  return { context, page, seen, close: () => context.close() };
}

// Until the panel has numbers.
export const isReady = (page) =>
  until(
    () => page.evaluate(() => window.insitu?.status().core.state === "ready"),
    "the numbers",
    30_000,
  );

// What the panel says of a KPI: { lead, rest }.
export const readKpi = (page, id) =>
  page.evaluate((kpi) => {
    const item = document
      .querySelector("insitu-panel")
      .shadowRoot.querySelector(`[data-kpi="${kpi}"]`);
    const text = (selector) => item.querySelector(selector).textContent.replaceAll("\u00a0", " ");
    return { lead: text(".lead"), rest: text(".rest") };
  }, id);

// What was noticed of a button of "Break it", as it reads there.
export const readWatch = (page, id) =>
  page.evaluate((button) => {
    const card = document.getElementById(button).closest(".breaker");
    return card.querySelector(".watch").shadowRoot.textContent.replaceAll("\u00a0", " ");
  }, id);

// The violations axe-core finds, one line each.
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(
    (values) => axe.run({ runOnly: { type: "tag", values } }),
    tags,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.any[0]?.message ?? node.html}`),
  );
}

// The element that has the focus, through shadow trees: what it is, whether it shows the focus, and
// whether something lies over it.
export const focused = (page) =>
  page.evaluate(() => {
    let at = document.activeElement;
    const hosts = [];
    while (at?.shadowRoot?.activeElement) {
      hosts.push(at);
      at = at.shadowRoot.activeElement;
    }
    if (!at || at === document.body) return null;
    // Hidden radio buttons show their focus on what is drawn in their place.
    const drawn = getComputedStyle(at).opacity === "0" ? at.nextElementSibling : at;
    const box = drawn.getBoundingClientRect();
    const outline = getComputedStyle(drawn);
    const root = at.getRootNode();
    const points = [
      [box.x + box.width / 2, box.y + box.height / 2],
      [box.x + 4, box.y + 4],
      [box.right - 4, box.bottom - 4],
    ];
    const inView = points.some(([x, y]) => {
      const top = root.elementFromPoint(x, y);
      const outer = hosts[0] ? document.elementFromPoint(x, y) : top;
      return (
        top &&
        (at.contains(top) || drawn.contains(top) || top.contains(at)) &&
        (!hosts[0] || outer === hosts[0])
      );
    });
    return {
      id: at.id,
      name: at.dataset?.insituName ?? "",
      text: (at.textContent ?? "").trim().slice(0, 40),
      tag: at.localName,
      showsFocus:
        (outline.outlineStyle !== "none" && Number.parseFloat(outline.outlineWidth) >= 2) ||
        outline.outlineStyle === "auto",
      inView,
      size: [Math.round(box.width), Math.round(box.height)],
    };
  });
