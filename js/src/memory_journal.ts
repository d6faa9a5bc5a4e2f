// SPDX-License-Identifier: MIT
// A journal that is gone with the document: before consent, in memory mode, without IndexedDB.
import type { Append, Journal, MemoryContent, Row, State } from "./rows.js";

const MAX_BYTES = 2 << 20;

export class MemoryJournal implements Journal, MemoryContent {
  readonly kind = "memory";
  /** Rows that are not folded yet, and with `keepRows` also those that are. */
  rows: Row[] = [];
  folded = 0;
  bytes = 0;
  log: Uint8Array[] = [];
  state: State | undefined;

  /**
   * `keepRows`: folded rows stay, so that they can move into local storage after consent.
   * `onDrop` is told how many events were dropped unfolded, or how many bytes of the log, because
   * 2 MB were full.
   */
  constructor(
    readonly keepRows: boolean,
    private readonly _onDrop: (events: number, log: number) => void,
  ) {}

  async append([, rows]: Append): Promise<void> {
    for (const row of rows) {
      this.rows.push(row);
      this.bytes += row.b.length;
    }
    while (this.bytes > MAX_BYTES) {
      const batch = this.log.shift();
      if (batch) {
        this.bytes -= batch.length;
        this._onDrop(0, batch.length);
        continue;
      }
      if (!this.folded) this._onDrop((this.rows[0] as Row).n, 0);
      this.shift(1);
    }
  }

  close(): void {
    this.rows = [];
    this.log = [];
    this.folded = this.bytes = 0;
    this.state = undefined;
  }

  shift(count: number): void {
    for (const row of this.rows.splice(0, count)) this.bytes -= row.b.length;
    this.folded = Math.max(0, this.folded - count);
  }
}
