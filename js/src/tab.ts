// SPDX-License-Identifier: MIT
// What one tab carries from document to document: which document came before, and running tasks.

import type { Append } from "./rows.js";

const KEY = "insitu";
const ROWS = "insitu.rows"; // that were not known to be stored when their document was left

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
export interface Tab {
  /** Key of the document that this one has replaced last, 0 when there is none or nobody knows. */
  _previous: number;
  _attempts: Map<string, Attempt>;
  /** Keeps state from now on. `after`: goes on with what the document before has left. */
  _enter(after: boolean): void;
  /** The document is back from the back/forward cache; others have been here in between. */
  _resume(): void;
  /** The document is left. */
  _leave(): void;
  /** Writes everything down. */
  _save(live?: boolean): void;
  /** Keeps these, and only these, for the next document of this tab. */
  _leaveRows(appends: Append[]): void;
  /** What _leaveRows has kept. */
  _leftRows(): Append[];
  /** Forgets everything and keeps nothing any more. */
  _erase(): void;
}

export function createTab(document: number): Tab {
  let store: Storage | undefined;

  const follow = ({ doc, tasks }: Saved): void => {
    tab._previous = doc === document ? 0 : doc;
    tab._attempts = new Map(
      tasks.map(([name, attempt, startedAt]) => [name, { attempt, startedAt }]),
    );
  };

  const read = (): Saved | undefined => {
    try {
      const saved = JSON.parse((store as Storage).getItem(KEY) as string) as Saved | null;
      if (saved && saved.doc > 0 && Array.isArray(saved.tasks)) return saved;
    } catch {
      // Not ours, or damaged.
    }
    return undefined;
  };

  const tab: Tab = {
    _previous: 0,
    _attempts: new Map(),

    _enter(after) {
      try {
        store = sessionStorage;
      } catch {
        return; // a sandbox: a tab of its own
      }
      const saved = after && read();
      if (saved && !saved.live) follow(saved);
      tab._save();
    },

    _resume() {
      const saved = read();
      // The other one may be told that it is left only after this one is told that it is back.
      if (saved) follow(saved);
      tab._save();
    },

    _leave() {
      const saved = read();
      if (saved && saved.doc === document) tab._save(false);
    },

    _save(live = true) {
      const tasks = [...tab._attempts].map(([name, a]) => [name, a.attempt, a.startedAt]);
      try {
        (store as Storage).setItem(KEY, JSON.stringify({ doc: document, live, tasks }));
      } catch {
        // Full or forbidden: the next document will take this for a new tab.
      }
    },

    _leaveRows(appends) {
      for (const append of appends) append[2] = true;
      try {
        // Lists are half as long as what JSON makes of bytes by itself.
        const text = JSON.stringify(appends, (_, value) =>
          value instanceof Uint8Array ? [...value] : value,
        );
        if (appends.length) (store as Storage).setItem(ROWS, text);
        else (store as Storage).removeItem(ROWS);
      } catch {
        // Full or forbidden.
      }
    },

    _leftRows() {
      try {
        const left = JSON.parse((store as Storage).getItem(ROWS) || "[]") as Append[];
        return left.map(([key, rows]) => [
          `${key}`,
          rows.map(({ d, n, b }) => ({ d, n: n >>> 0, b: Uint8Array.from(b) })),
          true,
        ]);
      } catch {
        return []; // not ours, or damaged
      }
    },

    _erase() {
      tab._attempts.clear();
      try {
        // Also what an earlier document of this tab has left.
        for (const key of [KEY, ROWS]) (store || sessionStorage).removeItem(key);
      } catch {
        // No sessionStorage: nothing was kept.
      }
      store = undefined;
    },
  };
  return tab;
}
