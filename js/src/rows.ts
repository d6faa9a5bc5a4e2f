// SPDX-License-Identifier: MIT
// What lies in a journal, and what both kinds of journal can do.

/** One batch of one document, waiting to be folded. */
export interface Row {
  /** Key of the document that wrote it. */
  d: number;
  /** Number of events in it. */
  n: number;
  /** The batch (docs/wire-format.md). */
  b: Uint8Array;
  /** Place in the journal, given by it. */
  k?: number;
}

/**
 * Rows that are stored together: once, however often they are appended under their key. `again`: they
 * may have been.
 */
export type Append = [key: string, rows: Row[], again?: boolean];

/** What the folded rows have become. */
export interface State {
  /** Counts folds, so that a tab knows whether another one has folded since. */
  generation: number;
  /** Random key of this browser. Never leaves it; also tells one store from the next after an erase. */
  visitor: string;
  /** ms since 1970 when the visitor key was made. */
  created: number;
  /** KPI options that `bytes` were made with. */
  options: string;
  /** Saved state of the engine. */
  bytes: Uint8Array;
  /** How often the numbers have started again for this visitor. Absent: never. */
  restarts?: number;
  /** Without Web Locks: which document folds, and until when (ms since 1970). */
  leader?: number;
  until?: number;
}

/** Tells any two states of any two stores apart. */
export function nameOf(state: State): string {
  return `${state.visitor}:${state.generation}`;
}

/** What a fold leaves behind: the new state, and the final batches when the log is kept. */
export interface Folded {
  state: State;
  log: Uint8Array[];
}

/**
 * Folds rows into a state. Runs inside the journal's transaction, so it must not wait for anything.
 * undefined: nothing to do, leave everything as it is.
 */
export type Step = (state: State | undefined, rows: Row[]) => Folded | undefined;

/** Everything that is in a journal. */
export interface Content {
  state: State | undefined;
  /** Oldest first, as the log. */
  rows: Row[];
  /** Kept final batches. */
  log: Uint8Array[];
}

// Object stores of a local journal.
/** Rows, keyed in the order in which all tabs have written them. */
export const JOURNAL = "journal";
/** The state under key 0, the outbox (upload/box.ts), and the key of each append, as a list of one. */
export const STATE = "state";
/** Final batches, only with keepLog. */
export const LOG = "log";

/** Appending is the shell's; what reads comes with the core (contents.ts), so names are whole ones. */
export interface Journal {
  readonly kind: "local" | "memory";
  /**
   * Resolves when the rows are stored; rejects when they are not, with a ConstraintError where they
   * were stored before. Nobody will append under the key `done` any more. Starts before it returns.
   */
  append(append: Append, done: string): Promise<void>;
  /**
   * Makes room, so that at most `bytes` are left: the log gives way first, then the oldest rows. Gives
   * what is gone. Not where the journal keeps its bounds by itself.
   */
  trim?(bytes: number): Promise<(Row | Uint8Array)[]>;
  /** Lets go of the store; what is in memory is gone. */
  close(): void;
  /**
   * Runs `work` in a transaction over object stores and resolves when that has completed. What
   * happens later, in a request's callback, goes through `attempt`, so that it aborts and rejects
   * instead of escaping. There is none in memory.
   */
  run?(
    stores: string[],
    mode: IDBTransactionMode,
    work: (transaction: IDBTransaction, attempt: (step: () => void) => void) => void,
    durability?: IDBTransactionDurability,
  ): Promise<void>;
}

/** A journal in memory, open to who folds it. */
export interface MemoryContent extends Content {
  /** Rows at the front that are folded and only kept. */
  folded: number;
  /** Of rows and log together. */
  bytes: number;
  /** Whether folded rows stay. */
  readonly keepRows: boolean;
  /** Takes rows from the front. */
  shift(count: number): void;
}
