// SPDX-License-Identifier: MIT
// What one tab carries from document to document: which document came before, and running tasks.

import type { Row } from "./rows.js";

const KEY = "insitu";
const ROWS = "insitu.rows"; // of a document that was left before its journal had opened

/** Attempts at one task in this tab. */
export interface Attempt {
  /** Number of the latest one. */
  attempt: number;
  /** When it began, ms since 1970; 0 when it has ended. */
  startedAt: number;
}

interface Saved {
  doc: number;
  // True while the document is there. A duplicated tab or an opened window gets a copy of the
  // opener's sessionStorage: it finds the opener still alive, and so knows that it replaces nothing.
  live: boolean;
  tasks: [name: string, attempt: number, startedAt: number][];
}

/**
 * Without a store (memory mode) every document is a tab of its own; all access to it is tried, so that
 * none is like one that throws.
 */
export class Tab {
  /** Key of the document that this one has replaced last, 0 when there is none or nobody knows. */
  _previous = 0;
  _attempts = new Map<string, Attempt>();
  private _store: Storage | undefined;

  constructor(private readonly _document: number) {}

  /** Keeps state from now on. `after`: goes on with what the document before has left. */
  _enter(after: boolean): void {
    try {
      this._store = sessionStorage;
    } catch {
      return; // a sandbox: a tab of its own
    }
    const saved = after && this._read();
    if (saved && !saved.live) this._follow(saved);
    this._save();
  }

  /** The document is back from the back/forward cache; others have been here in between. */
  _resume(): void {
    const saved = this._read();
    // The other one may be told that it is left only after this one is told that it is back.
    if (saved) this._follow(saved);
    this._save();
  }

  /** The document is left. */
  _leave(): void {
    const saved = this._read();
    if (saved && saved.doc === this._document) this._save(false);
  }

  /** Writes everything down. */
  _save(live = true): void {
    const tasks = [...this._attempts].map(([name, a]) => [name, a.attempt, a.startedAt]);
    try {
      (this._store as Storage).setItem(KEY, JSON.stringify({ doc: this._document, live, tasks }));
    } catch {
      // Full or forbidden: the next document will take this for a new tab.
    }
  }

  /** Keeps rows for the next document of this tab, or this one; false when that is not possible. */
  _leaveRows(rows: Row[]): boolean {
    const all = [...this._takeRows(), ...rows];
    const texts = all.map(({ d, n, b }) => [d, n, String.fromCharCode(...b)]);
    try {
      (this._store as Storage).setItem(ROWS, JSON.stringify(texts));
      return true;
    } catch {
      return false;
    }
  }

  /** Takes what _leaveRows has kept. */
  _takeRows(): Row[] {
    try {
      const saved = (this._store as Storage).getItem(ROWS) || "[]";
      (this._store as Storage).removeItem(ROWS);
      return (JSON.parse(saved) as [number, number, string][]).map(([d, n, text]) => ({
        d,
        n: n >>> 0,
        b: Uint8Array.from(text, (char) => char.charCodeAt(0)),
      }));
    } catch {
      return []; // not ours, or damaged
    }
  }

  /** Forgets everything and keeps nothing any more. */
  _erase(): void {
    this._attempts.clear();
    try {
      // Also what an earlier document of this tab has left.
      const store = this._store || sessionStorage;
      for (const key of [KEY, ROWS]) store.removeItem(key);
    } catch {
      // No sessionStorage: nothing was kept.
    }
    this._store = undefined;
  }

  private _follow({ doc, tasks }: Saved): void {
    this._previous = doc === this._document ? 0 : doc;
    this._attempts = new Map(
      tasks.map(([name, attempt, startedAt]) => [name, { attempt, startedAt }]),
    );
  }

  private _read(): Saved | undefined {
    try {
      const saved = JSON.parse((this._store as Storage).getItem(KEY) as string) as Saved | null;
      if (saved && saved.doc > 0 && Array.isArray(saved.tasks)) return saved;
    } catch {
      // Not ours, or damaged.
    }
    return undefined;
  }
}
