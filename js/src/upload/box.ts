// SPDX-License-Identifier: MIT
// Where uploads wait, beside the state they were taken from, in its store: docs/decisions/0011.
import type { Journal } from "../rows.js";

/** What is kept: texts are the keys of uploads, oldest first; numbers those of the cells below. */
export type Cells = ReadonlyMap<number | string, unknown>;
/** The state (rows.ts); there is none in memory. */
export const STATE = 0;
/** What all uploads so far add up to. */
export const TAKEN = 1;
/** When the next request may be made. */
export const PACE = 2;

/** undefined takes the cell away. */
export type Write = (key: number | string, value: unknown) => void;

/**
 * Shows the cells from key `from` on to `step` and keeps what it writes, all or nothing, with no tab
 * in between. `step` must not wait for anything. `safe`: not even a power cut undoes it.
 */
export type Box = <T>(
  from: number,
  step: (cells: Cells, write: Write) => T,
  safe?: boolean,
) => Promise<T>;

/** The box that belongs to a journal. It is gone with it. */
export function boxOf(journal: Journal): Box {
  if (!journal.run) return memoryBox();
  return async (from, step, safe) => {
    let result: unknown;
    await journal.run?.(
      ["state"],
      "readwrite",
      (transaction, attempt) => {
        const store = transaction.objectStore("state");
        // Not the keys of appends, which are lists and come after all others.
        const range = IDBKeyRange.bound(from, [], false, true);
        const keys = store.getAllKeys(range);
        const values = store.getAll(range);
        // Requests are answered in order, so the keys are there by then.
        values.onsuccess = () =>
          attempt(() => {
            const cells = (keys.result as string[]).map((key, i) => [key, values.result[i]]);
            result = step(new Map(cells as [string, unknown][]), (key, value) => {
              if (value === undefined) store.delete(key);
              else store.put(value, key);
            });
            transaction.commit?.();
          });
      },
      safe ? "strict" : "relaxed",
    );
    return result as never;
  };
}

function memoryBox(): Box {
  const cells = new Map<number | string, unknown>();
  return async (_from, step) =>
    step(cells, (key, value) => {
      if (value === undefined) cells.delete(key);
      else cells.set(key, value);
    });
}
