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

export class Pages {
  private _place = ""; // what of the address tells pages apart
  private _address = ""; // route of the address, whatever the site calls it
  private _loaded = 0; // the page view that the document was loaded in, and its route
  private _loadedPage = "";
  private _at = 0; // where the record of the current page view lies, 0 when it is not ours to touch
  private _serial = 0;
  private _settled = true;
  private readonly _early: Vital[] = []; // measured before that
  private _from: number | null = null;

  /** `_parts`: what of the address makes another page, see InitOptions.pageViews. */
  constructor(
    private readonly _capture: Capture,
    private readonly _parts: string,
  ) {}

  /** Route shown now. */
  get _route(): string {
    return this._capture._writer._page;
  }

  /** The document's first page view. `route` undefined: as the address says. */
  _first(route: string | undefined): void {
    this._load(cut(route), this._capture._tab._previous ? -1 : null);
  }

  /** The document is back from the back/forward cache. */
  _again(): void {
    const { _tab, _writer } = this._capture;
    // Events from before belong to batches that name another previous document.
    _writer._cut();
    _writer._previous = _tab._previous;
    this._load(this._route, _tab._previous ? -1 : _writer._pv);
  }

  /** Everything so far is forgotten; the page is still there. */
  _restart(): void {
    this._load(this._route, null);
  }

  /** The site names a page view, or gives the one that has just begun by itself its name. */
  _named(route: string | undefined): void {
    this._view(cut(route), this._replace(!!route));
  }

  /**
   * The address may have changed. `replaced`: the same entry of the history got a new address; that
   * is another page only when its route is another one. A page that was left again before its first
   * frame, and in which nothing happened, was a redirect: it is taken back.
   */
  _check(replaced: boolean): void {
    const address = this._address;
    if (!this._look() || (replaced && address === this._address)) return;
    this._view(undefined, this._replace(!this._settled));
  }

  /** A web vital was measured. It belongs to the page view that the document was loaded in. */
  _vital(measured: Vital): void {
    const { _writer } = this._capture;
    // A page view that has just begun may still get its name; nothing must come in between.
    if (!this._settled) {
      this._early.push(measured);
      return;
    }
    // Now, because what it may write is not of that page view.
    this._capture._before();
    const { name, value } = measured;
    const { _page, _pv } = _writer;
    _writer._pv = this._loaded;
    _writer._page = this._loadedPage;
    this._capture._write(vital, name, value);
    _writer._pv = _pv;
    _writer._page = _page;
  }

  /**
   * Measures the page and tells those who wait for a laid out page. Comes after the first frame of
   * the page view, when the size is known anyway and asking for it forces no layout; at the latest
   * with the first append, because afterwards the record cannot be changed any more.
   */
  _settle(): void {
    if (this._settled) return;
    this._settled = true;
    const { _writer, _onSettled } = this._capture;
    if (this._at && this._serial === _writer._serial) {
      const { scrollWidth, scrollHeight } = document.scrollingElement || document.documentElement;
      const root = document.querySelector(`[${SCROLL_ROOT}]`);
      this._capture._scrollRoot = root;
      const { _u32, _f64 } = _writer;
      (_u32[this._at * 2 + 1] as number) |= 32 | 64;
      _f64[this._at + 7] = scrollWidth + (root ? root.scrollWidth - root.clientWidth : 0);
      _f64[this._at + 8] = scrollHeight + (root ? root.scrollHeight - root.clientHeight : 0);
    }
    for (const tell of _onSettled) tell();
    for (const measured of this._early.splice(0)) this._vital(measured);
  }

  // Reads the address. True: it shows another page than when it was last read.
  private _look(): boolean {
    const { hash, pathname, search } = location;
    const query = /query|hash/.test(this._parts);
    const hashRoute = hashRouteOf(hash);
    const fragment = hashRoute || this._parts === "hash" ? hash : "";
    const before = this._place;
    this._place = pathname + (query ? search + fragment : fragment.split("?")[0]);
    this._address = routeOf(pathname) + hashRoute;
    return before !== this._place;
  }

  // What the next page view replaces; the one that runs is taken back if `wanted` and possible.
  private _replace(wanted: boolean): number | null {
    const { _books, _writer } = this._capture;
    if (!wanted || !this._at || !_writer._undo(this._at, this._serial)) return _writer._pv;
    _books._accepted--;
    _writer._pv--;
    return this._from;
  }

  private _load(route: string | undefined, from: number | null): void {
    this._loaded = this._capture._writer._pv + 1;
    this._view(route, from);
  }

  private _view(route: string | undefined, from: number | null): void {
    const { _clock, _listen, _onView, _writer } = this._capture;
    this._look();
    this._from = from;
    this._settled = false;
    _clock._restart();
    _writer._page = scrub(route || "") || this._address;
    if (++_writer._pv === this._loaded) this._loadedPage = _writer._page;
    _writer._last = 0;
    this._capture._write(pageView, innerWidth, innerHeight, Number.NaN, Number.NaN, from);
    this._at = _writer._last;
    this._serial = _writer._serial;
    for (const tell of _onView) tell();
    // A task after the frame: everything is laid out and nothing has been changed yet.
    const settle = _listen._guard("page_view", () => this._settle());
    requestAnimationFrame(() => setTimeout(settle));
  }
}

// A route as the site names it, without query and fragment.
function cut(route: string | undefined): string | undefined {
  return route?.replace(/\?.*|#[^!/].*/s, "");
}
