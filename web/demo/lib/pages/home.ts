// SPDX-License-Identifier: MIT
// The first page: three tasks, four ways to break something, the list of products, what is kept of
// the visitor, and how to have all this on another site.

import type { Insitu } from "insitu";
import { categories, type Order, type Product, select } from "../catalog.js";
import { el, need, setText } from "../dom.js";
import { plural, price } from "../format.js";
import { picture } from "../pictures.js";
import { sentence } from "../task_bar.js";
import { goalOf } from "../task_goals.js";
import { end, results, runningTask, start, tasks } from "../tasks.js";
import { showBreakers } from "./break_it.js";
import { showData } from "./data_view.js";
import { showTakeAway } from "./take_away.js";

export function showHome(insitu: Insitu | null): void {
  showTasks(insitu);
  showBreakers(insitu);
  showGoods();
  showData(insitu);
  showTakeAway();
}

function showTasks(insitu: Insitu | null): void {
  const cards = tasks.map((task, index) => {
    const startButton = el(
      "button",
      {
        type: "button",
        // The first one is where to begin.
        class: index === 0 ? "button primary" : "button",
        "data-insitu-name": `start-${task.name}`,
      },
      "Start",
    );
    const giveUp = el(
      "button",
      { type: "button", class: "button", "data-insitu-name": `give-up-${task.name}` },
      "I give up",
    );
    const state = el("p", { class: "state", id: `state-${task.name}` });
    const goal = el("h3", { id: `task-${task.name}` }, goalOf(task.name));
    startButton.setAttribute("aria-describedby", goal.id);
    giveUp.setAttribute("aria-describedby", goal.id);
    const card = el(
      "li",
      { class: "task card" },
      el("p", { class: "label" }, `Task ${index + 1}`),
      goal,
      state,
      el("div", { class: "row" }, startButton, giveUp),
    );
    startButton.addEventListener("click", () => {
      if (!insitu) return;
      start(insitu, task);
      // The goods are what the first task is about; the others begin in the bar at the top.
      if (task.name === "find-tent") {
        need("#goods-title").focus({ preventScroll: true });
        need("#goods-part").scrollIntoView();
      } else giveUp.focus();
    });
    giveUp.addEventListener("click", () => {
      end(insitu, task.name, "abandon");
      startButton.focus();
    });

    function draw(): void {
      const running = insitu ? runningTask(insitu) : undefined;
      const isRunning = running?.task === task;
      const result = results()[task.name];
      card.dataset.state = isRunning ? "running" : (result?.outcome ?? "");
      startButton.hidden = isRunning;
      giveUp.hidden = !isRunning;
      startButton.disabled = !insitu || running !== undefined;
      setText(startButton, result ? "Try again" : "Start");
      if (!insitu) setText(state, "Insitu did not load, so nothing is measured.");
      else if (isRunning) setText(state, "Running. The clock is at the bottom of the page.");
      else if (running) setText(state, "After the task that is running.");
      else
        setText(
          state,
          result ? sentence(result).replace(`: ${goalOf(task.name)}`, ".") : task.hint,
        );
    }
    document.addEventListener("fernweh:task", draw);
    draw();
    return card;
  });
  need("#tasks").append(...cards);
}

function showGoods(): void {
  const chips = ["all" as const, ...categories].map((category, index) => {
    const name = category === "all" ? "All" : category;
    const input = el("input", {
      type: "radio",
      name: "category",
      value: category,
      id: `category-${category}`,
      checked: index === 0,
      "data-insitu-name": `category-${category.toLowerCase()}`,
    });
    return el("label", { class: "chip" }, input, el("span", {}, name));
  });
  need("#categories").replaceWith(...chips);

  const form = need<HTMLFormElement>("#filter");
  const list = need("#goods");
  const found = need("#found");

  function draw(): void {
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "");
    const chosen = select({
      category: categories.find((category) => category === text("category")) ?? "all",
      maxCents: Number(text("price")) || null,
      order: text("order") as Order,
    });
    list.replaceChildren(...chosen.map(goodsItem));
    setText(
      found,
      chosen.length === 0
        ? "Nothing fits. Try another price or category."
        : plural(chosen.length, "product"),
    );
    remember(data);
  }
  form.addEventListener("change", draw);
  form.addEventListener("submit", (event) => event.preventDefault());
  restore(form);
  draw();
}

function goodsItem(product: Product): HTMLElement {
  return el(
    "li",
    {},
    el(
      "a",
      {
        class: "goods-item card",
        href: `product.html?id=${product.id}`,
        "data-insitu-name": `product-${product.id}`,
      },
      el("span", { class: "picture", "data-kind": product.category }, picture(product.id)),
      el("span", { class: "what" }, product.what),
      el("span", { class: "name" }, product.name),
      el("span", { class: "line" }, product.line),
      el("span", { class: "price" }, price(product.cents)),
    ),
  );
}

// The selection lives in the query, so that Back and a shared address bring it again. It is no new
// page: replaceState, and Insitu leaves queries out of a route anyway.
function remember(data: FormData): void {
  const url = new URL(location.href);
  for (const name of ["category", "price", "order"]) {
    const value = String(data.get(name) ?? "");
    if (value === "" || value === "all" || value === "featured") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  if (url.href === location.href) return;
  try {
    history.replaceState(history.state, "", url);
  } catch {
    // Pages opened as files may not change their address.
  }
}

function restore(form: HTMLFormElement): void {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = form.elements.namedItem(name);
    if (field instanceof RadioNodeList) field.value = value;
    else if (field instanceof HTMLSelectElement) field.value = value;
  }
  const category = form.elements.namedItem("category");
  if (category instanceof RadioNodeList && category.value === "") category.value = "all";
  for (const select of form.querySelectorAll("select")) {
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  }
}
