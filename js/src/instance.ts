// SPDX-License-Identifier: MIT
// One page's Insitu: puts the parts together and is the API in front of them.
import { ACTIONS } from "./actions.js";
import type { Analysis } from "./analysis.js";
import { Capture } from "./capture.js";
import { Core } from "./core.js";
import type { CoreLoader } from "./core_module.js";
import {
  cart,
  conversion,
  dispute,
  error,
  order,
  refund,
  sessionStart,
  social,
  support,
  survey,
} from "./events.gen.js";
import type { Folder } from "./fold.js";
import { idle } from "./idle.js";
import { noUpload } from "./noop.js";
import { Pages } from "./page.js";
import { documentKey } from "./random.js";
import { scrub } from "./scrub.js";
import { signals } from "./signals/index.js";
import { Books } from "./status.js";
import { Store } from "./store.js";
import { type Outcome, Tasks } from "./tasks.js";
import type {
  Cost,
  Grid,
  InitOptions,
  Insitu,
  KpiOption,
  Report,
  Status,
  Stored,
  SurveyOptions,
  Task,
  TaskOptions,
} from "./types.js";
import type { Uploads } from "./upload/uploads.js";

declare const INSITU_VERSION: string;
export const VERSION = typeof INSITU_VERSION === "string" ? INSITU_VERSION : "dev";

/** Set to "1" by whoever wants to be left out, and by optOut(). */
export const DISABLED_KEY = "insitu.disabled";

const OPTIONS =
  "site storage core keepLog consent page pageViews goals kpi moves debug onError endpoint transformUpload".split(
    " ",
  );
// Folding can wait for a quiet moment; somebody who watches cannot.
const FOLD_MS = 5000;
const WATCH_MS = 1000;
const MAX_SEGMENT = 16;
const MAX_ANSWERS = 64;
const MAX_TOPICS = 16;
const NONE = Number.NaN;

/** Starts capturing in this page. The caller makes sure that there is a page, and only one start. */
export function createInsitu(options: InitOptions, loader: CoreLoader): Insitu {
  const books = new Books(!!options.debug, options.onError);
  const warn = (sentence: string) => books._warn(sentence);
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) {
      warn(`init: there is no option ${name}; there are ${OPTIONS.join(", ")}.`);
    }
  }
  const { pageViews = "path" } = options;
  if (!["path", "query", "hash"].includes(pageViews)) {
    warn("init: pageViews must be path, query or hash.");
  }
  const kpi: Record<string, KpiOption> = { ...options.kpi };
  if (options.goals) kpi.conversion_goals = options.goals;

  const document_ = documentKey();
  const capture = new Capture(document_, books);
  const { _listen, _tab, _writer } = capture;
  try {
    if (options.endpoint) capture._endpoint = new URL(options.endpoint, document.baseURI).href;
  } catch {
    warn("init: the endpoint must be an address.");
  }
  const pages = new Pages(capture, pageViews);
  const tasks = new Tasks(capture);
  const core = new Core(loader, options.core, {
    options: kpi,
    // Whatever the order in which they were written.
    optionsText: JSON.stringify(Object.entries(kpi).sort()),
    keepLog: !!options.keepLog,
    warn,
  });
  core._onFactory = ({ vitals, describe }) => {
    capture._onHide.push(vitals(_listen._guard("vital", (vital) => pages._vital(vital))));
    capture._describe = describe;
  };
  const store = new Store(capture, books, () => scheduleFold());
  const listeners = new Set<(report: Report) => void>();
  let on = true;

  // ---- folding

  let folder: Folder | undefined;
  let folding = false;
  const scheduleFold = () => {
    if (!on || folding || listeners.size) return;
    folding = true;
    setTimeout(() => {
      folding = false;
      idle(() => void fold(false).catch(() => {}));
    }, FOLD_MS);
  };

  // Rejects when the core is refused, or folding failed.
  const foldAll = async (wait: boolean): Promise<Analysis> => {
    const journal = await store._ready;
    const analysis = await load();
    try {
      folder ??= analysis.folder({
        document: document_,
        cost: _listen._cost("fold"),
        folded(events) {
          books._folded += events;
        },
      });
      if (await folder.fold(journal, wait)) {
        changed = true;
        uploads?.wake();
      }
    } catch (failure) {
      // A trap; also that of a core without WebAssembly.
      if ((failure as Error)?.name === "RuntimeError")
        core._refuse(`The core stopped (${failure}).`);
      else warn(`Folding failed: ${failure}`);
      throw failure;
    }
    return analysis;
  };
  // What could not be folded has to keep within bounds all the same.
  const fold = (wait: boolean) => foldAll(wait).finally(() => void store._trim().catch(() => {}));

  // ---- uploading

  let uploads: Uploads | undefined;
  const load = async (): Promise<Analysis> => {
    const analysis = await core._load();
    if (options.endpoint && on) {
      uploads ??= analysis.uploads({
        endpoint: options.endpoint,
        site: options.site ?? "",
        transform: options.transformUpload,
        allowed: () => on && store._mayUpload,
        journal: () => store._ready,
        fold: () => fold(true),
        idle,
        on: (target, type, handle) => _listen._on("upload", target, type, handle),
        warn,
      });
    }
    return analysis;
  };

  // ---- watching

  let changed = false;
  let watching = false;
  const watch = async () => {
    if (watching) return;
    watching = true;
    while (on && listeners.size && core._state !== "refused") {
      // Nobody sees a hidden page; what others fold meanwhile comes with the first look.
      if (document.visibilityState === "visible") {
        await fold(false).then(tell, () => {});
      }
      await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    }
    watching = false;
  };
  const tell = (analysis: Analysis) => {
    if (!changed) return;
    changed = false;
    const report = makeReport(analysis);
    for (const listener of listeners) {
      try {
        listener(report);
      } catch (failure) {
        warn(`A listener of on("report") threw: ${failure}`);
      }
    }
  };

  // ---- numbers

  const makeCost = (): Cost => {
    const perSignal: Cost["perSignal"] = {};
    let handlersMs = 0;
    let events = 0;
    for (const [name, { ms, calls }] of Object.entries(_listen._costs)) {
      perSignal[name] = { ms, calls };
      if (name === "fold" || name === "journal") continue;
      handlersMs += ms;
      events += calls;
    }
    const bytesSent = uploads?.bytes() ?? 0;
    return { handlersMs, events, perSignal, bytesStored: books._bytesStored, bytesSent };
  };
  const makeReport = (analysis: Analysis): Report => ({
    ...(analysis.report() as Report),
    cost: makeCost(),
  });
  // With everything so far folded.
  const upToDate = async (): Promise<Analysis> => {
    if (!on) throw new Error("Insitu is off in this browser.");
    await store._flush();
    return fold(true);
  };

  // ---- checking arguments

  const isText = (value: unknown, what: string): value is string => {
    if (typeof value === "string" && value) return true;
    warn(`${what} must be a text that is not empty.`);
    return false;
  };
  const isObject = (value: unknown, what: string): value is object => {
    if (value && typeof value === "object") return true;
    warn(`${what} must be an object.`);
    return false;
  };
  const number = (value: unknown, what: string): number => {
    if (value === undefined) return NONE;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    warn(`${what} must be a number.`);
    return NONE;
  };

  const isAction = (kind: keyof typeof ACTIONS, action: string): boolean => {
    const known: readonly string[] = ACTIONS[kind];
    if (known.includes(action)) return true;
    warn(`${kind}: the action must be one of ${known.join(", ")}.`);
    return false;
  };

  // ---- the API

  const task = (given: string, declared?: TaskOptions): Task => {
    const valid = isText(given, "task: the name");
    const name = valid ? scrub(given) : "";
    if (valid && declared && isObject(declared, "task: the options")) {
      for (const key of ["optimal", "opportunities", "specTimeMs"] as const) {
        number(declared[key], `task: ${key}`);
      }
      tasks._declare(name, declared);
    }
    const end = (outcome: Outcome) => () => {
      if (!valid || !on || tasks._end(name, outcome)) return;
      warn(`task: ${name} does not run in this tab, so it cannot end as ${outcome}.`);
    };
    return {
      start() {
        if (!valid || !on || tasks._start(name)) return;
        warn(`task: ${name} runs already; end it before the next start.`);
      },
      success: end("success"),
      partial: end("partial"),
      fail: end("failure"),
      abandon: end("abandon"),
      get running() {
        return tasks._startedAt(name) > 0;
      },
      get elapsedMs() {
        const startedAt = tasks._startedAt(name);
        return startedAt && Math.max(0, Date.now() - startedAt);
      },
    };
  };

  const api: Insitu = {
    task,
    tasks: () => tasks._running(),
    page(route) {
      if (route === undefined || isText(route, "page: the route")) pages._named(route);
    },
    goal(name) {
      if (!isText(name, "goal: the name") || !capture._begin()) return;
      conversion(_writer, _writer._string(name));
    },
    cart(action) {
      if (isAction("cart", action) && capture._begin()) cart(_writer, _writer._string(action));
    },
    order(placed) {
      if (!isObject(placed, "order") || !isText(placed.id, "order: the id")) return;
      const value = number(placed.value, "order: the value");
      if (!capture._begin(3)) return;
      const { id, currency, category } = placed;
      const text = (content: string | undefined) => _writer._string(content && String(content));
      order(_writer, _writer._string(id, true), value, text(currency), text(category));
    },
    refund(back) {
      if (!isObject(back, "refund") || !isText(back.id, "refund: the id")) return;
      const value = number(back.value, "refund: the value");
      if (capture._begin()) refund(_writer, _writer._string(back.id, true), value);
    },
    dispute(id) {
      if (isText(id, "dispute: the id") && capture._begin())
        dispute(_writer, _writer._string(id, true));
    },
    support(ticket, action) {
      if (!isText(ticket, "support: the ticket") || !isAction("support", action)) return;
      if (capture._begin(2)) support(_writer, _writer._string(ticket), _writer._string(action));
    },
    social(action) {
      if (isAction("social", action) && capture._begin()) social(_writer, _writer._string(action));
    },
    error(kind, reference = {}) {
      if (!["user", "validation", "http"].includes(kind)) {
        return warn("error: the kind must be user, validation or http.");
      }
      const about = tasks._about(reference, kind !== "http");
      if (!capture._begin(2)) return;
      error(_writer, _writer._string(kind), _writer._string(about.task), about.attempt);
    },
    survey(instrument, answers, details: SurveyOptions = {}) {
      if (!isText(instrument, "survey: the instrument")) return;
      if (!Array.isArray(answers) || answers.length > MAX_ANSWERS) {
        return warn(`survey: the answers must be a list of at most ${MAX_ANSWERS}.`);
      }
      const about = tasks._about(details, false);
      const { scaleMin, scaleMax, sentiment, topics = [] } = details;
      if (!capture._begin(2 + MAX_TOPICS, 32 + MAX_ANSWERS)) return;
      survey(
        _writer,
        _writer._string(instrument),
        answers.map((answer) => (answer === null ? null : Number(answer))),
        number(scaleMin, "survey: scaleMin"),
        number(scaleMax, "survey: scaleMax"),
        _writer._string(about.task),
        about.attempt,
        number(sentiment, "survey: sentiment"),
        topics.slice(0, MAX_TOPICS).map((topic) => _writer._string(String(topic))),
      );
    },
    segment(map) {
      if (!isObject(map, "segment")) return;
      const entries = Object.entries(map).filter(
        ([key, value]) => isText(key, "segment: a key") && isText(value, `segment: ${key}`),
      );
      if (entries.length > MAX_SEGMENT) warn(`segment: only the first ${MAX_SEGMENT} keys count.`);
      entries.length = Math.min(entries.length, MAX_SEGMENT);
      if (!capture._begin(2 * MAX_SEGMENT, 16 + MAX_SEGMENT)) return;
      sessionStart(
        _writer,
        // Not flat(), which browsers before 2019 have not.
        entries
          .reduce<string[]>((all, entry) => all.concat(entry), [])
          .map((text) => _writer._string(text)),
        0,
        NONE,
      );
    },
    variant(name) {
      if (!isText(name, "variant: the name") || !capture._begin()) return;
      sessionStart(_writer, [], _writer._string(name), NONE);
    },
    report: async () => makeReport(await upToDate()),
    partial: async () => (await upToDate()).partial(),
    heatmap: async (query = {}) =>
      (await upToDate()).heatmap(
        query.page ?? pages._route,
        query.kind,
        query.state,
      ) as Grid | null,
    on(type, listener) {
      if (type !== "report" || typeof listener !== "function") {
        warn('on: there is only on("report", function).');
        return () => {};
      }
      listeners.add(listener);
      changed = true;
      void watch();
      return () => void listeners.delete(listener);
    },
    async export(format) {
      if (format !== "ndjson") throw new Error('export: there is only "ndjson".');
      if (!options.keepLog) throw new Error("export: start with keepLog: true.");
      const analysis = await upToDate();
      return analysis.ndjson((await (await store._ready).read()).log);
    },
    async stored() {
      if (on) await store._flush();
      const [analysis, journal] = await Promise.all([core._load(), store._ready]);
      return analysis.stored(journal.kind, await journal.read()) as Stored;
    },
    consent(choice) {
      if (choice === "granted") {
        store._allow();
      } else if (choice === "denied") {
        void forget(() => store._deny("The visitor has not agreed."));
      } else {
        warn("consent: the choice must be granted or denied.");
      }
    },
    optOut() {
      try {
        localStorage.setItem(DISABLED_KEY, "1");
      } catch {
        // Without storage the choice holds for this document.
      }
      on = false;
      _listen._stop();
      listeners.clear();
      void forget(() => store._deny("The visitor has opted out."));
    },
    forget: () => forget(() => store._erase()),
    async flush() {
      await store._flush();
      if (options.endpoint)
        await load().then(
          () => uploads?.flush(),
          () => {},
        );
    },
    status: (): Status => ({
      version: VERSION,
      site: options.site ?? "",
      mode: on ? "on" : "off",
      storage: store._kind,
      storageReason: store._reason,
      core: { state: core._state, reason: core._reason },
      events: {
        accepted: books._accepted,
        stored: books._stored,
        folded: books._folded,
        inFlight: _writer._pending + books._storing,
        dropped: { ...books._dropped },
      },
      bytes: {
        stored: books._bytesStored,
        sent: uploads?.bytes() ?? 0,
        logDropped: books._logDropped,
      },
      upload: uploads?.status() ?? noUpload(),
      cost: makeCost(),
      leader: !!folder?.leader,
      warnings: [...books._warnings],
    }),
  };

  // Erases in this document what `erase` erases in the store. What comes after belongs to a page
  // view of its own, since the one that runs is forgotten too.
  const forget = async (erase: () => Promise<void>) => {
    const done = erase();
    uploads?.forget();
    changed = true;
    _writer._previous = 0;
    if (on) pages._restart();
    await done;
  };

  // What a method throws is ours: the page must not notice. Those that hand something back say
  // themselves when Insitu is off; the others do nothing then.
  const gives = "task tasks on report partial heatmap export stored forget flush status".split(" ");
  for (const name of Object.keys(api) as (keyof Insitu)[]) {
    const method = api[name] as (...args: unknown[]) => unknown;
    (api as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
      try {
        if (on || gives.includes(name)) return method(...args);
      } catch (failure) {
        books._fail(`${name} failed: ${failure}`);
      }
      return undefined;
    };
  }

  // ---- start

  const begin = () => {
    store._start(options);
    _writer._previous = _tab._previous;
    for (const signal of signals(pages, tasks, !!options.moves)) {
      // What one of them lacks in this browser the others need not miss.
      try {
        signal(capture);
      } catch (failure) {
        books._fail(`A signal is off: ${failure}`);
      }
    }
    const meta = document.querySelector<HTMLMetaElement>('meta[name="insitu-page"]');
    pages._first(options.page ?? meta?.content);
    const loadLater = () => idle(() => void load().catch(() => {}));
    if (document.readyState === "complete") loadLater();
    else _listen._on("core", window, "load", loadLater);
  };
  const guarded = _listen._guard("start", begin);
  if ((document as { prerendering?: boolean }).prerendering) {
    _listen._on("start", document, "prerenderingchange", begin);
  } else {
    guarded(undefined);
  }
  return api;
}
