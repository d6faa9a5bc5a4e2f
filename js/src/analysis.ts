// SPDX-License-Identifier: MIT
// What can be asked of a loaded core: folding rows into a state, and the numbers. Only needed after
// the core is there, so nothing here may be needed by capture, and names across this line are whole
// ones (no leading _): the two sides may be bundled apart.

import { canonical } from "./canonical.js";
import type { CoreModule } from "./core_module.js";
import { createFolder, type Folder, type FoldHost } from "./fold.js";
import { randomKey } from "./random.js";
import { createReader, type Reader, type ReaderHost } from "./reader.js";
import { type Content, type Folded, nameOf, type Row, type State } from "./rows.js";
import { setOption } from "./set_option.js";
import type { HeatKind, KpiOption } from "./types.js";
import { unpack } from "./unpack.js";
import { createUploads, type UploadHost, type Uploads } from "./upload/uploads.js";

export interface AnalysisSetup {
  options: Readonly<Record<string, KpiOption>>;
  keepLog: boolean;
  warn: (sentence: string) => void;
}

export interface Analysis {
  /** Which state the engine is at; changes whenever the engine does. */
  at(): string | undefined;
  /** Folds rows into a state; for Journal.fold. The engine is at the new state afterwards. */
  step(state: State | undefined, rows: Row[]): Folded | undefined;
  /** The engine may not be where the store is: the next step restores it. */
  lost(): void;
  report(): unknown;
  /** The sums as canonical JSON (KPI specification 4). */
  partial(): string;
  /** null for an unknown page. */
  heatmap(page: string, kind?: HeatKind, state?: string): unknown;
  /** The events of final batches, one JSON object per line. */
  ndjson(batches: readonly Uint8Array[]): string;
  /** `content` of a journal of that kind as a Stored (types.ts). The engine stays where it is. */
  stored(storage: string, content: Content): unknown;
  /** Folds journals, one after the other. */
  folder(host: FoldHost): Folder;
  /** Starts to upload, until the document is gone. */
  uploads(host: UploadHost): Uploads;
  /** The half of the API that reads. */
  reader(host: ReaderHost): Reader;
}

type Event = Record<string, unknown>;

// In the order of HeatKind in src/report/report.h.
const KINDS: readonly HeatKind[] = [
  "click",
  "first_click",
  "rage",
  "dead",
  "error",
  "dwell",
  "attention",
  "scroll_reach",
];

// A batch with local numbers has no context record (docs/wire-format.md), and without one nothing in
// it can be read: this puts one before its records that names any word as its visitor.
function withContext(batch: Uint8Array): Uint8Array {
  const CONTEXT_BYTES = 24;
  const head = batch.length >= 8 ? (batch[6] as number) * 8 : 0;
  if (head < 32 || batch.length < head) return batch;
  const bytes = new Uint8Array(batch.length + CONTEXT_BYTES);
  bytes.set(batch.subarray(0, head));
  bytes.set(batch.subarray(head), head + CONTEXT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, view.getUint32(8, true) + CONTEXT_BYTES, true);
  view.setUint32(12, view.getUint32(12, true) + 1, true);
  view.setUint32(head, 2 | ((CONTEXT_BYTES / 8) << 16), true);
  view.setUint32(head + 4, 1, true);
  view.setUint32(head + 16, 1, true);
  return bytes;
}

const sizeOf = (list: readonly { length: number }[]) => list.reduce((sum, b) => sum + b.length, 0);

export function createAnalysis(core: CoreModule, setup: AnalysisSetup): Analysis {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  // Whatever the order in which they were written.
  const optionsText = JSON.stringify(Object.entries(setup.options).sort());
  // "" is the empty engine, undefined an unknown one.
  let at: string | undefined = "";

  // Copies bytes into the transfer buffer; a status.
  const put = (bytes: Uint8Array): number => {
    const status = bytes.length > core.capacity() ? core.reserve(bytes.length) : 0;
    // The view is read after reserve: should memory ever move, the old one would be detached.
    if (!status) core.HEAPU8.set(bytes, core.buffer());
    return status;
  };
  const putText = (text: string): number => {
    const bytes = encoder.encode(text);
    if (put(bytes)) throw new RangeError("The text is too long for the core.");
    return bytes.length;
  };
  const bytesOf = (length: number): Uint8Array => {
    const start = core.output();
    return core.HEAPU8.slice(start, start + length);
  };
  const unpacked = (length: number): unknown => {
    const start = core.output() / 8;
    const pool = core.outputText();
    const text = decoder.decode(core.HEAPU8.subarray(pool, pool + core.outputTextBytes()));
    return unpack(core.HEAPF64.subarray(start, start + length), text.split("\0"));
  };
  const sentence = (status: number) => (status ? String(unpacked(core.message(status))) : "");

  const configure = () => {
    for (const [name, value] of Object.entries({ heat_kinds: true, ...setup.options })) {
      const status = setOption(core, put, name, value);
      if (status) setup.warn(`KPI option ${name}: ${sentence(status)}`);
    }
    core.keepFinal(+setup.keepLog);
  };

  // False: the saved numbers are refused, and start again.
  const resume = (state: State): boolean => {
    core.reset();
    core.identify(putText(state.visitor));
    if (!state.bytes.length) return true;
    const refusal = sentence(put(state.bytes) || core.restore(state.bytes.length));
    if (!refusal) return true;
    setup.warn(
      state.options === optionsText
        ? `The saved numbers cannot be read and start again: ${refusal}`
        : "The KPI options have changed, so the numbers start again.",
    );
    return false;
  };

  const ingest = (row: Row, log: Uint8Array[]) => {
    const refusal =
      row.b instanceof Uint8Array
        ? sentence(put(row.b) || core.ingest(row.b.length))
        : "it is no batch";
    if (refusal) return setup.warn(`A batch of ${row.n} events was refused: ${refusal}`);
    const final = setup.keepLog ? bytesOf(core.normalised()) : [];
    if (final.length) log.push(final as Uint8Array);
  };

  const step = (state: State | undefined, rows: Row[]): Folded | undefined => {
    if (!state && !rows.length) {
      if (at !== "") core.reset();
      at = "";
      return undefined;
    }
    const from = state ?? {
      generation: 0,
      visitor: randomKey(),
      created: Date.now(),
      options: optionsText,
      bytes: new Uint8Array(),
    };
    const again = (!state || at !== nameOf(state)) && !resume(from);
    at = nameOf(from);
    if (!rows.length && !again) return undefined;
    const log: Uint8Array[] = [];
    for (const row of rows) ingest(row, log);
    const folded = {
      ...from,
      restarts: (from.restarts ?? 0) + Number(again),
      generation: from.generation + 1,
      options: optionsText,
      bytes: bytesOf(core.save()),
    };
    at = nameOf(folded);
    return { state: folded, log };
  };

  const eventsOf = (batches: readonly Uint8Array[]): Event[] =>
    // Not flatMap(), which browsers before 2019 have not.
    ([] as Event[]).concat(
      ...batches.map((batch) =>
        put(batch) ? [] : (unpacked(core.events(batch.length)) as Event[]),
      ),
    );
  const partial = (): string => {
    const { options, ...rest } = unpacked(core.partial()) as { options: unknown };
    return canonical({ ...rest, options: canonical(options) }, true);
  };
  // The sums of any state. Whoever reads numbers at the same time still finds the engine as it was.
  const sumsOf = (state: State): unknown => {
    if (at === nameOf(state)) return JSON.parse(partial());
    const now = bytesOf(core.save());
    resume(state);
    const sums = JSON.parse(partial());
    core.reset();
    if (put(now) || core.restore(now.length)) at = undefined;
    return sums;
  };

  configure();
  const engine = {
    at: () => at,
    step,
    lost() {
      at = undefined;
    },
  };
  const analysis: Analysis = {
    ...engine,
    folder: (host) => createFolder(engine, host),
    report: () => unpacked(core.report(1)),
    partial,
    heatmap(page, kind = "click", state) {
      const number = KINDS.indexOf(kind);
      if (number < 0) throw new RangeError(`heatmap: kind is one of ${KINDS.join(", ")}.`);
      const bytes = putText(page + (state ?? ""));
      const pageBytes = encoder.encode(page).length;
      return unpacked(core.heatmap(pageBytes, number, +(state !== undefined), bytes));
    },
    ndjson: (batches) =>
      eventsOf(batches)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(""),
    stored(storage, { state, rows, log }) {
      const batches = rows.map(({ b }) => b).filter((b) => b instanceof Uint8Array);
      return {
        storage,
        visitor: state
          ? { key: state.visitor, created: new Date(state.created).toISOString() }
          : null,
        // Their numbers are given when they are folded.
        waiting: eventsOf(batches.map(withContext)).map(
          ({ visitor, session, seq, ...event }) => event,
        ),
        log: eventsOf(log),
        sums: state ? sumsOf(state) : null,
        bytes: {
          waiting: sizeOf(batches),
          log: sizeOf(log),
          sums: state ? state.bytes.length : 0,
        },
      };
    },
    uploads: (host) => createUploads(host),
    reader: (host) => createReader(analysis, host),
  };
  return analysis;
}
