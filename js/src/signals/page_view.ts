// SPDX-License-Identifier: MIT
// Page views: navigation inside of the document, and returns from the back/forward cache. Nothing
// of the page's history is patched.
import type { Capture } from "../capture.js";
import type { Pages } from "../page.js";

// Without the Navigation API: how often, and for how many times, the address is looked at after an
// input; a page may take its time to answer.
const LOOK_MS = 1000;
const LOOKS = 5;

/** The part of the Navigation API that is used, where the browser has it. */
interface EntryChange extends Event {
  readonly navigationType: string | null;
}

export const pageViews =
  (pages: Pages) =>
  (capture: Capture): void => {
    const { _listen } = capture;
    const { navigation } = window as { navigation?: EventTarget & { currentEntry: unknown } };
    // Without an entry (documents of an opaque origin) it tells nothing.
    if (navigation && navigation.currentEntry) {
      _listen._on<EntryChange>(navigation, "currententrychange", (event) =>
        pages._check(event.navigationType === "replace"),
      );
    } else {
      // pushState tells nobody: the address is compared before anything is recorded or stored.
      const check = () => pages._check(false);
      let looks = 0;
      const look = _listen._guard<void>(() => {
        check();
        if (--looks) setTimeout(look, LOOK_MS);
      });
      const input = () => {
        if (!looks) setTimeout(look, LOOK_MS);
        looks = LOOKS;
      };
      capture._before = check;
      capture._onTake.push(check);
      for (const type of ["popstate", "hashchange"]) {
        _listen._on(window, type, check);
      }
      for (const type of ["click", "keydown"]) _listen._on(document, type, input);
    }
    _listen._on<PageTransitionEvent>(window, "pageshow", (event) => {
      if (!event.persisted) return;
      capture._tab._resume();
      capture._takeOver();
      pages._again();
    });
    capture._onTake.push(() => pages._settle());
  };
