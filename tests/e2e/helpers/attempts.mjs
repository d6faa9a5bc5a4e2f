// SPDX-License-Identifier: MIT
// Tests whose verdict depends on when things happen, on machines that may stand still for a second.
// One that fails is run again on a fresh page; what passes only then is told as `unsteady`, and
// what never passes as `failed`, each with what was wrong. Both lines are repeated by ./dev.
//
// Not for tests that look for lost events: what is lost once in three times is lost.
import { basename } from "node:path";
import { test as once } from "node:test";

const ATTEMPTS = 3;
const LIMIT_MS = process.env.INSITU_FULL ? 1_800_000 : 180_000;
const file = basename(process.argv[1]);

/**
 * A `test` whose attempts each run between `begin` and `end`, in place of beforeEach, afterEach.
 * `options.timeout` is that of one attempt.
 */
export function attemptsBetween(begin, end) {
  return (name, options, body = options) => {
    const { timeout = LIMIT_MS, ...others } = body === options ? {} : options;
    return once(name, others, async (t) => {
      for (let attempt = 1; ; ++attempt) {
        try {
          await begin();
          try {
            await within(timeout, body(t));
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
  };
}

async function within(ms, work) {
  let timer;
  const end = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}

export const test = attemptsBetween(
  () => {},
  () => {},
);
