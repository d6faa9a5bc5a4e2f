// SPDX-License-Identifier: MIT
// The cart: what is in it, how many, what it costs.

import type { Insitu } from "insitu";
import { goodsCents, type Line, lines, setQuantity } from "../cart.js";
import { deliveryCents, freeFromCents } from "../delivery.js";
import { el, need, setText } from "../dom.js";
import { price } from "../format.js";
import { picture } from "../pictures.js";
import { stepper } from "../stepper.js";

export function showCart(insitu: Insitu | null): void {
  const place = need("#cart");

  function draw(): void {
    const current = lines();
    if (current.length === 0) {
      place.replaceChildren(
        el("p", {}, "Nothing here yet. Everything worth packing is in the shop."),
        el(
          "a",
          { class: "button primary", href: "index.html", "data-insitu-name": "cart-to-shop" },
          "To the shop",
        ),
      );
      return;
    }
    const total = el("p", { class: "total" });
    const delivery = el("p", { class: "hint" });
    const drawTotal = () => {
      const goods = goodsCents();
      const standard = deliveryCents("standard", goods);
      setText(total, `Together ${price(goods + standard)}`);
      setText(
        delivery,
        standard === 0
          ? "Standard delivery is free."
          : `With ${price(standard)} for delivery; free from ${price(freeFromCents)}.`,
      );
    };
    drawTotal();
    const checkout = el(
      "a",
      { class: "button primary", href: "checkout.html", "data-insitu-name": "to-checkout" },
      "Check out",
    );
    checkout.addEventListener("click", () => insitu?.cart("checkout"));
    place.replaceChildren(
      el(
        "ul",
        { class: "cart-lines" },
        ...current.map((line) => cartLine(line, drawTotal, remove)),
      ),
      el("div", { class: "cart-foot" }, el("div", {}, total, delivery), checkout),
    );
  }

  function remove({ product }: Line): void {
    setQuantity(product.id, 0);
    insitu?.cart("remove");
    draw();
    need("#main").focus();
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted) draw();
  });
  draw();
}

function cartLine(line: Line, changed: () => void, remove: (line: Line) => void): HTMLElement {
  const { product, quantity } = line;
  const sum = el("span", { class: "price" }, price(product.cents * quantity));
  const pieces = stepper(product.name, quantity, 1, (next) => {
    setQuantity(product.id, next);
    setText(sum, price(product.cents * next));
    changed();
  });
  const removeButton = el(
    "button",
    { type: "button", class: "button small quiet", "data-insitu-name": "remove" },
    "Remove",
    el("span", { class: "visually-hidden" }, ` ${product.name}`),
  );
  removeButton.addEventListener("click", () => remove(line));
  return el(
    "li",
    {},
    el("span", { class: "picture small", "data-kind": product.category }, picture(product.id)),
    el(
      "span",
      { class: "name" },
      el("a", { href: `product.html?id=${product.id}` }, product.name),
      el("span", { class: "what" }, product.what),
    ),
    pieces,
    sum,
    removeButton,
  );
}
