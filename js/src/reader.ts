// SPDX-License-Identifier: MIT
// The half of the API that reads: folding what waits, the numbers, who watches them, and uploads.
// Comes with the core, as analysis.ts; the shell hands in what it needs under whole names.
import type { Analysis } from "./analysis.js";
import { readJournal } from "./contents.js";
import type { Folder } from "./fold.js";
import { idle } from "./idle.js";
import type { Journal } from "./rows.js";
import { noUpload, type SignalCost } from "./status.js";
import type {
  Cost,
  Grid,
  HeatmapQuery,
  InitOptions,
  Report,
  Stored,
  UploadStatus,
} from "./types.js";
import type { Uploads } from "./upload/uploads.js";

const WATCH_MS = 1000;

/** What reading needs from the shell. */
export interface ReaderHost {
  readonly options: InitOptions;
  /** Key of the document. */
  readonly document: number;
  /** Where the time of folding is booked. */
  readonly foldCost: SignalCost;
  /** Who is told of new numbers. */
  readonly listeners: ReadonlySet<(report: Report) => void>;
  /** False once the visitor has opted out. */
  isOn(): boolean;
  /** Whether what was measured may leave the browser. */
  mayUpload(): boolean;
  /** Route shown now. */
  page(): string;
  cost(): Cost;
  /** The journal that holds. */
  journal(): Promise<Journal>;
  /** Resolves when all events so far are in it. */
  flush(): Promise<void>;
  /** Holds it to its bounds. */
  trim(): void;
  /** So many events, of all tabs, were folded here. */
  folded(events: number): void;
  on(target: EventTarget, type: string, handle: (event: Event) => void): void;
  warn(sentence: string): void;
  /** The core cannot be trusted any more. */
  refuse(reason: string): void;
}

export interface Reader {
  /** Folds what is stored. `wait`: also when another tab is at it right now. */
  fold(wait: boolean): Promise<unknown>;
  /** There is a new listener. */
  watch(): void;
  /** Everything so far is being erased. */
  forget(): void;
  /** Tries an upload; a failure is only noted. */
  upload(): Promise<void>;
  /** True when this tab was the one that folded when it last tried. */
  leads(): boolean;
  uploadStatus(): UploadStatus;
  bytesSent(): number;

  // The methods of Insitu (types.ts) of these names.
  report(): Promise<Report>;
  partial(): Promise<string>;
  heatmap(query?: HeatmapQuery): Promise<Grid | null>;
  export(format: string): Promise<string>;
  stored(): Promise<Stored>;
}

export function createReader(analysis: Analysis, host: ReaderHost): Reader {
  const { options, listeners } = host;
  let isDead = false;
  let changed = true; // since listeners were told
  let isWatching = false;

  const folder: Folder = analysis.folder({
    document: host.document,
    cost: host.foldCost,
    folded: host.folded,
  });

  const fold = async (wait: boolean): Promise<Analysis> => {
    const journal = await host.journal();
    try {
      if (await folder.fold(journal, wait)) {
        changed = true;
        uploads?.wake();
      }
    } catch (failure) {
      // A trap; also that of a core without WebAssembly.
      isDead = (failure as Error)?.name === "RuntimeError";
      if (isDead) host.refuse(`The core stopped (${failure}).`);
      else host.warn(`Folding failed: ${failure}`);
      throw failure;
    } finally {
      // What could not be folded has to keep within bounds all the same.
      host.trim();
    }
    return analysis;
  };

  const uploads: Uploads | undefined =
    options.endpoint && host.isOn()
      ? analysis.uploads({
          endpoint: options.endpoint,
          site: options.site ?? "",
          transform: options.transformUpload,
          allowed: () => host.isOn() && host.mayUpload(),
          journal: host.journal,
          fold: () => fold(true),
          idle,
          on: host.on,
          warn: host.warn,
        })
      : undefined;

  // With everything so far folded.
  const upToDate = async (): Promise<Analysis> => {
    if (!host.isOn()) throw new Error("Insitu is off in this browser.");
    await host.flush();
    return fold(true);
  };
  const makeReport = (): Report => ({ ...(analysis.report() as Report), cost: host.cost() });

  const tell = () => {
    if (!changed) return;
    changed = false;
    const report = makeReport();
    for (const listener of listeners) {
      try {
        listener(report);
      } catch (failure) {
        host.warn(`A listener of on("report") threw: ${failure}`);
      }
    }
  };
  const watch = async () => {
    if (isWatching) return;
    isWatching = true;
    while (host.isOn() && listeners.size && !isDead) {
      // Nobody sees a hidden page; what others fold meanwhile comes with the first look.
      if (document.visibilityState === "visible") await fold(false).then(tell, () => {});
      await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    }
    isWatching = false;
  };

  return {
    fold,
    watch() {
      changed = true;
      void watch();
    },
    forget() {
      changed = true;
      uploads?.forget();
    },
    upload: async () => uploads?.flush(),
    leads: () => folder.leader,
    uploadStatus: () => uploads?.status() ?? noUpload(),
    bytesSent: () => uploads?.bytes() ?? 0,
    async report() {
      await upToDate();
      return makeReport();
    },
    partial: async () => (await upToDate()).partial(),
    heatmap: async (query = {}) =>
      (await upToDate()).heatmap(query.page ?? host.page(), query.kind, query.state) as Grid | null,
    async export(format) {
      if (format !== "ndjson") throw new Error('export: there is only "ndjson".');
      if (!options.keepLog) throw new Error("export: start with keepLog: true.");
      await upToDate();
      return analysis.ndjson((await readJournal(await host.journal())).log);
    },
    async stored() {
      if (host.isOn()) await host.flush();
      const journal = await host.journal();
      return analysis.stored(journal.kind, await readJournal(journal)) as Stored;
    },
  };
}
