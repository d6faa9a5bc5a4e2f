// SPDX-License-Identifier: MIT
// The account: three views in one page, a small single-page application.
//
// Over HTTP each view has its own path (account/orders/), set by history.pushState; a small real
// page at that path leads back here after a reload. Opened as a file, where the path cannot change,
// the view is in the fragment (#/orders).

import type { Insitu } from "insitu";
import { orders } from "../delivery.js";
import { el, need } from "../dom.js";
import { price } from "../format.js";
import { end } from "../tasks.js";

type View = "overview" | "orders" | "addresses";

const titles: Readonly<Record<View, string>> = {
  overview: "Overview",
  orders: "Orders",
  addresses: "Addresses",
};
const views = Object.keys(titles) as View[];

export function showAccount(insitu: Insitu | null): void {
  const home = new URL("account.html", document.baseURI);
  const usesPaths = home.protocol.startsWith("http");
  // Relative links of this page keep their meaning while its path changes.
  document.head.prepend(el("base", { href: new URL(".", home).href }));

  const links = new Map(
    views.map((view) => [view, el("a", { "data-insitu-name": `account-${view}` }, titles[view])]),
  );
  for (const [view, link] of links) {
    link.href = address(view).href;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      open(view);
      need("#account").focus();
    });
  }
  need("#account-nav").append(...links.values());
  need("#account").addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLElement>("[data-open]");
    if (!link) return;
    event.preventDefault();
    open(link.dataset.open as View);
    need("#account").focus();
  });

  function address(view: View): URL {
    if (view === "overview") return home;
    return new URL(usesPaths ? `account/${view}/` : `account.html#/${view}`, home);
  }

  function viewOfAddress(): View {
    const inFragment = views.find((view) => location.hash === `#/${view}`);
    const inPath = views.find((view) => location.pathname.endsWith(`/account/${view}/`));
    return inFragment ?? inPath ?? "overview";
  }

  function open(view: View): void {
    if (view === viewOfAddress()) return;
    try {
      history.pushState(null, "", address(view));
    } catch {
      // Shows the view by way of the popstate that follows.
      location.hash = view === "overview" ? "" : `#/${view}`;
      return;
    }
    show(view);
  }

  function show(view: View): void {
    // Insitu sees a new path by itself; this says which route it is, wherever the shop is installed,
    // and tells it of a fragment, which alone is no new page.
    document.body.dataset.route = routeOf(view);
    insitu?.page(routeOf(view));
    draw(view);
  }

  function draw(view: View): void {
    for (const [name, link] of links) {
      if (name === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = `${titles[view]} – Account – Fernweh`;
    need("#account").replaceChildren(...content[view]());
    if (view === "orders") end(insitu, "order-status", "success");
  }

  addEventListener("popstate", () => {
    const view = viewOfAddress();
    // Other fragments than ours, "#main", come by here too.
    if (routeOf(view) !== document.body.dataset.route) show(view);
  });

  const first = viewOfAddress();
  if (first === "overview") draw(first);
  else show(first);
}

const routeOf = (view: View) => (view === "overview" ? "/account" : `/account/${view}`);

const content: Readonly<Record<View, () => Node[]>> = {
  overview: () => [
    el("p", {}, "Good to see you, Mara. You have been with Fernweh since the spring of 2024."),
    el(
      "div",
      { class: "tiles" },
      tile("Orders", "What is on its way and what has arrived.", "orders"),
      tile("Addresses", "Where parcels go.", "addresses"),
    ),
  ],
  orders: () => [
    el(
      "ul",
      { class: "orders" },
      ...orders().map((order) =>
        orderItem(order.id, "Today", order.cents, order.goods.join(", "), "Being packed", "busy"),
      ),
      orderItem(
        "F-204118",
        "17 November 2026",
        12900,
        "1 × Etappe 38",
        "On its way, due tomorrow",
        "busy",
      ),
      orderItem("F-187342", "2 August 2026", 6850, "1 × Funke, 1 × Emil", "Delivered", "done"),
    ),
  ],
  addresses: () => [
    el(
      "div",
      { class: "tiles" },
      addressCard("Home", ["Mara Lindqvist", "Hafenstraße 12", "20459 Hamburg"]),
      addressCard("Cabin", ["Mara Lindqvist", "Am Wehr 3", "82481 Mittenwald"]),
    ),
  ],
};

function tile(title: string, text: string, opens: View): HTMLElement {
  return el(
    "a",
    {
      class: "card tile",
      href: "account.html",
      "data-open": opens,
      "data-insitu-name": `tile-${opens}`,
    },
    el("strong", {}, title),
    el("span", {}, text),
  );
}

function orderItem(
  id: string,
  date: string,
  cents: number,
  goods: string,
  status: string,
  kind: "busy" | "done",
): HTMLElement {
  return el(
    "li",
    { class: "card" },
    el(
      "div",
      {},
      el("strong", {}, `Order ${id}`),
      el("span", { class: "hint" }, `${date}, ${price(cents)}`),
    ),
    el("p", {}, goods),
    el(
      "p",
      { class: "status", "data-kind": kind },
      el("span", { class: "visually-hidden" }, "Status: "),
      status,
    ),
  );
}

function addressCard(title: string, rows: readonly string[]): HTMLElement {
  const text = rows.flatMap((row, index) => (index === 0 ? [row] : [el("br"), row]));
  return el("section", { class: "card" }, el("h2", {}, title), el("address", {}, ...text));
}
