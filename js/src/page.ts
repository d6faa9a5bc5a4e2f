// SPDX-License-Identifier: MIT
// Page views: their routes, their numbers, and the size of the page they show.
//
// Where an element scrolls in place of the document (data-insitu-scroll-root; in no shadow tree, which
// keeps scrolling to itself) the page is what it would be with that element unrolled: as much higher
// as the element hides, scrolled as far as document and element together, and a click in the element
// lies where its content does. So depth and heatmaps mean the same as on a page that scrolls as a
// whole.
import type { Capture } from "./capture.js";
import type { Vital } from "./core_module.js";
import { SCROLL_ROOT } from "./element.js";
import { pageView, vital } from "./events.gen.js";
import { isSecret, scrub, shorten } from "./scrub.js";

/**
 * A segment of a path that names one thing among many rather than a kind of page: all digits, long
 * hex, a UUID, an address, very long, or six and more characters mixing letters with three digits.
 */
export const ID =
  /^\d+$|^[\da-f]{16,}$|^(?=.*\d)[\da-f-]{12,}$|^.{41}|^(?=.*[a-z])(?=(\D*\d){3}).{6}/i;

const HASH_ROUTE = /^#[!/]/;

/**
 * The route template of a path: `/shop/4711/` gives `/shop/:id`. Neither query nor fragment get in.
 */
export function routeOf(path: string): string {
  const segments = (shorten(path).split(/[?#;]/)[0] as string).split("/").map((segment) => {
    let text = segment;
    try {
      text = decodeURIComponent(segment);
    } catch {
      // Not URL-encoded after all.
    }
    return ID.test(text) || isSecret(text) ? ":id" : segment;
  });
  return segments.join("/").replace(/\/(index\.html?)?$/, "") || "/";
}

/**
 * What a hash router adds to the route: `#/cart?from=mail` and `#!cart` give `#/cart`. Nothing for
 * its start page, and for a fragment that only names a place in the page.
 */
export function hashRouteOf(hash: string): string {
  const route = HASH_ROUTE.test(hash) ? routeOf(hash.replace(/^#!?\/?/, "/")) : "/";
  return route === "/" ? "" : `#${route}`;
}

/** The page views of a document. */
export interface Pages {
  /** The document's first page view. `route` undefined: as the address says. */
  _first(route: string | undefined): void;
  /** The document is back from the back/forward cache. */
  _again(): void;
  /** Everything so far is forgotten; the page is still there. */
  _restart(): void;
  /** The site names a page view, or gives the one that has just begun by itself its name. */
  _named(route: string | undefined): void;
  /**
   * The address may have changed. `replaced`: the same entry of the history got a new address; that
   * is another page only when its route is another one. A page that was left again before its first
   * frame, and in which nothing happened, was a redirect: it is taken back.
   */
  _check(replaced: boolean): void;
  /** A web vital was measured. It belongs to the page view that the document was loaded in. */
  _vital(measured: Vital): void;
  /**
   * Measures the page and tells those who wait for a laid out page. Comes after the first frame of
   * the page view, when the size is known anyway and asking for it forces no layout; at the latest
   * with the first append, because afterwards the record cannot be changed any more.
   */
  _settle(): void;
}

/** `parts`: what of the address makes another page, see InitOptions.pageViews. */
export function createPages(capture: Capture, parts: string): Pages {
  const { _books, _clock, _listen, _onSettled, _onView, _tab, _writer } = capture;
  let place = ""; // what of the address tells pages apart
  let address = ""; // route of the address, whatever the site calls it
  let loaded = 0; // the page view that the document was loaded in, and its route
  let loadedPage = "";
  let at = 0; // where the record of the current page view lies, 0 when it is not ours to touch
  let serial = 0;
  let settled = true;
  const early: Vital[] = []; // measured before that
  let replaced: number | null = null;

  // Reads the address. True: it shows another page than when it was last read.
  const look = (): boolean => {
    const { hash, pathname, search } = location;
    const query = /query|hash/.test(parts);
    const hashRoute = hashRouteOf(hash);
    const fragment = hashRoute || parts === "hash" ? hash : "";
    const before = place;
    place = pathname + (query ? search + fragment : fragment.split("?")[0]);
    address = routeOf(pathname) + hashRoute;
    return before !== place;
  };

  // What the next page view replaces; the one that runs is taken back if `wanted` and possible.
  const replace = (wanted: boolean): number | null => {
    if (!wanted || !at || !_writer._undo(at, serial)) return _writer._pv;
    _books._accepted--;
    _writer._pv--;
    return replaced;
  };

  const load = (route: string | undefined, from: number | null) => {
    loaded = _writer._pv + 1;
    view(route, from);
  };

  const view = (route: string | undefined, from: number | null) => {
    look();
    replaced = from;
    settled = false;
    _clock._restart();
    _writer._page = scrub(route || "") || address;
    if (++_writer._pv === loaded) loadedPage = _writer._page;
    _writer._last = 0;
    capture._write(pageView, innerWidth, innerHeight, NaN, NaN, from);
    at = _writer._last;
    serial = _writer._serial;
    for (const tell of _onView) tell();
    // A task after the frame: everything is laid out and nothing has been changed yet.
    requestAnimationFrame(() => setTimeout(settleLater));
  };

  const settle = () => {
    if (settled) return;
    settled = true;
    if (at && serial === _writer._serial) {
      const { scrollWidth, scrollHeight } = document.scrollingElement || document.documentElement;
      const root = document.querySelector(`[${SCROLL_ROOT}]`);
      capture._scrollRoot = root;
      _writer._resize(
        at,
        scrollWidth + (root ? root.scrollWidth - root.clientWidth : 0),
        scrollHeight + (root ? root.scrollHeight - root.clientHeight : 0),
      );
    }
    for (const tell of _onSettled) tell();
    for (const measured of early.splice(0)) vitalOf(measured);
  };
  const settleLater = _listen._guard(settle, "page_view");

  const vitalOf = (measured: Vital) => {
    // A page view that has just begun may still get its name; nothing must come in between.
    if (!settled) {
      early.push(measured);
      return;
    }
    // Now, because what it may write is not of that page view.
    capture._before();
    const { name, value } = measured;
    const { _page, _pv } = _writer;
    _writer._pv = loaded;
    _writer._page = loadedPage;
    capture._write(vital, name, value);
    _writer._pv = _pv;
    _writer._page = _page;
  };

  return {
    _first: (route) => load(cut(route), _tab._previous ? -1 : null),
    _again() {
      // Events from before belong to batches that name another previous document.
      _writer._cut();
      _writer._previous = _tab._previous;
      load(_writer._page, _tab._previous ? -1 : _writer._pv);
    },
    _restart: () => load(_writer._page, null),
    _named: (route) => view(cut(route), replace(!!route)),
    _check(replaced) {
      const before = address;
      if (!look() || (replaced && before === address)) return;
      view(undefined, replace(!settled));
    },
    _vital: vitalOf,
    _settle: settle,
  };
}

// A route as the site names it, without query and fragment.
function cut(route = ""): string {
  return route.replace(/\?.*|#[^!/].*/s, "");
}
