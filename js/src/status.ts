// SPDX-License-Identifier: MIT
// The books: what became of every event, and the sentences for whoever asks why.

const MAX_WARNINGS = 20;

export class Books {
  _accepted = 0;
  _stored = 0;
  _folded = 0;
  _storing = 0; // handed to the journal, not acknowledged yet
  _bytesStored = 0;
  _logDropped = 0; // bytes of the log that had to make room
  readonly _dropped: Record<string, number> = {};
  readonly _warnings: string[] = [];

  constructor(
    private readonly _debug: boolean,
    private readonly _onError: ((reason: string) => void) | undefined,
  ) {}

  /** `events` accepted ones are gone, and why. */
  _drop(reason: string, events: number): void {
    if (events) this._dropped[reason] = (this._dropped[reason] ?? 0) + events;
  }

  /** A wrong argument or another thing the site's developer should know. */
  _warn(sentence: string): void {
    this._warnings.push(sentence);
    if (this._warnings.length > MAX_WARNINGS) this._warnings.shift();
    if (this._debug) console.warn(`insitu: ${sentence}`);
  }

  /** Something of ours failed. */
  _fail(sentence: string): void {
    this._warn(sentence);
    try {
      this._onError?.(sentence);
    } catch {
      // The page's own callback; its failure is not ours to report.
    }
  }
}
