// SPDX-License-Identifier: MIT
// What fails in the page: uncaught errors and rejections (kind js, those of scripts from elsewhere
// too, which say nothing but "Script error."); scripts, pictures and style sheets that do not load,
// and what the page's Content-Security-Policy refuses (kind http). Left out is what is no fault of
// the page: browsers' notices about ResizeObserver, what extensions put into the page, and our own
// core where it cannot be loaded. What errors say stays where it is.
import type { Capture } from "../capture.js";
import { error } from "../events.gen.js";

// A page that fails in a loop: ten at once, then one a second of each kind; the rest is only counted.
const BURST = 10;
const REFILL_MS = 1000;
// Whose message or file it then is: browsers report harmless notices as errors.
const NOT_THEIRS = /^ResizeObserver loop|^[a-z-]+-extension:|\/insitu\.core/;
const RESOURCE = /^(script|img|link)$/;
// Directive and what it refused. Elements that are refused have an error event of their own. Refused
// wasm and Trusted Types are left out, because trying them is how our core finds its way.
const REFUSED = /^(?!script|style|img|media|require)| (inline|eval)$/;

export function errors(capture: Capture): void {
  const { _books, _listen } = capture;
  const teller = (kind: string) => {
    let tokens = BURST;
    let refilled = performance.now();
    return () => {
      const now = performance.now();
      tokens = Math.min(BURST, tokens + (now - refilled) / REFILL_MS);
      refilled = now;
      if (tokens < 1) {
        _books._accepted++;
        _books._drop("error_storm", 1);
        return;
      }
      tokens--;
      capture._write(error, kind, "", NaN);
    };
  };
  const js = teller("js");
  const http = teller("http");
  _listen._on<ErrorEvent>(window, "error", ({ filename, message, target }) => {
    if (target === window) {
      if (!NOT_THEIRS.test(message) && !NOT_THEIRS.test(filename)) js();
    } else if (
      RESOURCE.test((target as Element).localName) &&
      !("insituCore" in (target as Element))
    ) {
      // Resources that fail pass by here on their way to their element. Ours carries a mark.
      http();
    }
  });
  _listen._on(window, "unhandledrejection", js);
  _listen._on<SecurityPolicyViolationEvent>(
    document,
    "securitypolicyviolation",
    ({ blockedURI, disposition, effectiveDirective }) => {
      if (blockedURI === capture._endpoint) return;
      if (disposition === "enforce" && REFUSED.test(`${effectiveDirective} ${blockedURI}`)) http();
    },
  );
}
