// SPDX-License-Identifier: MIT
// What insitu.stored() gives, put in order for people. Pure functions.

import type { Stored } from "insitu";
import { decimal } from "./format.js";

export type LogEvent = Readonly<Record<string, unknown>>;

/** All events that are kept, oldest first: the log, then those that wait to be added up. */
export function eventsOf(stored: Stored | null): LogEvent[] {
  return stored ? [...stored.log, ...stored.waiting] : [];
}

/** [type, how many], the most frequent first, then by name. O(n log n). */
export function countsByType(events: readonly LogEvent[]): [type: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { type } of events) counts.set(String(type), (counts.get(String(type)) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** Bytes of all that is kept. */
export function bytesKept(stored: Stored | null): number {
  if (!stored) return 0;
  const { waiting, log, sums } = stored.bytes;
  return waiting + log + sums;
}

// Every event has these; the table has columns for what matters of them.
const common = ["type", "t", "visitor", "session", "seq", "page", "pv", "mono"];

/** What an event says besides when and where, as "element brand, x 40, y 32"; "–" for nothing. */
export function detailsOf(event: LogEvent): string {
  const own = Object.entries(event).filter(
    ([name, value]) => !common.includes(name) && !(Array.isArray(value) && value.length === 0),
  );
  return own.map(([name, value]) => `${name} ${textOf(value)}`).join(", ") || "–";
}

function textOf(value: unknown): string {
  if (typeof value === "number") return decimal(value, 2);
  return typeof value === "string" ? value : JSON.stringify(value);
}
