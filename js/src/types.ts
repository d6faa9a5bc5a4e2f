// SPDX-License-Identifier: MIT
// The public types: what a page hands to Insitu and what it gets back.

/** A step of the funnel: a page view of a route, or a goal. */
export type FunnelStep = { readonly page: string } | { readonly goal: string };

/**
 * A value of a KPI option: a number, a text, a switch, null for "no limit", a list of numbers, of
 * texts or of funnel steps, or a table of lists of equal length, such as
 * `{ LCP: [2500, 4000] }`; what a table leaves out is switched off.
 */
export type KpiOption =
  | number
  | string
  | boolean
  | null
  | readonly number[]
  | readonly string[]
  | readonly FunnelStep[]
  | { readonly [key: string]: readonly (number | boolean)[] };

/** What `init` takes. Everything is optional. */
export interface InitOptions {
  /** Name of the site, shown in `status()`. It changes no number. */
  site?: string;
  /**
   * Where events wait and sums are kept. `"local"` (default): IndexedDB of this browser, shared by
   * all tabs of the site. `"memory"`: nothing is written to the device, and what earlier pages have
   * written is erased; what was measured is gone with the document. Global Privacy Control, Do Not Track and browsers that refuse IndexedDB mean
   * `"memory"` too; `status().storage` says which one holds and `status().storageReason` why.
   */
  storage?: "local" | "memory";
  /**
   * Folder or file where `insitu.core.js` and `insitu.core.mjs` lie. Default: beside our own file.
   * Beside it, with `-nowasm` before the extension, lies what is loaded where WebAssembly is refused.
   */
  core?: string | URL;
  /** Keeps the folded events, so that `export("ndjson")` has something to give. Default: false. */
  keepLog?: boolean;
  /**
   * `"required"`: memory until `consent("granted")` is called. `"granted"`: the visitor has agreed,
   * also over Global Privacy Control. `"none"` (default): consent is not asked for.
   */
  consent?: "required" | "granted" | "none";
  /** Route of the first page view, instead of the template made from the address. */
  page?: string;
  /**
   * What of the address makes another page. `"path"` (default): the path, and the route of a hash
   * router (`#/` or `#!`). `"query"`: the query too. `"hash"`: query and any fragment too. Whatever
   * it is, neither of them gets into the name of the page, and the first page view always counts.
   */
  pageViews?: "path" | "query" | "hash";
  /** Goals that count as a conversion: short for `kpi: { conversion_goals: [...] }`. */
  goals?: readonly string[];
  /**
   * Options of the KPI specification, for example `{ bounce_mode: "ga4" }`. A saved state belongs to
   * its options: with others the numbers start again.
   */
  kpi?: Readonly<Record<string, KpiOption>>;
  /**
   * Also captures where mouse and pen move, at most ten times a second, for the map of where they
   * rest. Default: false.
   */
  moves?: boolean;
  /**
   * Where to upload the sums of this browser, which add up with those of others: whole numbers
   * without an event or an identifier. Default: nothing is ever sent. Nor is it before consent where
   * that is required, nor under Global Privacy Control or Do Not Track unless consent is granted.
   */
  endpoint?: string;
  /**
   * Sees each part of the sums before it is put in line for upload, and gives what is sent instead,
   * with sections left out for example; null: nothing, for good. When it throws, nothing is sent and
   * it is asked again.
   */
  transformUpload?: (partial: Record<string, unknown>) => Record<string, unknown> | null;
  /** Prints a warning for each wrong argument. Default: false, nothing is ever printed. */
  debug?: boolean;
  /** Called with a sentence when something of ours failed. What it throws is ignored. */
  onError?: (reason: string) => void;
}

/** What a site declares about a task. */
export interface TaskOptions {
  /** Least number of pages the task needs. */
  optimal?: number;
  /** Chances for an error in one attempt. */
  opportunities?: number;
  /** Longest acceptable time in ms. */
  specTimeMs?: number;
}

/**
 * A task of the tab, by its name. At most one attempt at a task runs in a tab. Calls that fit
 * nothing (a second start, an end without a start) change nothing and leave a warning.
 */
export interface Task {
  /** Begins an attempt. */
  start(): void;
  /** Ends the running attempt: reached without help. */
  success(): void;
  /** Ends the running attempt: reached in part. */
  partial(): void;
  /** Ends the running attempt: tried and not reached. */
  fail(): void;
  /** Ends the running attempt: given up. */
  abandon(): void;
  /** True while an attempt runs in this tab. */
  readonly running: boolean;
  /** ms since the start of the running attempt, 0 when none runs. */
  readonly elapsedMs: number;
}

/** A running attempt, as `tasks()` lists it. */
export interface RunningTask {
  name: string;
  /** Number of the attempt in this tab: 0, 1, ... */
  attempt: number;
  /** When it began, ms since 1970 by the visitor's clock. */
  startedAt: number;
  /** ms since then. */
  elapsedMs: number;
}

/** An order, as `order()` takes it. */
export interface Order {
  /** Id of the order; the same id counts once. */
  id: string;
  /** What it is worth in minor units, for example cents. */
  value?: number;
  /** ISO 4217 code. */
  currency?: string;
  /** Kind of product. */
  category?: string;
}

/** Money of an order that went back, as `refund()` takes it. */
export interface Refund {
  /** Id of the order. */
  id: string;
  /** How much, in minor units. */
  value?: number;
}

/** What an answered questionnaire or an error is about. */
export interface TaskReference {
  /** Name of the task. Errors default to the running task when exactly one runs. */
  task?: string;
  /** Attempt in this tab. Default: the latest one of that task. */
  attempt?: number;
}

/** Details of an answered questionnaire. */
export interface SurveyOptions extends TaskReference {
  /** Lowest possible answer. */
  scaleMin?: number;
  /** Highest possible answer. */
  scaleMax?: number;
  /** Feedback only: -1 ... 1. */
  sentiment?: number;
  /** Feedback only: topics named. */
  topics?: readonly string[];
}

/** What a field of a KPI may be: by name, in lists, and within one another. No data is null. */
export type KpiField =
  | number
  | string
  | null
  | readonly KpiField[]
  | { readonly [name: string]: KpiField };

/** One KPI of a report. Rates are fractions 0 ... 1; no data is null. */
export interface Kpi {
  /** Absent where the fields say it all, as in `cohort_table`. */
  value?: number | null;
  /** Successes of a rate. */
  x?: number;
  /** Number of observations. */
  n?: number;
  /** Confidence interval, null when there is none. */
  ci?: [low: number, high: number] | null;
  /** `"sketch"` when a number of it is within 1 % instead of exact; else absent. */
  mode?: "sketch";
  unit: string;
  /** Which direction is better. */
  better: string;
  definition: { id: string; version: number; options: Readonly<Record<string, KpiOption>> };
  /** Fields of single KPIs: `median`, `excluded`, `hist`, ... */
  [field: string]: KpiField | undefined | Kpi["definition"];
}

/** One KPI of one task: what a direction or a definition is, the KPI of all tasks says. */
export type TaskKpi = Omit<Kpi, "better" | "definition">;

/** Counts of a grid: [column, row, count], ascending; cells without a count are left out. */
export type Cells = [column: number, row: number, count: number][];

/** The heatmaps of a page in a report. `heatmap()` says how large the cells are. */
export interface PageMaps {
  /** Page views that the maps come from. */
  views: number;
  /** Clicks outside of the document, in no cell. */
  out_of_bounds: number;
  click: Cells;
  /** How long the pointer rested in a cell, ms. */
  dwell_ms: Cells;
  /** How long a band of the page was in view, ms; from the top, bands without any left out. */
  attention_ms: [band: number, ms: number][];
  /** Page views that got as far as a band; from the top. */
  reach: number[];
  /** Clicks within an element, on a grid over it, by the element's name. */
  element: Record<string, Cells>;
}

/** What capturing has cost the page. */
export interface Cost {
  /** Own main-thread time inside event handlers, ms. */
  handlersMs: number;
  /** Number of handler calls. */
  events: number;
  /** The same by signal; `journal` and `fold` are the work outside of handlers. */
  perSignal: Record<string, { ms: number; calls: number }>;
  /** Bytes handed to storage by this document. */
  bytesStored: number;
  /** Bytes sent over the network by this document. */
  bytesSent: number;
}

/** All numbers of this browser. */
export interface Report {
  version: number;
  /** `"sketch"` when a KPI is (see its `mode`). `"off"` where nothing is captured. */
  mode: "exact" | "sketch" | "off";
  kpis: Record<string, Kpi>;
  by_task: Record<string, Record<string, TaskKpi>>;
  /** By page. */
  heatmaps: Record<string, PageMaps>;
  /** What was left out, and why; zeros are left out. */
  quality: Record<string, number>;
  cost: Cost;
}

/**
 * What a map shows. `"first_click"`: the first click after a task has started, without a task of each
 * page view. `"rage"`, `"dead"`, `"error"`: clicks as the KPIs of these names judge them.
 * `"dwell"`: where the pointer rested. `"attention"`: how long what was in view.
 * `"scroll_reach"`: how far down page views went.
 */
export type HeatKind =
  | "click"
  | "first_click"
  | "rage"
  | "dead"
  | "error"
  | "dwell"
  | "attention"
  | "scroll_reach";

/** What `heatmap` takes. */
export interface HeatmapQuery {
  /** Route. Default: the one shown now. */
  page?: string;
  /** Default: `"click"`. */
  kind?: HeatKind;
  /**
   * Only clicks while this was open over the page; `""`: nothing was. One of the `states` of a grid.
   * Default: all clicks.
   */
  state?: string;
}

/** [column, row, clicks, participants] of cells with a click; of dwell [column, row, ms]. */
export type CountedCells = [number, number, number, number?][];

/** The clicks of a map on one element. */
export interface GridElement {
  /** Its key. */
  element: string;
  /** What it is found again by; empty when that is not known. */
  anchor: string;
  clicks: number;
  participants: number;
  /** Whether it answers clicks by its nature. */
  interactive: boolean;
  /** Left, top, width and height when it was clicked last, CSS px of the document. */
  box: [number, number, number, number];
  /** Cells of `element_grid` x `element_grid` over the box. */
  cells: [column: number, row: number, clicks: number, participants: number][];
}

/** One map of one page, on a grid over the page and on its elements. */
export interface Grid {
  page: string;
  kind: HeatKind;
  /** null: all states together. */
  state: string | null;
  /** What was open over the page at its clicks; `""`: nothing. */
  states: string[];
  columns: number;
  /** Height of a cell, CSS px. */
  row_px: number;
  rows: number;
  /** Height of a band, CSS px. */
  band_px: number;
  element_grid: number;
  /** Page views that the clicks come from. */
  views: number;
  /** Who saw the page. One browser is one participant. */
  participants: number;
  /** Clicks outside of the document, in no cell. */
  out_of_bounds: number;
  /** Size of the document in its latest page view, CSS px. */
  document_width: number;
  document_height: number;
  cells: CountedCells;
  /** [band, ms] of attention, [band, page views] of scroll reach; else none. */
  bands: [number, number][];
  /** Of clicks. */
  elements: GridElement[];
}

/** How uploading is going. */
export interface UploadStatus {
  /**
   * `"off"`: there is no endpoint, or no core yet. `"held"`: not allowed, consent is missing.
   * `"waiting"`: for the time of the next try.
   */
  state: "off" | "held" | "idle" | "sending" | "waiting" | "offline";
  /** Uploads in line when this document looked last, those of other tabs included. */
  pending: number;
  /** Uploads of this document that the server has. */
  sent: number;
  /** Uploads of this document that the server has refused for good; what was in them is lost to it. */
  refused: number;
  /** Why the last try failed; empty when none has. */
  lastError: string;
  /** ms until the next try; 0 when none waits. */
  nextTryMs: number;
}

/** How Insitu is doing. Made anew by each call of `status()`. */
export interface Status {
  version: string;
  site: string;
  /** `"off"`: on a server, excluded by the visitor, or opted out. */
  mode: "on" | "off";
  storage: "local" | "memory" | "opening" | "none";
  /** Why storage is not `"local"`; empty when it is. */
  storageReason: string;
  /**
   * `"waiting"`: not asked for yet. `"refused"`: it cannot run here; capture goes on without it.
   * `"ready"` with a reason: it runs as a script, because WebAssembly is refused; same numbers.
   */
  core: { state: "waiting" | "loading" | "ready" | "refused"; reason: string };
  /**
   * Events of this document, and those of earlier ones that it has stored or dropped in their place.
   * Always accepted = stored + inFlight + all of dropped. `folded` are the
   * events, of all tabs, that this document has folded into the sums.
   */
  events: {
    accepted: number;
    stored: number;
    folded: number;
    inFlight: number;
    dropped: Record<string, number>;
  };
  /** Of this document. `logDropped`: what the log of all tabs lost because the store was full. */
  bytes: { stored: number; sent: number; logDropped: number };
  upload: UploadStatus;
  cost: Cost;
  /** True when this tab was the one that folded last time it tried. */
  leader: boolean;
  /** The last 20 sentences about wrong arguments and failures. */
  warnings: string[];
}

/** Everything that is kept of this visitor, readable. Made anew by each call of `stored()`. */
export interface Stored {
  /** `"memory"`: in this document only, nothing of it is on the device. */
  storage: "local" | "memory";
  /** The random key of this browser, null before the first fold. It never leaves the device. */
  visitor: { key: string; created: string } | null;
  /** Events that wait to be added up, oldest first. */
  waiting: Record<string, unknown>[];
  /** Events that `keepLog` has kept. */
  log: Record<string, unknown>[];
  /** The sums, as `partial()` gives them; null before the first fold. */
  sums: Record<string, unknown> | null;
  /** What is there, in bytes. That of the sums includes what runs: the session, the attempts. */
  bytes: { waiting: number; log: number; sums: number };
}

/** One page's Insitu. No method throws; those that give a promise may reject with a reason. */
export interface Insitu {
  /** The task of this name. Options hold from the next start on. */
  task(name: string, options?: TaskOptions): Task;
  /** The attempts that run in this tab. */
  tasks(): RunningTask[];
  /**
   * A page view: `route` is a template such as `/product/:id`; a query and a fragment (but for the
   * route of a hash router) are cut off.
   * Without it the route of the address. Right after a page view that began by itself, and before
   * anything happened in it, this only gives that page view its route.
   */
  page(route?: string): void;
  /** A goal was reached. */
  goal(name: string): void;
  /** The cart changed (`"add"`, `"remove"`) or went to the checkout (`"checkout"`). */
  cart(action: "add" | "remove" | "checkout"): void;
  /** An order was placed. */
  order(order: Order): void;
  /** Money of an order went back. */
  refund(refund: Refund): void;
  /** An order is disputed. */
  dispute(id: string): void;
  /**
   * Something happened to a support ticket: opened, the customer again (`"contact"`), an answer
   * (`"response"`), resolved, reopened.
   */
  support(ticket: string, action: "open" | "contact" | "response" | "resolve" | "reopen"): void;
  /** A social action. */
  social(action: "share" | "follow" | "like" | "comment" | "referral" | "review"): void;
  /** Something went wrong that no error event tells. */
  error(kind: "user" | "validation" | "http", about?: TaskReference): void;
  /** A questionnaire was answered; null is an answer left out. At most 64 answers. */
  survey(instrument: string, answers: readonly (number | null)[], options?: SurveyOptions): void;
  /** What group this visitor is in, for example `{ customer: "new" }`. At most 16 keys. */
  segment(map: Readonly<Record<string, string>>): void;
  /** Arm of an A/B test. */
  variant(name: string): void;
  /** Stores and folds everything so far and gives all numbers. Rejects when the core is refused. */
  report(): Promise<Report>;
  /**
   * The sums of this browser as canonical JSON: whole numbers without an identifier, which add up
   * with those of other browsers (`insitu merge`). All uploads of this browser add up to it.
   * Rejects as `report` does.
   */
  partial(): Promise<string>;
  /** Clicks of a page on a grid; null for a page without any event. Rejects as `report` does. */
  heatmap(query?: HeatmapQuery): Promise<Grid | null>;
  /**
   * Calls `listener` with the present numbers, and again after folds that changed something: at most
   * once a second, not while the page is hidden. Gives a function that ends it.
   */
  on(type: "report", listener: (report: Report) => void): () => void;
  /** The kept events, one JSON object per line. Rejects without `keepLog`, and as `report` does. */
  export(format: "ndjson"): Promise<string>;
  /**
   * Everything that is kept of this visitor, for a view that shows it to them. Folds nothing and
   * changes nothing. null where Insitu is off. Rejects when the core is refused.
   */
  stored(): Promise<Stored | null>;
  /** `"granted"`: go on in local storage. `"denied"`: erase the store and go on in memory. */
  consent(choice: "granted" | "denied"): void;
  /** Ends capture in this browser, erases the store and remembers the choice. */
  optOut(): void;
  /** Erases everything measured so far, in this browser and in this document. Capture goes on. */
  forget(): Promise<void>;
  /** Resolves when every event so far is in storage and, with an endpoint, an upload was tried. */
  flush(): Promise<void>;
  status(): Status;
}
