// SPDX-License-Identifier: MIT
// Page views: their routes, their numbers, and the size of the page they show.
import type { Capture } from "./capture.js";
import { pageView } from "./events.gen.js";

// A segment of a path that names one thing among many rather than a kind of page: all digits, long
// hex, a UUID, an address, very long, or six and more characters mixing letters with three digits.
const ID = /^\d+$|^[\da-f]{16,}$|^(?=.*\d)[\da-f-]{12,}$|@|^.{41}|^(?=.*[a-z])(?=(\D*\d){3}).{6}/i;

/**
 * The route template of a path: `/shop/4711/` gives `/shop/:id`. Neither query nor fragment get in.
 */
export function routeOf(path: string): string {
  const segments = (path.split(/[?#]/)[0] as string).split("/").map((segment) => {
    let text = segment;
    try {
      text = decodeURIComponent(segment);
    } catch {
      // Not URL-encoded after all.
    }
    return ID.test(text) ? ":id" : segment;
  });
  return segments.join("/").replace(/\/(index\.html?)?$/, "") || "/";
}

export class Pages {
  private _path = "";
  private _at = 0; // where the record of the current page view lies, 0 when it is not ours to touch
  private _serial = 0;
  private _settled = true;
  private _from: number | null = null;

  constructor(private readonly _capture: Capture) {}

  /** Route shown now. */
  get _route(): string {
    return this._capture._writer._page;
  }

  /** The document's first page view. `route` undefined: as the address says. */
  _first(route: string | undefined): void {
    this._view(route, this._capture._tab._previous ? -1 : null);
  }

  /** The document is back from the back/forward cache. */
  _again(): void {
    const { _tab, _writer } = this._capture;
    // Events from before belong to batches that name another previous document.
    _writer._cut();
    _writer._previous = _tab._previous;
    this._view(this._route, _tab._previous ? -1 : _writer._pv);
  }

  /** Everything so far is forgotten; the page is still there. */
  _restart(): void {
    this._view(this._route, null);
  }

  /** The site names a page view, or gives the one that has just begun by itself its name. */
  _named(route: string | undefined): void {
    const { _books, _writer } = this._capture;
    let from: number | null = _writer._pv;
    if (route && this._at && _writer._undo(this._at, this._serial)) {
      _books._accepted--;
      from = this._from;
      _writer._pv--;
    }
    this._view(route, from);
  }

  /** The address may have changed. `replaced`: the same entry of the history got a new address. */
  _check(replaced: boolean): void {
    const path = location.pathname;
    if (path === this._path) return;
    const route = routeOf(path);
    this._path = path;
    if (!replaced || route !== this._route) this._view(undefined, this._capture._writer._pv);
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
      const { scrollWidth, scrollHeight } = document.scrollingElement ?? document.documentElement;
      const present = _writer.u32[this._at * 2 + 1] as number;
      _writer.u32[this._at * 2 + 1] = present | 32 | 64;
      _writer.f64[this._at + 7] = scrollWidth;
      _writer.f64[this._at + 8] = scrollHeight;
    }
    for (const tell of _onSettled) tell();
  }

  private _view(route: string | undefined, from: number | null): void {
    const { _clock, _listen, _onView, _writer } = this._capture;
    this._path = location.pathname;
    this._from = from;
    this._settled = false;
    this._at = 0;
    _clock._restart();
    _writer._pv++;
    _writer._page = route?.split(/[?#]/)[0] || routeOf(this._path);
    if (this._capture._begin()) {
      pageView(_writer, innerWidth, innerHeight, Number.NaN, Number.NaN, from);
      this._at = _writer._last;
      this._serial = _writer._serial;
    }
    for (const tell of _onView) tell();
    // A task after the frame: everything is laid out and nothing has been changed yet.
    const settle = _listen._guard("page_view", () => this._settle());
    requestAnimationFrame(() => setTimeout(settle));
  }
}
