// SPDX-License-Identifier: MIT
// The books: what became of every event, and the sentences for whoever asks why.

const MAX_WARNINGS = 20;

/** What is wrong with a call of these arguments. */
export type Explain = (call: string, args: readonly unknown[]) => string[];
/** A sentence, or a call with a wrong argument: what is wrong is said by who comes with the core. */
type Warning = string | readonly [call: string, args: readonly unknown[]];

export class Books {
  _accepted = 0;
  _stored = 0;
  _folded = 0;
  _storing = 0; // handed to the journal, not acknowledged yet
  _bytesStored = 0;
  _logDropped = 0; // bytes of the log that had to make room
  readonly _dropped: Record<string, number> = {};
  /** Until the core is there, which brings the sentences that say more (explain.ts). */
  _explain: Explain = (call) => [
    `${call}: an argument is wrong; status().warnings says which once the core is there.`,
  ];
  private readonly _warnings: Warning[] = [];

  constructor(
    private readonly _debug: unknown,
    private readonly _onError: ((reason: string) => void) | undefined,
  ) {}

  /** `events` accepted ones are gone, and why. */
  _drop(reason: string, events: number): void {
    if (events) this._dropped[reason] = (this._dropped[reason] || 0) + events;
  }

  /** A thing the site's developer should know. */
  _warn(warning: Warning): void {
    this._warnings.push(warning);
    if (this._warnings.length > MAX_WARNINGS) this._warnings.shift();
    if (this._debug) for (const sentence of this._say(warning)) console.warn(`insitu: ${sentence}`);
  }

  /** The latest warnings. */
  _sentences(): string[] {
    return ([] as string[])
      .concat(...this._warnings.map((warning) => this._say(warning)))
      .slice(-MAX_WARNINGS);
  }

  private _say(warning: Warning): string[] {
    return typeof warning === "string" ? [warning] : this._explain(...warning);
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
