// SPDX-License-Identifier: MIT
// The shop: what every page has (cart count, skip link, task bar), then the page itself.

import { pieces } from "./lib/cart.js";
import { need, setText } from "./lib/dom.js";
import { insituOfPage } from "./lib/insitu.js";
import { showAccount } from "./lib/pages/account.js";
import { showCart } from "./lib/pages/cart.js";
import { showCheckout } from "./lib/pages/checkout.js";
import { showHome } from "./lib/pages/home.js";
import { showProduct } from "./lib/pages/product.js";
import { showThanks } from "./lib/pages/thanks.js";
import { prepareToSay } from "./lib/shadow.js";
import { addTaskBar } from "./lib/task_bar.js";
import { forgetResults } from "./lib/tasks.js";

const pages: Readonly<Record<string, (insitu: ReturnType<typeof insituOfPage>) => void>> = {
  account: showAccount,
  cart: showCart,
  checkout: showCheckout,
  home: showHome,
  product: showProduct,
  thanks: showThanks,
};

function showCartCount(): void {
  const badge = need("#cart-count");
  const count = pieces();
  badge.hidden = count === 0;
  setText(badge, String(count));
}

// By hand, because on the account page a fragment alone would lead to another document.
need(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  const main = need("#main");
  main.focus();
  main.scrollIntoView();
});

const insitu = insituOfPage();
prepareToSay();
document.addEventListener("fernweh:cart", showCartCount);
showCartCount();
pages[document.body.dataset.view ?? ""]?.(insitu);
if (insitu) addTaskBar(insitu, () => document.body.dataset.route ?? "");
document.addEventListener("fernweh:forget", forgetResults);
// A page brought back from the browser's cache shows the cart and the tasks as they are now.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  insitu?.page(document.body.dataset.route);
  showCartCount();
  document.dispatchEvent(new Event("fernweh:task"));
});
