// SPDX-License-Identifier: MIT
// Folding and reading what lies in a journal. Comes with the core, as analysis.ts.
import {
  type Content,
  JOURNAL,
  type Journal,
  LOG,
  type MemoryContent,
  type Row,
  STATE,
  type Step,
} from "./rows.js";

/** Rows that one fold takes at most, so that it stays a short task. */
export const ROWS_PER_FOLD = 200;

// After that nobody comes back to a tab and appends once more what he cannot know to be stored.
const KEY_MS = 7 * 24 * 3600_000;

const ALL = [JOURNAL, STATE, LOG];
const inMemory = (journal: Journal) => journal as unknown as MemoryContent;

/** Runs `step` over the state and the oldest rows, all or nothing. Gives how many rows it was shown. */
export async function foldJournal(journal: Journal, step: Step): Promise<number> {
  if (!journal.run) return foldMemory(inMemory(journal), step);
  let count = 0;
  await journal.run(ALL, "readwrite", (transaction, attempt) => {
    const waiting = transaction.objectStore(JOURNAL);
    const states = transaction.objectStore(STATE);
    const state = states.get(0);
    const rows = waiting.getAll(null, ROWS_PER_FOLD);
    // Requests are answered in order, so the state is there by now.
    rows.onsuccess = () =>
      attempt(() => {
        const read: Row[] = rows.result;
        const result = step(state.result, read);
        count = read.length;
        if (result) {
          const log = transaction.objectStore(LOG);
          for (const batch of result.log) log.add(batch);
          states.put(result.state, 0);
          states.delete(IDBKeyRange.bound([], [`${Date.now() - KEY_MS}`]));
          const last = read[count - 1];
          if (last) waiting.delete(IDBKeyRange.upperBound(last.k));
        }
        transaction.commit?.();
      });
  });
  return count;
}

function foldMemory(memory: MemoryContent, step: Step): number {
  const rows = memory.rows.slice(memory.folded, memory.folded + ROWS_PER_FOLD);
  const result = step(memory.state, rows);
  if (result) {
    memory.state = result.state;
    for (const batch of result.log) {
      memory.log.push(batch);
      memory.bytes += batch.length;
    }
    memory.folded += rows.length;
    if (!memory.keepRows) memory.shift(memory.folded);
  }
  return rows.length;
}

/** Everything that waits or is kept in a journal. */
export async function readJournal(journal: Journal): Promise<Content> {
  if (!journal.run) {
    const { state, rows, folded, log } = inMemory(journal);
    return { state, rows: rows.slice(folded), log };
  }
  let all: IDBRequest[] = [];
  await journal.run(ALL, "readonly", (transaction) => {
    const store = (name: string) => transaction.objectStore(name);
    all = [store(JOURNAL).getAll(), store(STATE).get(0), store(LOG).getAll()];
  });
  const [rows, state, log] = all.map(({ result }) => result) as [
    Row[],
    Content["state"],
    Uint8Array[],
  ];
  return { state, rows, log };
}
