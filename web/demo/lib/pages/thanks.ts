// SPDX-License-Identifier: MIT
// After the order.

import { type Delivery, orders } from "../delivery.js";
import { el, need } from "../dom.js";
import { price } from "../format.js";

const arrival: Readonly<Record<Delivery, string>> = {
  standard: "It would be with you in 3 to 5 days.",
  express: "It would be with you tomorrow.",
  pickup: "It would wait for you at the station from tomorrow on.",
};

export function showThanks(): void {
  const place = need("#thanks");
  const order = orders()[0];
  if (!order) {
    place.append(
      el("h1", {}, "No order yet"),
      el("p", {}, "This page shows the order you have just placed; there is none in this tab."),
      el("a", { class: "button primary", href: "index.html" }, "To the shop"),
    );
    return;
  }
  place.append(
    el("h1", {}, "Thank you, off you go"),
    el("p", {}, `Order ${order.id} over ${price(order.cents)}. ${arrival[order.delivery]}`),
    el("ul", { class: "plain" }, ...order.goods.map((text) => el("li", {}, text))),
    el(
      "div",
      { class: "row" },
      el(
        "a",
        { class: "button primary", href: "account.html", "data-insitu-name": "thanks-to-account" },
        "To your account",
      ),
      el(
        "a",
        { class: "button", href: "index.html#try", "data-insitu-name": "thanks-to-tasks" },
        "Next task",
      ),
    ),
  );
}
