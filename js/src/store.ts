// SPDX-License-Identifier: MIT
// Where events go: which journal holds, when it is appended to, and what happens when it fails.
import type { Capture } from "./capture.js";
import { eraseJournal, openJournal } from "./journal.js";
import { MemoryJournal } from "./memory_journal.js";
import type { Journal, Row } from "./rows.js";
import type { Books } from "./status.js";
import type { InitOptions } from "./types.js";

// With the time a transaction takes, an event is safe within 300 ms.
const APPEND_MS = 200;
// What the journal may grow to, before the documents that are open look again after TRIM_EVERY_BYTES
// each: together 5 MB, or one percent of what the site may store.
const MOST_BYTES = 4 << 20;
const TRIM_EVERY_BYTES = 256 << 10;
// When the disk is full.
const LEAST_BYTES = 256 << 10;

export class Store {
  _kind: "local" | "memory" | "opening" = "opening";
  /** Why it is not local. */
  _reason = "";
  /** True when what was measured may leave the browser. */
  _mayUpload = false;
  /** The journal that holds, once it does. */
  _ready!: Promise<Journal>;

  private _journal: Journal | undefined;
  private _hold!: (journal: Journal) => void; // resolves _ready
  private _waiting: Row[] = []; // taken from the buffer, no journal has them yet
  private _stored: Promise<unknown> = Promise.resolve(); // when all appends so far are done
  private _timer: ReturnType<typeof setTimeout> | 0 = 0;
  private _appending = false;
  private _failures = 0; // appends in a row
  private _growable = true; // memory until consent
  private _untrimmed = TRIM_EVERY_BYTES; // bytes written since the journal was last trimmed

  /** `onStored` is called after each append that is safe. */
  constructor(
    private readonly _capture: Capture,
    private readonly _books: Books,
    private readonly _onStored: () => void,
  ) {
    this._close();
    const append = _capture._listen._guard<void>(() => this._append(), "journal");
    const timed = () => {
      this._timer = 0;
      append();
    };
    _capture._append = _capture._listen._guard<void>(() => this._append(true), "journal");
    _capture._wake = () => {
      if (_capture._writer._isFull()) append();
      else this._timer ||= setTimeout(timed, APPEND_MS);
    };
  }

  /** Takes the journal that the options and the browser allow. */
  _start({ storage = "local", consent = "none" }: InitOptions): void {
    const { globalPrivacyControl, doNotTrack } = navigator as Navigator & {
      globalPrivacyControl?: boolean;
    };
    this._growable = storage === "local";
    const asked = globalPrivacyControl || doNotTrack === "1";
    // Unknown values count as the more private ones.
    if (!this._growable) void this._deny("The page has chosen memory.");
    else if (consent === "granted") this._useLocal();
    // What was agreed to on an earlier page stays until it is known that it holds no more.
    else if (consent !== "none") this._useMemory("Consent was not given yet.");
    else if (asked) void this._deny("The browser asks for privacy.");
    else this._useLocal();
    this._mayUpload = consent === "granted" || (consent === "none" && !asked);
  }

  /** The visitor has agreed: what waits in memory moves into local storage. */
  _allow(): void {
    const old = this._journal;
    this._mayUpload = true;
    if (!this._growable || !(old instanceof MemoryJournal)) return;
    this._close();
    this._useLocal(old);
  }

  /** Erases the store and goes on in memory. */
  async _deny(reason: string): Promise<void> {
    this._mayUpload = false;
    const done = this._drop();
    this._capture._tab._erase();
    this._useMemory(reason);
    await done;
  }

  /** Erases everything and goes on as before. */
  async _erase(): Promise<void> {
    const local = this._kind !== "memory";
    const { _tab } = this._capture;
    const done = this._drop();
    _tab._erase();
    await done;
    if (local) this._useLocal();
    else this._useMemory(this._reason);
  }

  /** Resolves when all events so far are in the journal. */
  async _flush(): Promise<void> {
    do {
      await this._ready;
      this._append();
      await this._stored;
    } while (this._waiting.length);
  }

  /**
   * Holds the journal to its bounds. Does nothing when little was written since it last did; rejects
   * where a journal does that by itself.
   */
  async _trim(most = MOST_BYTES): Promise<void> {
    const { _books } = this;
    if (this._untrimmed < TRIM_EVERY_BYTES) return;
    this._untrimmed = 0;
    let quota: number | undefined;
    try {
      ({ quota } = await navigator.storage.estimate());
    } catch {
      // Nobody knows.
    }
    const journal = this._journal as Required<Journal>;
    for (const each of await journal.trim(Math.min(most, (quota || Infinity) / 100))) {
      if (each instanceof Uint8Array) {
        _books._logDropped += each.length;
      } else {
        this._own([each]);
        _books._drop("journal_full", each.n);
      }
    }
  }

  // Before the journal is there events wait in the buffer, afterwards nothing does. `last`: if it is
  // not there yet, the next document of this tab has to store them.
  private _append(last?: boolean): void {
    const journal = this._journal;
    if (this._appending || !(journal || last)) return;
    const { _onTake, _tab, _writer } = this._capture;
    this._appending = true;
    try {
      for (const write of _onTake) write();
    } finally {
      this._appending = false;
    }
    const rows: Row[] = [];
    for (let row = _writer._take(); row; row = _writer._take()) rows.push(row);
    this._wait(rows);
    const waiting = this._waiting.splice(0);
    if (!waiting.length) return;
    if (journal) this._put(journal, waiting);
    else if (_tab._leaveRows(waiting)) this._count(waiting);
    else this._waiting = waiting;
  }

  // Rows that are safe now.
  private _count(rows: Row[]): void {
    for (const { n, b } of rows) {
      this._books._storing -= n;
      this._books._stored += n;
      this._books._bytesStored += b.length;
      this._untrimmed += b.length;
    }
  }

  // What a document of this tab could not store comes first.
  private _takeOver(): void {
    const rows = this._capture._tab._takeRows();
    this._own(rows);
    this._wait(rows);
  }

  // Those rows are ours to store, or to lose, whichever document has written them.
  private _own(rows: Row[]): void {
    for (const { d, n } of rows) {
      if (d === this._capture._document) this._books._stored -= n;
      else this._books._accepted += n;
    }
  }

  private _put(journal: Journal, rows: Row[]): void {
    const { _books } = this;
    const done = journal.append(rows).then(
      () => {
        this._failures = 0;
        this._count(rows);
        this._onStored();
      },
      (error) => {
        this._waiting.unshift(...rows);
        if (journal !== this._journal) return;
        // A connection may have been closed under our hands; a full disk stays full.
        if (++this._failures < 2) {
          const wake = () => this._capture._wake();
          if (!/^Quota/.test(error)) return wake();
          this._untrimmed = TRIM_EVERY_BYTES;
          return this._trim(LEAST_BYTES).then(wake, wake);
        }
        journal.close();
        this._growable = false;
        const reason = `IndexedDB has failed: ${error}`;
        _books._fail(reason);
        this._useMemory(reason);
      },
    );
    const before = this._stored;
    this._stored = done.then(() => before);
  }

  private _wait(rows: Row[]): void {
    for (const { n } of rows) this._books._storing += n;
    this._waiting.push(...rows);
  }

  // `old` is the journal in memory that moves.
  private _useLocal(old?: MemoryJournal): void {
    this._reason = "";
    const { _tab } = this._capture;
    // Synchronously, because the first page view must know what it replaces.
    _tab._enter(!old);
    openJournal().then(
      (journal) => {
        this._takeOver();
        const rows = old ? old.rows : [];
        for (const row of rows) this._books._stored -= row.n;
        this._wait(rows);
        this._use(journal);
      },
      (error) => {
        this._takeOver();
        _tab._erase();
        // For good: what was uploaded from memory must not be counted once more in a store.
        this._growable = false;
        this._reason = `IndexedDB cannot be used here: ${error}`;
        if (old) this._use(old);
        else this._useMemory(this._reason);
      },
    );
  }

  private _useMemory(reason: string): void {
    this._reason = reason;
    this._use(
      new MemoryJournal(this._growable, (events, log) => {
        this._books._stored -= events;
        this._books._drop("memory_full", events);
        this._books._logDropped += log;
      }),
    );
  }

  private _use(journal: Journal): void {
    this._journal = journal;
    this._kind = journal.kind;
    this._hold(journal);
    this._ready = Promise.resolve(journal);
    // Soon, not now: a page that is still being built has not its size yet.
    this._capture._wake();
  }

  // The journal does not hold any more; events wait until the next one does.
  private _close(): void {
    this._journal = undefined;
    this._kind = "opening";
    this._ready = new Promise((resolve) => {
      this._hold = resolve;
    });
  }

  // Forgets what waits, and erases what is stored. The promise is for the erasing alone.
  private async _drop(): Promise<void> {
    const { _books, _capture } = this;
    const journal = this._journal;
    this._close();
    let events = _capture._writer._clear();
    for (const { n } of this._waiting.splice(0)) {
      _books._storing -= n;
      events += n;
    }
    _books._drop("forgotten", events);
    await this._stored;
    if (journal) journal.close();
    // In memory mode too: what earlier documents have stored, before this one chose it.
    await eraseJournal();
  }
}
