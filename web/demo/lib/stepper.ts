// SPDX-License-Identifier: MIT
// Minus, number, plus: how many pieces of something.

import { mostPieces } from "./cart.js";
import { el, setText } from "./dom.js";

/**
 * A stepper for `what`, from `least` to the most pieces a cart takes. `onChange` gets each new
 * number. Focus stays on the button that was pressed.
 */
export function stepper(
  what: string,
  quantity: number,
  least: number,
  onChange: (quantity: number) => void,
): HTMLElement {
  let current = quantity;
  const output = el("output", { "aria-live": "polite", "aria-label": `Pieces of ${what}` });
  const less = el("button", { type: "button", "aria-label": "−", title: "One less" }, "−");
  const more = el("button", { type: "button", "aria-label": "+", title: "One more" }, "+");
  const draw = () => {
    setText(output, String(current));
    less.disabled = current <= least;
    more.disabled = current >= mostPieces;
  };
  const step = (by: number) => {
    current += by;
    draw();
    onChange(current);
  };
  less.addEventListener("click", () => step(-1));
  more.addEventListener("click", () => step(1));
  draw();
  return el(
    "div",
    { class: "stepper", role: "group", "aria-label": `Pieces of ${what}` },
    less,
    output,
    more,
  );
}
