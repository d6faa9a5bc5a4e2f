// SPDX-License-Identifier: MIT
// The script tag: <script defer src="/insitu/insitu.study.js" data-show="heatmap"></script>
//
// Opens the heatmap with data-show="heatmap", or when the address ends in #insitu-heatmap; else it
// only makes <insitu-heatmap> known and waits for that address.
import { defineHeatmap, hideHeatmap, showHeatmap } from "./index.js";
import type { Pictures } from "./picture.js";
import { loadPicturesBy } from "./picture_door.js";

const HASH = "#insitu-heatmap";
const own = document.currentScript as HTMLScriptElement | null;

// The other file beside this one hands what it has to its own element.
function loadPictures(): Promise<Pictures> {
  return new Promise((done, failed) => {
    const script = document.createElement("script") as HTMLScriptElement & {
      insituPictures?: () => Promise<Pictures>;
    };
    script.src = (own?.src || "insitu.study.js").replace(/study(?=\.js)/, "picture");
    script.onload = () => {
      script.remove();
      if (script.insituPictures) script.insituPictures().then(done, failed);
      else failed(new Error(`${script.src} is not what was expected.`));
    };
    script.onerror = () => failed(new Error(`${script.src} did not load.`));
    document.head.append(script);
  });
}

function follow(): void {
  if (location.hash === HASH) showHeatmap();
}

function open(): void {
  if (own?.dataset.show === "heatmap") showHeatmap();
  else follow();
}

loadPicturesBy(loadPictures);
defineHeatmap();
addEventListener("hashchange", follow);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", open);
else open();
if (own) Object.assign(own, { insituStudy: { showHeatmap, hideHeatmap } });
