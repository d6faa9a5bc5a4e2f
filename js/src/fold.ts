// SPDX-License-Identifier: MIT
// Which tab folds the journal, and when it has to stand back.
import type { Analysis } from "./analysis.js";
import type { SignalCost } from "./listen.js";
import { type Journal, ROWS_PER_FOLD } from "./rows.js";
import type { Books } from "./status.js";

const LOCK = "insitu";
// Without Web Locks: how long a tab goes on folding alone, so that the tabs do not restore each
// other's state in turn. Correctness is the transaction's, not the lease's.
const LEASE_MS = 5000;

export class Folder {
  /** True when this tab was the one that folded when it last tried. */
  _leader = false;
  private _queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly _books: Books,
    private readonly _document: number,
    private readonly _cost: SignalCost,
  ) {}

  /**
   * Folds all rows there are. `wait`: also when another tab is at it right now; otherwise that tab
   * is left to do it. Resolves to whether the engine has changed; rejects when the journal or
   * the engine failed. Calls are done one after the other.
   */
  _fold(journal: Journal, analysis: Analysis, wait: boolean): Promise<boolean> {
    const result = this._queue.then(async () => {
      const before = analysis.at();
      while ((await this._lead(journal, analysis, wait)) === ROWS_PER_FOLD);
      return analysis.at() !== before;
    });
    this._queue = result.catch(() => {});
    return result;
  }

  // One fold under the lock. The lock is never held across anything but the fold itself: it would
  // cost the page its place in the back/forward cache.
  private async _lead(journal: Journal, analysis: Analysis, wait: boolean): Promise<number> {
    const local = journal.kind === "local";
    if (!local || !navigator.locks) return this._once(journal, analysis, local && !wait);
    let answered = false;
    try {
      return await navigator.locks.request(LOCK, { ifAvailable: !wait }, (lock) => {
        answered = true;
        this._leader = !!lock;
        return lock ? this._once(journal, analysis, false) : 0;
      });
    } catch (error) {
      // Some frames have IndexedDB and no locks.
      if (answered) throw error;
      return this._once(journal, analysis, !wait);
    }
  }

  private async _once(journal: Journal, analysis: Analysis, leased: boolean): Promise<number> {
    let events = 0;
    try {
      const count = await journal.fold((state, rows) => {
        const now = Date.now();
        this._leader = !leased || state?.leader === this._document || !(Number(state?.until) > now);
        if (!this._leader) return undefined;
        const start = performance.now();
        const result = analysis.step(state, rows);
        this._cost.ms += performance.now() - start;
        this._cost.calls++;
        for (const row of rows) events += row.n || 0;
        if (!leased || !result) return result;
        const lease = { leader: this._document, until: now + LEASE_MS };
        return { ...result, state: { ...result.state, ...lease } };
      });
      this._books._folded += events;
      return count;
    } catch (error) {
      analysis.lost();
      throw error;
    }
  }
}
