// SPDX-License-Identifier: MIT
// The heatmap over the page: loaded when somebody asks for it, since most visitors never do.

import { el } from "./dom.js";

/** What a map can show, by the name that its element knows it by. */
export const heatKinds = {
  click: "Clicks",
  first_click: "First clicks",
  rage: "Rage clicks",
  dead: "Dead clicks",
  error: "Error clicks",
  dwell: "Where the mouse rests",
  attention: "What is in view",
  scroll_reach: "How far they scroll",
} as const;

export type HeatKind = keyof typeof heatKinds;

const element = "insitu-heatmap";
const script = "insitu/insitu.study.js";

/** Opens the map of a kind over the page. Rejects when its script does not load. */
export async function openHeatmap(kind: HeatKind): Promise<HTMLElement> {
  if (!customElements.get(element)) await load();
  const map = document.createElement(element);
  map.setAttribute("kind", kind);
  document.body.append(map);
  return map;
}

function load(): Promise<void> {
  return new Promise((done, failed) => {
    const tag = el("script", { src: script });
    tag.addEventListener("load", () => done());
    tag.addEventListener("error", () => failed(new Error("The heatmap did not load.")));
    document.head.append(tag);
  });
}
