// SPDX-License-Identifier: MIT
// How often a browser bothers a server: as fast as it answers while all is well; after a failure
// slower and slower. All tabs and documents of a browser share one pace, kept with the outbox.

/** Longest time a request may take. */
export const REQUEST_MS = 30_000;

const FIRST_MS = 5000;
const LONGEST_MS = 3_600_000;
const DAY_MS = 86_400_000;
// Within a minute of a failure: at most 8 requests in any minute.
const MINUTE_MS = 60_000;
const APART_MS = 8000;

export interface Pace {
  /** No request before, ms since 1970. */
  until: number;
  /** In a row. */
  failures?: number;
  /** When the last one was. */
  failedAt?: number;
}

/** ms to wait at `now`. */
export function pauseBefore(pace: Pace | undefined, now: number): number {
  const pause = pace ? pace.until - now : 0;
  // Longer only after a clock was set back.
  return pause > 0 && pause <= DAY_MS ? pause : 0;
}

/**
 * The pace after an answer. `isFailed`: to be tried again; the pause is between a half and all of 5 s
 * doubled with each failure in a row, up to an hour, so that many browsers do not come back as
 * one. `retryAfterMs`: what the server asks for, up to a day. `isRefused`: never tried again, but a
 * sign that the server is not well.
 */
export function slowed(
  pace: Pace | undefined,
  now: number,
  isFailed: boolean,
  isRefused: boolean,
  retryAfterMs: number,
  random: number,
): Pace | undefined {
  const { failures: before = 0, failedAt: last = Number.NEGATIVE_INFINITY } = pace ?? {};
  const failures = isFailed ? before + 1 : 0;
  const failedAt = isFailed || isRefused ? now : last;
  if (!(Math.abs(now - failedAt) < MINUTE_MS)) return undefined;
  const longest = isFailed ? Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)) : 0;
  const pause = (longest * (1 + random)) / 2;
  const asked = Math.min(DAY_MS, retryAfterMs);
  return { until: now + Math.max(pause, asked, APART_MS), failures, failedAt };
}
