// SPDX-License-Identifier: MIT
// Which tab folds the journal, and when it has to stand back. Comes with the core, as analysis.ts.
import type { Analysis } from "./analysis.js";
import { foldJournal, ROWS_PER_FOLD } from "./contents.js";
import type { Journal } from "./rows.js";
import type { SignalCost } from "./status.js";

const LOCK = "insitu";
// Without Web Locks: how long a tab goes on folding alone, so that the tabs do not restore each
// other's state in turn. Correctness is the transaction's, not the lease's.
const LEASE_MS = 5000;

/** What folding needs from the shell. */
export interface FoldHost {
  /** Key of the document. */
  readonly document: number;
  /** Where the time is booked. */
  readonly cost: SignalCost;
  /** So many events, of all tabs, were folded here. */
  folded(events: number): void;
}

export interface Folder {
  /** True when this tab was the one that folded when it last tried. */
  leader: boolean;
  /**
   * Folds all rows there are. `wait`: also when another tab is at it right now; otherwise that tab
   * is left to do it. Resolves to whether the engine has changed; rejects when the journal or
   * the engine failed. Calls are done one after the other.
   */
  fold(journal: Journal, wait: boolean): Promise<boolean>;
}

export function createFolder(
  analysis: Pick<Analysis, "at" | "step" | "lost">,
  host: FoldHost,
): Folder {
  let queue: Promise<unknown> = Promise.resolve();

  const once = async (journal: Journal, leased: boolean): Promise<number> => {
    let events = 0;
    try {
      const count = await foldJournal(journal, (state, rows) => {
        const now = Date.now();
        folder.leader = !leased || state?.leader === host.document || !(Number(state?.until) > now);
        if (!folder.leader) return undefined;
        const start = performance.now();
        const result = analysis.step(state, rows);
        host.cost.ms += performance.now() - start;
        host.cost.calls++;
        for (const row of rows) events += row.n || 0;
        if (!leased || !result) return result;
        const lease = { leader: host.document, until: now + LEASE_MS };
        return { ...result, state: { ...result.state, ...lease } };
      });
      host.folded(events);
      return count;
    } catch (error) {
      analysis.lost();
      throw error;
    }
  };

  // One fold under the lock. The lock is never held across anything but the fold itself: it would
  // cost the page its place in the back/forward cache.
  const lead = async (journal: Journal, wait: boolean): Promise<number> => {
    if (journal.kind !== "local") return once(journal, false);
    let answered = false;
    try {
      return await navigator.locks.request(LOCK, { ifAvailable: !wait }, (lock) => {
        answered = true;
        folder.leader = !!lock;
        return lock ? once(journal, false) : 0;
      });
    } catch (error) {
      // Some browsers have no locks; some frames have IndexedDB and no locks.
      if (answered) throw error;
      return once(journal, !wait);
    }
  };

  const folder: Folder = {
    leader: false,
    fold(journal, wait) {
      const result = queue.then(async () => {
        const before = analysis.at();
        while ((await lead(journal, wait)) === ROWS_PER_FOLD);
        return analysis.at() !== before;
      });
      queue = result.catch(() => {});
      return result;
    },
  };
  return folder;
}
