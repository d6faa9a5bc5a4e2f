// SPDX-License-Identifier: MIT
// Types of the core as Emscripten's loader gives it: the table of src/bindings/embind.cpp and the
// views on its memory. Only numbers cross; text goes in as UTF-8 at buffer(). Calls that produce
// something leave it at output() until the next call. Statuses are those of src/base/status.h, 0 is
// fine. A contract test holds this list to the types Emscripten emits.

import type { Analysis, AnalysisSetup } from "./analysis.js";

export interface CoreModule {
  /** Memory; it never grows, so views never detach. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPF64: Float64Array;
  /** Address of the transfer buffer, and its size in bytes: 65536 or more. */
  buffer(): number;
  capacity(): number;
  /** Makes the buffer at least `bytes` large; a status. */
  reserve(bytes: number): number;
  /** Address of the latest result; address and bytes of the text pool of a packed one. */
  output(): number;
  outputText(): number;
  outputTextBytes(): number;
  /** Sets the option whose name is at buffer(); booleans are 0 and 1, null is NaN. Starts anew. */
  setNumber(nameBytes: number, value: number): number;
  /** The same with a text that follows the name; a list has each item ended by U+001F. */
  setText(nameBytes: number, bytes: number): number;
  /**
   * The same with a list of doubles, which follow the name in the next 8 bytes that are aligned. The
   * name of a table is followed by U+001F and its keys, each of them ended by U+001F; the doubles
   * are those of its lists.
   */
  setNumbers(nameBytes: number, count: number): number;
  /** Visitor key of batches with local numbers. */
  identify(bytes: number): void;
  /** Whether normalised() will be asked for: 0 or 1. */
  keepFinal(keep: number): void;
  /** Folds the batch at buffer(); a status. */
  ingest(bytes: number): number;
  /** Bytes of the last batch with final numbers; 0 when it held no event. */
  normalised(): number;
  /** Doubles of the packed report, with heatmaps (1) or without (0). */
  report(withHeatmaps: number): number;
  /** Doubles of the packed object of version, options and sections of a partial. */
  partial(): number;
  /** Doubles of the packed click grid of the page whose name is at buffer(), or of null. */
  heatmap(pageBytes: number, kind: number, withState: number, bytes: number): number;
  /** Doubles of the packed list of events of the final batch at buffer(). */
  events(bytes: number): number;
  /** Doubles of the packed sentence of a status. */
  message(status: number): number;
  /** Bytes of the state. */
  save(): number;
  /** Replaces the state by the one at buffer(); a status. */
  restore(bytes: number): number;
  /** Forgets all events; options, visitor and keepFinal stay. */
  reset(): void;
}

/** A web vital: LCP, INP, FCP and TTFB in ms, CLS without unit. */
export interface Vital {
  name: string;
  value: number;
}

/** What insitu.core.js and .mjs hand out. */
export interface CoreFactory {
  /** Makes a fresh instance, from the bytes in `wasmBinary` instead of its own if they are given. */
  (overrides?: { wasmBinary?: Uint8Array }): Promise<CoreModule>;
  /** The half of the shell that nobody needs before there is a core (analysis.ts). */
  analyse(core: CoreModule, setup: AnalysisSetup): Analysis;
  /** What is wrong with a call of the API (explain.ts). */
  explain(call: string, args: readonly unknown[]): string[];
  /**
   * Measures web vitals from now on (vitals.ts). Only where there is a page, and once. Gives what is
   * to be called when the page is hidden.
   */
  vitals(report: (vital: Vital) => void): () => void;
  /** Fingerprint of an element and what is open over the page, or nothing (anchor.ts). */
  describe(element: Element): readonly string[];
}

/**
 * Gets the factory, from beside our own script or from where the site says; `asScript`: of the core
 * without WebAssembly, whose file lies beside the other and is called the same but for "-nowasm".
 */
export type CoreLoader = (
  where: string | URL | undefined,
  asScript: boolean,
) => Promise<CoreFactory>;
