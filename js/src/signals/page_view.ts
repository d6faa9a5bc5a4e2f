// SPDX-License-Identifier: MIT
// Page views: navigation inside of the document, and returns from the back/forward cache. Nothing
// of the page's history is patched.
import type { Capture } from "../capture.js";
import type { Pages } from "../page.js";

/** The part of the Navigation API that is used, where the browser has it. */
interface EntryChange extends Event {
  readonly navigationType: string | null;
}

export const pageViews =
  (pages: Pages) =>
  (capture: Capture): void => {
    const { _listen } = capture;
    const { navigation } = window as { navigation?: EventTarget };
    if (navigation) {
      _listen._on<EntryChange>("page_view", navigation, "currententrychange", (event) =>
        pages._check(event.navigationType === "replace"),
      );
    } else {
      // pushState tells nobody: the address is compared whenever something is about to be stored.
      _listen._on("page_view", window, "popstate", () => pages._check(false));
      capture._onTake.push(() => pages._check(false));
    }
    _listen._on<PageTransitionEvent>("page_view", window, "pageshow", (event) => {
      if (!event.persisted) return;
      capture._tab._resume();
      pages._again();
    });
    capture._onTake.push(() => pages._settle());
  };
