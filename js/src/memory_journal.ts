// SPDX-License-Identifier: MIT
// A journal that is gone with the document: before consent, in memory mode, without IndexedDB.
import {
  type Content,
  type Journal,
  ROWS_PER_FOLD,
  type Row,
  type State,
  type Step,
} from "./rows.js";

const MAX_BYTES = 2 << 20;

export class MemoryJournal implements Journal {
  readonly kind = "memory";
  /** Rows that are not folded yet, and with `keepRows` also those that are. */
  _rows: Row[] = [];
  private _folded = 0; // rows at the front that are folded and only kept
  private _bytes = 0;
  private _log: Uint8Array[] = [];
  private _state: State | undefined;

  /**
   * `keepRows`: folded rows stay, so that they can move into local storage after consent.
   * `onDrop` is told how many events were dropped unfolded, or how many bytes of the log, because
   * 2 MB were full.
   */
  constructor(
    private readonly _keepRows: boolean,
    private readonly _onDrop: (events: number, log: number) => void,
  ) {}

  async append(rows: Row[]): Promise<void> {
    for (const row of rows) {
      this._rows.push(row);
      this._bytes += row.b.length;
    }
    while (this._bytes > MAX_BYTES) {
      const batch = this._log.shift();
      if (batch) {
        this._bytes -= batch.length;
        this._onDrop(0, batch.length);
        continue;
      }
      if (!this._folded) this._onDrop((this._rows[0] as Row).n, 0);
      this._shift(1);
    }
  }

  async fold(step: Step): Promise<number> {
    const rows = this._rows.slice(this._folded, this._folded + ROWS_PER_FOLD);
    const result = step(this._state, rows);
    if (result) {
      this._state = result.state;
      for (const batch of result.log) {
        this._log.push(batch);
        this._bytes += batch.length;
      }
      this._folded += rows.length;
      if (!this._keepRows) this._shift(this._folded);
    }
    return rows.length;
  }

  async read(): Promise<Content> {
    return { state: this._state, rows: this._rows.slice(this._folded), log: this._log };
  }

  async erase(): Promise<void> {
    this._shift(this._rows.length);
    this._log = [];
    this._bytes = 0;
    this._state = undefined;
  }

  close(): void {}

  private _shift(count: number): void {
    for (const row of this._rows.splice(0, count)) this._bytes -= row.b.length;
    this._folded = Math.max(0, this._folded - count);
  }
}
