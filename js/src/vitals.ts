// SPDX-License-Identifier: MIT
// Web vitals, measured by Google's library. This comes with the core (core_module.ts), so when the
// page is idle; what happened before the browser has kept (buffered observers). Where the core is
// refused, or the browser cannot measure one, there is none.
//
// A value is told when it is final, at the latest when the page is hidden; INP and CLS are told
// anew when they have changed after that. All of them are of the whole document, from its loading
// (or its return from the back/forward cache) on: views of other routes in it have no vitals of
// their own.
import { onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals";
import type { Vital } from "./core_module.js";

/** Gives what is to be called when the page is hidden, before what waits is stored. */
export function vitals(report: (vital: Vital) => void): () => void {
  // The library takes it for granted; Chromium has it since version 71.
  if (typeof queueMicrotask !== "function") return () => {};
  for (const measure of [onLCP, onCLS, onFCP, onTTFB]) measure(report);
  // The library looks at interactions when the page is idle, and what still waits for that when the
  // page is hidden it looks at too late for its own last report (web-vitals 6.2). So each change is
  // taken, and told once the page is hidden and all others have been told of it.
  let inp: Vital | undefined;
  onINP(
    (metric) => {
      inp = metric;
    },
    { reportAllChanges: true },
  );
  return () => {
    // On pagehide it is not hidden yet, and the library not done.
    if (!inp || document.visibilityState !== "hidden") return;
    report(inp);
    inp = undefined;
  };
}
