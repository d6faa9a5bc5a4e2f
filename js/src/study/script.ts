// SPDX-License-Identifier: MIT
// The script tag: <script defer src="/insitu/insitu.study.js" data-show="heatmap"></script>
//
// Opens the heatmap with data-show="heatmap", or when the address ends in #insitu-heatmap; else it
// only makes <insitu-heatmap> known and waits for that address.
import { defineHeatmap, hideHeatmap, showHeatmap } from "./index.js";

const HASH = "#insitu-heatmap";
const own = document.currentScript as HTMLScriptElement | null;

function follow(): void {
  if (location.hash === HASH) showHeatmap();
}

function open(): void {
  if (own?.dataset.show === "heatmap") showHeatmap();
  else follow();
}

defineHeatmap();
addEventListener("hashchange", follow);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", open);
else open();
if (own) Object.assign(own, { insituStudy: { showHeatmap, hideHeatmap } });
