// SPDX-License-Identifier: MIT
// Whether the page is seen; and the last append before it may be gone.
import type { Capture } from "../capture.js";
import { visibility } from "../events.gen.js";

export function visibilities(capture: Capture): void {
  const { _listen, _onHide, _onView, _tab } = capture;
  let last = "";
  let left = false;
  // It finishes no transaction that begins in pagehide, but may hold up all others with it.
  const isWebKit = /^Apple/.test(navigator.vendor);
  const tell = (state: string) => {
    if (state === last) return;
    last = state;
    capture._write(visibility, state);
  };
  // With what timers still hold.
  const store = (state?: string) => {
    for (const write of _onHide) write();
    if (state) tell(state);
    capture._append(left && isWebKit);
  };
  const hide = () => store("hidden");
  // A page view counts as seen unless told otherwise.
  _onView.push(() => {
    last = "visible";
    left = false;
    if (document.visibilityState === "hidden") tell("hidden");
  });
  _listen._on(document, "visibilitychange", () => {
    if (document.visibilityState === "hidden") hide();
    // Back from the cache it is the next page view that is seen, not the one that was left.
    else if (!left) tell("visible");
  });
  // What there is to tell is stored when a link or a form has begun to lead away: nobody may come back
  // to this tab.
  if (isWebKit) {
    for (const type of ["click", "submit"]) {
      _listen._on(document, type, (event) => {
        // A script may dispatch a click on the document, which has no closest().
        const target = event.composedPath()[0] as Element;
        const leads = type === "submit" || (target.nodeType === 1 && target.closest("a[href]"));
        if (leads) setTimeout(() => event.defaultPrevented || store());
      });
    }
  }
  // Comes before visibilitychange on navigation, and alone in some browsers.
  _listen._on(window, "pagehide", () => {
    left = true;
    hide();
    _tab._leave();
  });
}
