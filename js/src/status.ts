// SPDX-License-Identifier: MIT
// The books: what became of every event, what that took, and the sentences for whoever asks why.
import type { Reader } from "./reader.js";
import type { Cost, InitOptions, Status, UploadStatus } from "./types.js";

declare const INSITU_VERSION: string;
export const VERSION = typeof INSITU_VERSION === "string" ? INSITU_VERSION : "dev";

const MAX_WARNINGS = 20;

/** What is wrong with a call of these arguments. */
export type Explain = (call: string, args: readonly unknown[]) => string[];
/** A sentence, or a call with a wrong argument: what is wrong is said by who comes with the core. */
type Warning = string | readonly [call: string, args: readonly unknown[]];

/** Own time of one signal. */
export interface SignalCost {
  ms: number;
  calls: number;
}

/** Nothing is uploaded. */
export const noUpload = (): UploadStatus => ({
  state: "off",
  pending: 0,
  sent: 0,
  refused: 0,
  lastError: "",
  nextTryMs: 0,
});

export interface Books {
  _accepted: number;
  _stored: number;
  _folded: number;
  /** Handed to the journal, not acknowledged yet. */
  _storing: number;
  _bytesStored: number;
  /** Bytes of the log that had to make room. */
  _logDropped: number;
  readonly _dropped: Record<string, number>;
  /** By signal. */
  readonly _costs: Record<string, SignalCost>;
  /** Who reads, once the core is there. */
  _reader: Pick<Reader, "bytesSent" | "leads" | "uploadStatus">;
  /** Until the core is there, which brings the sentences that say more (explain.ts). */
  _explain: Explain;
  /** `events` accepted ones are gone, and why. */
  _drop(reason: string, events: number): void;
  /** A thing the site's developer should know. */
  _warn(warning: Warning): void;
  /** Something of ours failed. */
  _fail(sentence: string): void;
  _cost(): Cost;
  /** `waiting` events are in the buffer. */
  _status(
    mode: Status["mode"],
    site: string,
    store: { readonly _kind: Status["storage"]; readonly _reason: string },
    core: { readonly _state: Status["core"]["state"]; readonly _reason: string },
    waiting: number,
  ): Status;
}

export function createBooks({ debug, onError }: Pick<InitOptions, "debug" | "onError">): Books {
  const warnings: Warning[] = [];

  const say = (warning: Warning) =>
    typeof warning === "string" ? [warning] : books._explain(...warning);

  const books: Books = {
    _accepted: 0,
    _stored: 0,
    _folded: 0,
    _storing: 0,
    _bytesStored: 0,
    _logDropped: 0,
    _dropped: {},
    _costs: {},
    _reader: { bytesSent: () => 0, leads: () => false, uploadStatus: noUpload },
    _explain: (call) => [
      `${call}: an argument is wrong; status().warnings says which once the core is there.`,
    ],
    _drop(reason, events) {
      if (events) books._dropped[reason] = (books._dropped[reason] || 0) + events;
    },
    _warn(warning) {
      warnings.push(warning);
      if (warnings.length > MAX_WARNINGS) warnings.shift();
      if (debug) for (const sentence of say(warning)) console.warn(`insitu: ${sentence}`);
    },
    _fail(sentence) {
      books._warn(sentence);
      try {
        if (onError) onError(sentence);
      } catch {
        // The page's own callback; its failure is not ours to report.
      }
    },
    _cost() {
      const perSignal: Cost["perSignal"] = {};
      let handlersMs = 0;
      let events = 0;
      for (const [name, { ms, calls }] of Object.entries(books._costs)) {
        perSignal[name] = { ms, calls };
        if (name === "fold" || name === "journal") continue;
        handlersMs += ms;
        events += calls;
      }
      const bytesSent = books._reader.bytesSent();
      return { handlersMs, events, perSignal, bytesStored: books._bytesStored, bytesSent };
    },
    _status(mode, site, store, core, waiting) {
      const cost = books._cost();
      return {
        version: VERSION,
        site,
        mode,
        storage: store._kind,
        storageReason: store._reason,
        core: { state: core._state, reason: core._reason },
        events: {
          accepted: books._accepted,
          stored: books._stored,
          folded: books._folded,
          inFlight: waiting + books._storing,
          dropped: { ...books._dropped },
        },
        bytes: { stored: books._bytesStored, sent: cost.bytesSent, logDropped: books._logDropped },
        upload: books._reader.uploadStatus(),
        cost,
        leader: books._reader.leads(),
        // The latest ones.
        warnings: ([] as string[]).concat(...warnings.map(say)).slice(-MAX_WARNINGS),
      };
    },
  };
  return books;
}
