// SPDX-License-Identifier: MIT
// Arithmetic of partials (KPI specification 4): what has been added since, and halves of it.

/** A partial, or a part of one, as JSON.parse gives it. A pair is the sum high * 2^32 + low. */
export type Part = number | string | [high: number, low: number] | Members;
export interface Members {
  [key: string]: Part;
}

// Of two of them merging keeps the smaller one.
const LEAST = "spec_time_ms_min";
const HEAD = ["version", "options", "segment"];

/**
 * What has to be merged with `before` to get `now`; its sections are left out where nothing has
 * changed, so that no change gives the head alone. Numbers may be below 0. Without `before`, or with
 * another head: all of `now`. O(size).
 */
export function difference(now: Members, before: Members = {}): Members {
  const head = headOf(now);
  const same = JSON.stringify(head) === JSON.stringify(headOf(before));
  return { ...minus(now, same ? before : {}), ...head };
}

/** True for a partial that adds nothing to any other. */
export function saysNothing(partial: Members): boolean {
  return Object.keys(partial).every((key) => HEAD.includes(key));
}

/** Two partials that add up to this one; undefined when it is a single number. O(size). */
export function halves(partial: Members): [Members, Members] | undefined {
  const head = headOf(partial);
  const sections = Object.entries(partial).filter(([key]) => !HEAD.includes(key));
  const both = cut(Object.fromEntries(sections));
  return (
    both && [
      { ...both[0], ...head },
      { ...both[1], ...head },
    ]
  );
}

function headOf(partial: Members): Members {
  return Object.fromEntries(Object.entries(partial).filter(([key]) => HEAD.includes(key)));
}

// Maps and entries instead of lookups: names of the page are keys here, `constructor` among them.
function minus(now: Members, before: Members): Members {
  const taken = new Map(Object.entries(before));
  const all = new Map([...taken.keys()].map((key): [string, Part | undefined] => [key, undefined]));
  for (const [key, part] of Object.entries(now)) all.set(key, part);
  const changed: [string, Part][] = [];
  for (const [key, part] of all) {
    const value = less(key, part, taken.get(key));
    if (value) changed.push([key, value]);
  }
  return Object.fromEntries(changed);
}

// undefined and 0: nothing is left.
function less(key: string, now: Part | undefined, before: Part | undefined): Part | undefined {
  const kind = now ?? before;
  if (Array.isArray(kind)) {
    const [high, low] = (now ?? [0, 0]) as [number, number];
    const [oldHigh, oldLow] = (before ?? [0, 0]) as [number, number];
    const borrow = Number(low < oldLow);
    const pair: Part = [high - oldHigh - borrow, low - oldLow + borrow * 2 ** 32];
    return pair[0] || pair[1] ? pair : undefined;
  }
  if (typeof kind === "object") {
    const members = minus((now ?? {}) as Members, (before ?? {}) as Members);
    return Object.keys(members).length ? members : undefined;
  }
  if (key === LEAST || typeof kind === "string") return now === before ? undefined : now;
  return ((now ?? 0) as number) - ((before ?? 0) as number);
}

function cut(members: Members): [Members, Members] | undefined {
  const entries = Object.entries(members);
  const half = entries.length >> 1;
  if (half) {
    return [Object.fromEntries(entries.slice(0, half)), Object.fromEntries(entries.slice(half))];
  }
  const [key, only] = entries[0] ?? ["", 0];
  if (typeof only !== "object" || Array.isArray(only)) return undefined;
  const both = cut(only);
  return both && [{ [key]: both[0] }, { [key]: both[1] }];
}
