// SPDX-License-Identifier: MIT
// Live views beside the shop. They live in shadow trees: what changes there is no answer of the
// shop to a click, so what shows a dead click does not bring it to life.

import { type Child, el } from "./dom.js";

/** Gives `host` a shadow tree with `style` and `children`. */
export function shadowOf(host: Element, style: string, ...children: Child[]): ShadowRoot {
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  for (const child of children) if (child) root.append(child);
  return root;
}

// So that sentences that come together can be heard one after the other.
const betweenMs = 3000;
const waiting: string[] = [];
let place: HTMLElement | undefined;
let timer = 0;

/**
 * Says a sentence to those who listen instead of looking: one per finished event, in order, at most
 * one in three seconds. The same sentence twice in a row is said once.
 */
export function say(sentence: string): void {
  if (sentence === "" || waiting[waiting.length - 1] === sentence) return;
  waiting.push(sentence);
  if (timer === 0) next();
}

function next(): void {
  const sentence = waiting.shift();
  timer = sentence === undefined ? 0 : window.setTimeout(next, betweenMs);
  if (sentence !== undefined) speaker().textContent = sentence;
}

function speaker(): HTMLElement {
  if (!place) {
    place = el("p", { role: "status" });
    const host = el("div", { class: "visually-hidden", "data-insitu-ignore": "all" });
    shadowOf(host, "p { margin: 0 }", place);
    document.body.append(host);
  }
  return place;
}

/** Makes the place of `say` now: what is there before its text is what screen readers announce. */
export function prepareToSay(): void {
  speaker();
}
