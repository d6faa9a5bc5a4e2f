// SPDX-License-Identifier: MIT
// One product, with the button that puts it in the cart.

import type { Insitu } from "insitu";
import { add } from "../cart.js";
import { isTentUnder200, type Product, productById } from "../catalog.js";
import { el, need } from "../dom.js";
import { plural, price } from "../format.js";
import { picture } from "../pictures.js";
import { stepper } from "../stepper.js";
import { end } from "../tasks.js";

export function showProduct(insitu: Insitu | null): void {
  const product = productById(new URLSearchParams(location.search).get("id"));
  const article = need("#product");
  if (!product) {
    article.append(
      el("h1", {}, "This product has gone places"),
      el("p", {}, "We do not have anything under this address. The list has everything we sell."),
    );
    return;
  }
  document.title = `${product.name}, ${product.what.toLowerCase()} – Fernweh`;
  article.append(
    // Looks as if it could be enlarged and cannot: the planted problem of this shop.
    el("div", { class: "picture large", "data-kind": product.category }, picture(product.id)),
    el(
      "div",
      { class: "words" },
      el("p", { class: "what" }, product.what),
      el("h1", {}, product.name),
      el("p", { class: "price large" }, price(product.cents)),
      ...product.story.map((text) => el("p", {}, text)),
      buy(insitu, product),
      el("dl", { class: "facts" }, ...facts(product)),
    ),
  );
}

function facts(product: Product): HTMLElement[] {
  return product.facts.map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value)),
  );
}

function buy(insitu: Insitu | null, product: Product): HTMLElement {
  let quantity = 1;
  const said = el("p", { class: "added", role: "status" });
  const button = el(
    "button",
    { type: "button", class: "button primary", "data-insitu-name": "add-to-cart" },
    "Add to cart",
  );
  button.addEventListener("click", () => {
    add(product.id, quantity);
    insitu?.cart("add");
    said.replaceChildren(
      `${plural(quantity, "piece")} of ${product.name} in your cart. `,
      el("a", { href: "cart.html", "data-insitu-name": "go-to-cart" }, "Go to the cart"),
    );
    if (isTentUnder200(product)) end(insitu, "find-tent", "success");
  });
  const pieces = stepper(product.name, quantity, 1, (next) => {
    quantity = next;
  });
  return el("div", { class: "buy" }, el("div", { class: "row" }, pieces, button), said);
}
