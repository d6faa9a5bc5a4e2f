// SPDX-License-Identifier: MIT
// Where events go: which journal holds, when it is appended to, and what happens when it fails.
import type { Capture } from "./capture.js";
import { eraseJournal, openJournal } from "./journal.js";
import { MemoryJournal } from "./memory_journal.js";
import type { Append, Journal, Row } from "./rows.js";
import type { InitOptions } from "./types.js";

// With the time a transaction takes, an event is safe within 300 ms.
const APPEND_MS = 200;
// What the journal may grow to, before the documents that are open look again after TRIM_EVERY_BYTES
// each: together 5 MB, or one percent of what the site may store.
const MOST_BYTES = 4 << 20;
const TRIM_EVERY_BYTES = 256 << 10;
// When the disk is full.
const LEAST_BYTES = 256 << 10;

// Later ones are greater (contents.ts).
const newKey = () => `${Date.now()} ${Math.random()}`;

export interface Store {
  _kind: "local" | "memory" | "opening";
  /** Why it is not local. */
  _reason: string;
  /** True when what was measured may leave the browser. */
  _mayUpload: boolean;
  /** The journal that holds, once it does. */
  _ready: Promise<Journal>;

  /** Takes the journal that the options and the browser allow. */
  _start(options: InitOptions): void;
  /** The visitor has agreed: what waits in memory moves into local storage. */
  _allow(): void;
  /** Erases the store and goes on in memory. */
  _deny(reason: string): Promise<void>;
  /** Erases everything and goes on as before. */
  _erase(): Promise<void>;
  /** Resolves when all events so far are in the journal. */
  _flush(): Promise<void>;
  /**
   * Holds the journal to its bounds. Does nothing when little was written since it last did; rejects
   * where a journal does that by itself.
   */
  _trim(most?: number): Promise<void>;
}

/** `onStored` is called after each append that is safe. */
export function createStore(capture: Capture, onStored: () => void): Store {
  const { _books, _listen, _onTake, _tab, _writer } = capture;
  let current: Journal | undefined;
  let hold: (journal: Journal) => void; // resolves _ready
  let waiting: Append[] = []; // taken from the buffer, no journal has them yet
  const flying = new Set<Append>(); // handed to the journal, not acknowledged yet
  let latest = ""; // key of the latest append that is safe and that was left to nobody
  let stored: Promise<unknown> = Promise.resolve(); // when all appends so far are done
  let timer: ReturnType<typeof setTimeout> | 0 = 0;
  let appending = false;
  let failures = 0; // appends in a row
  let growable = true; // memory until consent
  let untrimmed = TRIM_EVERY_BYTES; // bytes written since the journal was last trimmed

  // The journal does not hold any more; events wait until the next one does.
  const close = () => {
    current = undefined;
    store._kind = "opening";
    store._ready = new Promise((resolve) => {
      hold = resolve;
    });
  };

  const use = (journal: Journal) => {
    current = journal;
    store._kind = journal.kind;
    hold(journal);
    store._ready = Promise.resolve(journal);
    // Soon, not now: a page that is still being built has not its size yet.
    capture._wake();
  };

  const useMemory = (reason: string) => {
    store._reason = reason;
    use(
      new MemoryJournal(growable, (events, log) => {
        _books._stored -= events;
        _books._drop("memory_full", events);
        _books._logDropped += log;
      }),
    );
  };

  // Those rows are ours to store, or to lose, whichever document has written them; with -1 not any
  // more.
  const own = (rows: Row[], sign = 1) => {
    for (const { d, n } of rows) {
      _books._storing += sign * n;
      if (d === capture._document) _books._stored -= sign * n;
      else _books._accepted += sign * n;
    }
  };

  const put = (journal: Journal, append: Append) => {
    const [key, rows] = append;
    flying.add(append);
    const settle = () => {
      flying.delete(append);
      if (!flying.size) _tab._leaveRows([]);
    };
    const done = journal.append(append, latest).then(
      () => {
        settle();
        // Another document may still append what was left to it.
        if (!append[2]) latest = key;
        failures = 0;
        for (const { n, b } of rows) {
          _books._storing -= n;
          _books._stored += n;
          _books._bytesStored += b.length;
          untrimmed += b.length;
        }
        onStored();
      },
      (error) => {
        // Stored before, by a document that did not live to see it.
        if (/^Constraint/.test(error)) {
          settle();
          return own(rows, -1);
        }
        // It stays left to the next document. With others that have failed before it.
        flying.delete(append);
        if (waiting.push(append) > 1 || journal !== current) return;
        // A connection may have been closed under our hands; a full disk stays full.
        if (++failures < 2) {
          const wake = () => capture._wake();
          if (!/^Quota/.test(error)) return wake();
          untrimmed = TRIM_EVERY_BYTES;
          return store._trim(LEAST_BYTES).then(wake, wake);
        }
        journal.close();
        growable = false;
        const reason = `IndexedDB has failed: ${error}`;
        _books._fail(reason);
        useMemory(reason);
      },
    );
    const before = stored;
    stored = done.then(() => before);
  };

  // `last`: what comes again has to wait for an answer before it can be committed, and would hold up
  // what is new.
  const send = (journal: Journal, last?: boolean) => {
    waiting = waiting.filter((append) => (last && append[2]) || put(journal, append));
  };

  // Before the journal is there events wait in the buffer, afterwards nothing does. `last`: what is not
  // safe by now the next document of this tab has to store.
  const append = (last?: boolean, late?: boolean) => {
    if (appending || !(current || last)) return;
    appending = true;
    try {
      for (const write of _onTake) write();
    } finally {
      appending = false;
    }
    const rows: Row[] = [];
    for (let row = _writer._take(); row; row = _writer._take()) rows.push(row);
    for (const { n } of rows) _books._storing += n;
    if (rows.length) waiting.push([newKey(), rows]);
    if (current && !late) send(current, last);
    if (last) _tab._leaveRows([...flying, ...waiting]);
  };

  // `old` is the journal in memory that moves.
  const useLocal = (old?: MemoryJournal) => {
    store._reason = "";
    // Synchronously, because the first page view must know what it replaces.
    _tab._enter(!old);
    // What documents of this tab have left comes first.
    capture._takeOver();
    openJournal().then(
      (journal) => {
        if (old) {
          own(old.rows);
          waiting.push([newKey(), old.rows]);
        }
        send(journal);
        use(journal);
      },
      (error) => {
        _tab._erase();
        // For good: what was uploaded from memory must not be counted once more in a store.
        growable = false;
        store._reason = `IndexedDB cannot be used here: ${error}`;
        if (old) use(old);
        else useMemory(store._reason);
      },
    );
  };

  // Forgets what waits, and erases what is stored. The promise is for the erasing alone.
  const drop = async () => {
    const journal = current;
    close();
    let events = _writer._clear();
    for (const [, rows] of waiting.splice(0)) {
      for (const { n } of rows) {
        _books._storing -= n;
        events += n;
      }
    }
    _books._drop("forgotten", events);
    await stored;
    if (journal) journal.close();
    // In memory mode too: what earlier documents have stored, before this one chose it.
    await eraseJournal();
  };

  const store = {
    _reason: "",
    _mayUpload: false,

    _start({ storage = "local", consent = "none" }) {
      const { globalPrivacyControl, doNotTrack } = navigator as Navigator & {
        globalPrivacyControl?: boolean;
      };
      growable = storage === "local";
      const asked = globalPrivacyControl || doNotTrack === "1";
      // Unknown values count as the more private ones.
      if (!growable) void store._deny("The page has chosen memory.");
      else if (consent === "granted") useLocal();
      // What was agreed to on an earlier page stays until it is known that it holds no more.
      else if (consent !== "none") useMemory("Consent was not given yet.");
      else if (asked) void store._deny("The browser asks for privacy.");
      else useLocal();
      store._mayUpload = consent === "granted" || (consent === "none" && !asked);
    },

    _allow() {
      const old = current;
      store._mayUpload = true;
      if (!growable || !(old instanceof MemoryJournal)) return;
      close();
      useLocal(old);
    },

    async _deny(reason) {
      store._mayUpload = false;
      const done = drop();
      _tab._erase();
      useMemory(reason);
      await done;
    },

    async _erase() {
      const local = store._kind !== "memory";
      const done = drop();
      _tab._erase();
      await done;
      if (local) useLocal();
      else useMemory(store._reason);
    },

    async _flush() {
      do {
        await store._ready;
        append();
        await stored;
      } while (waiting.length);
    },

    async _trim(most = MOST_BYTES) {
      if (untrimmed < TRIM_EVERY_BYTES) return;
      untrimmed = 0;
      let quota: number | undefined;
      try {
        ({ quota } = await navigator.storage.estimate());
      } catch {
        // Nobody knows.
      }
      const journal = current as Required<Journal>;
      for (const each of await journal.trim(Math.min(most, (quota || Infinity) / 100))) {
        if (each instanceof Uint8Array) {
          _books._logDropped += each.length;
        } else {
          own([each]);
          _books._storing -= each.n;
          _books._drop("journal_full", each.n);
        }
      }
    },
  } as Store;

  close();
  const guarded = _listen._guard<void>(() => append(), "journal");
  const timed = () => {
    timer = 0;
    guarded();
  };
  capture._append = _listen._guard((late) => append(true, late), "journal");
  capture._takeOver = () => {
    for (const left of _tab._leftRows()) {
      own(left[1]);
      waiting.push(left);
    }
  };
  capture._wake = () => {
    if (_writer._isFull()) guarded();
    else if (!timer) timer = setTimeout(timed, APPEND_MS);
  };
  return store;
}
