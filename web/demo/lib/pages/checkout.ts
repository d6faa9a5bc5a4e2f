// SPDX-License-Identifier: MIT
// The checkout: two steps, errors at the fields, one order at the end.

import type { Insitu } from "insitu";
import { empty, goodsCents, lines } from "../cart.js";
import { type Delivery, deliveryCents, keepOrder } from "../delivery.js";
import { el, need, setText } from "../dom.js";
import { plural, price } from "../format.js";
import { end, hasTentUnder200, runningTask } from "../tasks.js";

type FieldName = "name" | "email" | "street" | "delivery" | "payment";

// What is wrong with a value; empty when it is fine.
const rules: Readonly<Record<FieldName, (value: string) => string>> = {
  name: (value) => (value === "" ? "Please tell us who gets the parcel." : ""),
  email: (value) => {
    if (value === "") return "Please give an e-mail address.";
    return /^\S+@\S+\.\S+$/.test(value) ? "" : "An e-mail address looks like mara@example.org.";
  },
  street: (value) => {
    if (value === "") return "Please give a street and a house number.";
    return /\d/.test(value) ? "" : "The house number is missing.";
  },
  delivery: (value) => (value === "" ? "Please choose how it gets to you." : ""),
  payment: (value) => (value === "" ? "Please choose how you pay." : ""),
};
const steps: readonly (readonly FieldName[])[] = [
  ["name", "email", "street"],
  ["delivery", "payment"],
];

export function showCheckout(insitu: Insitu | null): void {
  if (lines().length === 0) {
    showEmpty();
    return;
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted && lines().length === 0) showEmpty();
  });
  if (insitu && runningTask(insitu)?.task.name === "find-tent" && !hasTentUnder200()) {
    end(
      insitu,
      "find-tent",
      "failure",
      "What you are about to buy is not a tent under 200\u00a0€.",
    );
  }

  const form = need<HTMLFormElement>("#checkout");
  const value = (name: FieldName) => String(new FormData(form).get(name) ?? "").trim();

  function showStep(index: number): void {
    [need("#step-1"), need("#step-2")].forEach((step, i) => {
      step.hidden = i !== index;
    });
    need(`#step-${index + 1}-title`).focus();
  }

  // Shows what is wrong in a step; true when nothing is.
  function check(names: readonly FieldName[]): boolean {
    const wrong = names.filter((name) => showError(form, name, rules[name](value(name))));
    for (const _ of wrong) insitu?.error("validation", { task: "checkout" });
    const problems = need("#problems");
    problems.hidden = wrong.length === 0;
    setText(
      problems,
      wrong.length === 0
        ? ""
        : `${plural(wrong.length, "entry needs", "entries need")} another look.`,
    );
    const first = wrong[0];
    if (first) form.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    return wrong.length === 0;
  }

  function goOn(): void {
    if (check(steps[0] ?? [])) showStep(1);
  }

  need("#next").addEventListener("click", goOn);
  need("#previous").addEventListener("click", () => showStep(0));
  // A mended field loses its error at once, not only at the next try.
  form.addEventListener("change", (event) => {
    const name = (event.target as HTMLInputElement).name as FieldName;
    if (rules[name]?.(value(name)) === "") showError(form, name, "");
    drawSummary(value("delivery") as Delivery | "");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Enter in a field of the first step submits the form: it means "go on".
    if (need("#step-2").hidden) goOn();
    else if (check(steps[1] ?? [])) placeOrder(insitu, value("delivery") as Delivery);
  });
  for (const delivery of ["standard", "express", "pickup"] as const) {
    const cents = deliveryCents(delivery, goodsCents());
    setText(need(`[data-price="${delivery}"]`), cents === 0 ? "Free" : price(cents));
  }
  drawSummary("");
}

function showEmpty(): void {
  need(".checkout").replaceChildren(
    el("p", {}, "There is nothing to check out: your cart is empty."),
    el(
      "a",
      { class: "button primary", href: "index.html", "data-insitu-name": "checkout-to-shop" },
      "To the shop",
    ),
  );
}

// Shows or takes away the error of a field; true when there is one.
function showError(form: HTMLFormElement, name: FieldName, text: string): boolean {
  const error = need(`#${name}-error`);
  error.hidden = text === "";
  setText(error, text);
  for (const input of form.querySelectorAll<HTMLInputElement>(`[name="${name}"]`)) {
    const hint = document.getElementById(`${name}-hint`)?.id;
    const described = [hint, text === "" ? undefined : error.id].filter(Boolean).join(" ");
    if (text === "") input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
    if (described === "") input.removeAttribute("aria-describedby");
    else input.setAttribute("aria-describedby", described);
  }
  return text !== "";
}

function drawSummary(delivery: Delivery | ""): void {
  const goods = goodsCents();
  const extra = delivery === "" ? 0 : deliveryCents(delivery, goods);
  need("#summary").replaceChildren(
    el("h2", {}, "Your order"),
    el(
      "ul",
      {},
      ...lines().map(({ product, quantity }) =>
        el(
          "li",
          {},
          el("span", {}, `${quantity} × ${product.name}`),
          el("span", { class: "price" }, price(product.cents * quantity)),
        ),
      ),
      el(
        "li",
        {},
        el("span", {}, "Delivery"),
        el(
          "span",
          { class: "price" },
          delivery === "" ? "Step 2" : extra === 0 ? "Free" : price(extra),
        ),
      ),
    ),
    el("p", { class: "total" }, `Together ${price(goods + extra)}`),
  );
}

function placeOrder(insitu: Insitu | null, delivery: Delivery): void {
  const bought = lines();
  const cents = goodsCents() + deliveryCents(delivery, goodsCents());
  const id = `F-${(Date.now() % 1_000_000).toString().padStart(6, "0")}`;
  const dearest = [...bought].sort((a, b) => b.product.cents - a.product.cents)[0];
  insitu?.order({
    id,
    value: cents,
    currency: "EUR",
    category: dearest?.product.category.toLowerCase() ?? "other",
  });
  end(insitu, "checkout", "success");
  keepOrder({
    id,
    cents,
    delivery,
    goods: bought.map(({ product, quantity }) => `${quantity} × ${product.name}`),
  });
  empty();
  location.assign("thanks.html");
}
