// SPDX-License-Identifier: MIT
// "Take it away": what a site needs to have this too, and what it weighs.

import { need, setText } from "../dom.js";
import { copy } from "../download.js";
import { bytes } from "../format.js";

/** Compressed (brotli) bytes of what this page runs, put in by tools/build_js.mjs. */
declare const INSITU_SIZES: { script: number; core: number };

/** Fills in the sizes, and makes the button copy the snippet. */
export function showTakeAway(): void {
  setText(need("#size-script"), bytes(INSITU_SIZES.script));
  setText(need("#size-core"), bytes(INSITU_SIZES.core));
  const said = need("#copied");
  const snippet = need("#snippet");
  need("#copy").addEventListener("click", async () => {
    if (await copy(snippet.textContent ?? "")) {
      setText(said, "Copied. Paste it into the head of your page.");
      return;
    }
    const selection = getSelection();
    selection?.selectAllChildren(snippet);
    setText(said, "This browser does not let a page copy; it is selected, press Ctrl+C.");
  });
}
