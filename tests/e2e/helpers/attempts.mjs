// SPDX-License-Identifier: MIT
// Tests whose verdict depends on when things happen, on machines that may stand still for a second.
// One that fails is run again on a fresh page; what passes only then is told as `unsteady`, and
// what never passes as `failed`, each with what was wrong. Both lines are repeated by ./dev.
//
// Not for tests that look for lost events: what is lost once in three times is lost.
import { basename } from "node:path";
import { test as once } from "node:test";

const ATTEMPTS = 3;
const file = basename(process.argv[1]);

/** A `test` whose attempts each run between `begin` and `end`, in place of beforeEach, afterEach. */
export function attemptsBetween(begin, end) {
  return (name, options, body = options) =>
    once(name, body === options ? {} : options, async (t) => {
      for (let attempt = 1; ; ++attempt) {
        try {
          await begin();
          try {
            await body(t);
          } finally {
            await end();
          }
          return;
        } catch (error) {
          const isLast = attempt === ATTEMPTS;
          const what = `${error?.message ?? error}`.replace(/\s+/g, " ").slice(0, 300);
          console.log(`${isLast ? "failed" : "unsteady"}: ${file}: ${name}: ${what}`);
          if (isLast) throw error;
        }
      }
    });
}

export const test = attemptsBetween(
  () => {},
  () => {},
);
