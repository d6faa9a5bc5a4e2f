// SPDX-License-Identifier: MIT
// The journal of all tabs of a site, in IndexedDB. An event is safe when its transaction completes.
// What reads it comes with the core (contents.ts).
import { JOURNAL, type Journal, LOG, type Row, STATE } from "./rows.js";

const NAME = "insitu";
const VERSION = 1;
// What the browser adds to each row, and then some.
const ROW_BYTES = 256;
// A version change that another tab blocks, or an engine that never answers.
const OPEN_TIMEOUT_MS = 3000;

/** Resolves when this browser lets us keep a journal; rejects with the reason. */
export function openJournal(): Promise<Journal> {
  let current: IDBDatabase | undefined;

  const close = () => {
    if (current) current.close();
    current = undefined;
  };

  const open = (): Promise<Journal> =>
    new Promise((resolve, reject) => {
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
        db.onversionchange = db.onclose = close;
        current = db;
        resolve(journal);
      };
    });

  const run: Required<Journal>["run"] = async (stores, mode, work, durability = "relaxed") => {
    if (!current) await open();
    const db = current as IDBDatabase;
    return new Promise((resolve, reject) => {
      // "relaxed" survives a killed browser; only a power cut can take the last moments. Throws on a
      // connection that is closing; then the next call opens a new one.
      current = undefined;
      const transaction = db.transaction(stores, mode, { durability });
      current = db;
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
      transaction.onabort = () => reject(failure || transaction.error);
      attempt(() => work(transaction, attempt));
    });
  };

  const journal: Journal = {
    kind: "local",
    run,
    close,

    append([key, rows, again], done) {
      // Without reading first, so that a dying page needs only this one message to the browser.
      // Whether that is heard nobody knows: Chromium forgets a transaction, committed or not, that
      // waits for a lock or for its quota when the page is gone. So the next document appends it once
      // more.
      return run([JOURNAL, STATE], "readwrite", (transaction) => {
        const store = transaction.objectStore(JOURNAL);
        const states = transaction.objectStore(STATE);
        states.delete([done]);
        const first = states.add(0, [key]);
        for (const row of rows) store.put(row);
        const commit = () => transaction.commit?.();
        // Firefox lets nothing abort what is committed, not even a key that is there already.
        if (again) first.onsuccess = commit;
        else commit();
      });
    },

    async trim(bytes) {
      const lost: (Row | Uint8Array)[] = [];
      await run([JOURNAL, LOG], "readwrite", (transaction, attempt) => {
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
              room -= ROW_BYTES + ((value.b || value).length || 0);
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
    },
  };

  return open();
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
