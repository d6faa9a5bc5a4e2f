// SPDX-License-Identifier: MIT
// The journal of all tabs of a site, in IndexedDB. An event is safe when its transaction completes.
import {
  type Content,
  type Journal,
  ROWS_PER_FOLD,
  type Row,
  type State,
  type Step,
} from "./rows.js";

const NAME = "insitu";
const VERSION = 1;
const JOURNAL = "journal"; // rows, keyed in the order in which all tabs have written them
const STATE = "state"; // one row, key 0
const LOG = "log"; // final batches, only with keepLog
const ALL = [JOURNAL, STATE, LOG];
// What the browser adds to each row, and then some.
const ROW_BYTES = 256;
// A version change that another tab blocks, or an engine that never answers.
const OPEN_TIMEOUT_MS = 3000;

/** Resolves when this browser lets us keep a journal; rejects with the reason. */
export async function openJournal(): Promise<Journal> {
  const journal = new LocalJournal();
  await journal._open();
  return journal;
}

class LocalJournal implements Journal {
  readonly kind = "local";
  private _db: IDBDatabase | undefined;

  _open(): Promise<void> {
    return new Promise((resolve, reject) => {
      let late = false;
      const timeout = setTimeout(() => {
        late = true;
        reject(new Error("IndexedDB did not open in time"));
      }, OPEN_TIMEOUT_MS);
      // Reading the property throws in some sandboxes: the promise turns that into a rejection.
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => {
        const db = request.result;
        db.createObjectStore(JOURNAL, { keyPath: "k", autoIncrement: true });
        db.createObjectStore(STATE);
        db.createObjectStore(LOG, { autoIncrement: true });
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        clearTimeout(timeout);
        const db = request.result;
        if (late) return db.close();
        // Another tab erases or upgrades: step aside, the next append opens again.
        db.onversionchange = () => this.close();
        db.onclose = () => this.close();
        this._db = db;
        resolve();
      };
    });
  }

  append(rows: Row[]): Promise<void> {
    // Without reading first, so that a dying page needs only this one message to the browser.
    return this.run([JOURNAL], "readwrite", (transaction) => {
      const store = transaction.objectStore(JOURNAL);
      for (const row of rows) store.put(row);
      transaction.commit?.();
    });
  }

  async fold(step: Step): Promise<number> {
    let count = 0;
    await this.run(ALL, "readwrite", (transaction, attempt) => {
      const journal = transaction.objectStore(JOURNAL);
      const states = transaction.objectStore(STATE);
      const state = states.get(0);
      const rows = journal.getAll(null, ROWS_PER_FOLD);
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
            const last = read[count - 1];
            if (last) journal.delete(IDBKeyRange.upperBound(last.k));
          }
          transaction.commit?.();
        });
    });
    return count;
  }

  async read(): Promise<Content> {
    let all: IDBRequest[] = [];
    await this.run(ALL, "readonly", (transaction) => {
      const store = (name: string) => transaction.objectStore(name);
      all = [store(JOURNAL).getAll(), store(STATE).get(0), store(LOG).getAll()];
    });
    const [rows, state, log] = all.map(({ result }) => result) as [Row[], State, Uint8Array[]];
    return { state, rows, log };
  }

  async trim(bytes: number): Promise<(Row | Uint8Array)[]> {
    const lost: (Row | Uint8Array)[] = [];
    await this.run([JOURNAL, LOG], "readwrite", (transaction, attempt) => {
      let room = bytes;
      // From the newest back, and the journal before the log: what comes when there is no room left
      // is what gives way.
      const walk = (name: string) => {
        const request = transaction.objectStore(name).openCursor(null, "prev");
        request.onsuccess = () =>
          attempt(() => {
            const cursor = request.result;
            if (!cursor) return name === JOURNAL && walk(LOG);
            const { value } = cursor;
            room -= ROW_BYTES + ((value.b ?? value).length || 0);
            if (room < 0) {
              lost.push(value);
              cursor.delete();
            }
            cursor.continue();
          });
      };
      walk(JOURNAL);
    });
    return lost;
  }

  erase(): Promise<void> {
    this.close();
    return eraseJournal();
  }

  close(): void {
    this._db?.close();
    this._db = undefined;
  }

  async run(
    stores: string[],
    mode: IDBTransactionMode,
    work: (transaction: IDBTransaction, attempt: (step: () => void) => void) => void,
    durability: IDBTransactionDurability = "relaxed",
  ): Promise<void> {
    if (!this._db) await this._open();
    const db = this._db as IDBDatabase;
    return new Promise((resolve, reject) => {
      // "relaxed" survives a killed browser; only a power cut can take the last moments. Throws on a
      // connection that is closing; then the next call opens a new one.
      this._db = undefined;
      const transaction = db.transaction(stores, mode, { durability });
      this._db = db;
      let failure: unknown;
      const attempt = (step: () => void) => {
        try {
          step();
        } catch (error) {
          failure = error;
          try {
            transaction.abort();
          } catch {
            // It has ended already.
          }
        }
      };
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(failure ?? transaction.error);
      attempt(() => work(transaction, attempt));
    });
  }
}

/** Erases the store of this site, whether it is open or not; resolves also when that fails. */
export function eraseJournal(): Promise<void> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = request.onerror = () => resolve();
      // A tab that does not step aside cannot hold up the caller for ever.
      setTimeout(resolve, OPEN_TIMEOUT_MS);
    } catch {
      resolve();
    }
  });
}
