// SPDX-License-Identifier: MIT
// One page's Insitu: puts the parts together and is the API in front of them. What reads comes with
// the core (reader.ts), and so do the sentences about wrong arguments (explain.ts).
import { ACTIONS } from "./actions.js";
import { Capture } from "./capture.js";
import { Core } from "./core.js";
import type { CoreLoader } from "./core_module.js";
import {
  cart,
  conversion,
  dispute,
  error,
  type Layout,
  order,
  refund,
  sessionStart,
  social,
  support,
  survey,
} from "./events.gen.js";
import { idle } from "./idle.js";
import { noUpload } from "./noop.js";
import { Pages } from "./page.js";
import { documentKey } from "./random.js";
import type { Reader } from "./reader.js";
import { scrub } from "./scrub.js";
import { signals } from "./signals/index.js";
import { Books } from "./status.js";
import { Store } from "./store.js";
import { ENDS, type End, Tasks } from "./tasks.js";
import type {
  Cost,
  InitOptions,
  Insitu,
  Report,
  SurveyOptions,
  Task,
  TaskOptions,
} from "./types.js";

declare const INSITU_VERSION: string;
export const VERSION = typeof INSITU_VERSION === "string" ? INSITU_VERSION : "dev";

/** Set to "1" by whoever wants to be left out, and by optOut(). */
export const DISABLED_KEY = "insitu.disabled";

const OPTIONS =
  /^(site|storage|core|keepLog|consent|page|pageViews|goals|kpi|moves|debug|onError|endpoint|transformUpload)$/;
// Folding can wait for a quiet moment.
const FOLD_MS = 5000;
const MAX_SEGMENT = 16;
const MAX_ANSWERS = 64;
const MAX_TOPICS = 16;
const NONE = Number.NaN;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isObject = (value: unknown): value is object => !!value && typeof value === "object";
const isNumber = (value: unknown) => value === undefined || Number.isFinite(value);
const number = (value: unknown) => (Number.isFinite(value) ? (value as number) : NONE);
const isOneOf = (kind: keyof typeof ACTIONS, action: string) =>
  (ACTIONS[kind] as readonly string[]).includes(action);

type Act = () => void;

/** Starts capturing in this page. The caller makes sure that there is a page, and only one start. */
export function createInsitu(options: InitOptions, loader: CoreLoader): Insitu {
  const books = new Books(options.debug, options.onError);
  const warn = (sentence: string) => books._warn(sentence);
  const document_ = documentKey();
  const capture = new Capture(document_, books);
  const { _listen, _tab, _writer } = capture;

  const { endpoint, goals, pageViews = "path" } = options;
  let isRight =
    Object.keys(options).every((name) => OPTIONS.test(name)) &&
    /^(path|query|hash)$/.test(pageViews);
  try {
    if (endpoint) capture._endpoint = new URL(endpoint, document.baseURI).href;
  } catch {
    isRight = false;
  }
  if (!isRight) books._warn(["init", [options]]);

  const pages = new Pages(capture, pageViews);
  const tasks = new Tasks(capture);
  const kpi = { ...options.kpi, ...(goals && { conversion_goals: goals }) };
  const core = new Core(
    loader,
    options.core,
    { options: kpi, keepLog: !!options.keepLog, warn },
    ({ describe, explain, vitals }) => {
      books._explain = explain;
      capture._describe = describe;
      capture._onHide.push(vitals(_listen._guard("vital", (vital) => pages._vital(vital))));
    },
  );
  const store = new Store(capture, books, () => scheduleFold());
  const listeners = new Set<(report: Report) => void>();
  let on = true;

  // ---- reading

  let reader: Reader | undefined;
  const load = async (): Promise<Reader> => {
    const analysis = await core._load();
    reader ||= analysis.reader({
      options,
      document: document_,
      foldCost: _listen._cost("fold"),
      listeners,
      isOn: () => on,
      mayUpload: () => store._mayUpload,
      page: () => pages._route,
      cost: makeCost,
      journal: () => store._ready,
      flush: () => store._flush(),
      trim,
      folded(events) {
        books._folded += events;
      },
      on: (target, type, handle) => _listen._on("upload", target, type, handle),
      warn,
      refuse: (reason) => core._refuse(reason),
    });
    return reader;
  };
  const trim = () => void store._trim().catch(() => {});
  let folding = false;
  const scheduleFold = () => {
    // Who watches folds all the time.
    if (!on || folding || listeners.size) return;
    folding = true;
    setTimeout(() => {
      folding = false;
      idle(() =>
        load()
          .then((reader) => reader.fold(false))
          .catch(trim),
      );
    }, FOLD_MS);
  };

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
    const bytesSent = reader ? reader.bytesSent() : 0;
    return { handlersMs, events, perSignal, bytesStored: books._bytesStored, bytesSent };
  };

  // ---- the API. Methods give false for a wrong argument, and true where there is nothing to give.

  const write = <Values extends readonly unknown[]>(layout: Layout<Values>, ...values: Values) => {
    capture._write(layout, ...values);
    return true;
  };

  const task = (given: string, declared?: TaskOptions): Task => {
    const valid = isText(given);
    const name = valid ? scrub(given) : "";
    const { optimal, opportunities, specTimeMs } = declared || {};
    const isDeclared = isObject(declared);
    const isRight = [optimal, opportunities, specTimeMs].every(isNumber);
    if (!valid || (declared && !isDeclared) || !isRight) books._warn(["task", [given, declared]]);
    if (valid && isDeclared) tasks._declare(name, declared);
    const end = (end: End) => () => {
      if (valid && on && !tasks._end(name, end)) books._warn(["end", [name, end]]);
    };
    const [success, partial, fail, abandon] = ENDS.map(end) as [Act, Act, Act, Act];
    return {
      start() {
        if (valid && on && !tasks._start(name)) books._warn(["start", [name]]);
      },
      success,
      partial,
      fail,
      abandon,
      get running() {
        return tasks._startedAt(name) > 0;
      },
      get elapsedMs() {
        const startedAt = tasks._startedAt(name);
        return startedAt && Math.max(0, Date.now() - startedAt);
      },
    };
  };

  const methods: {
    [Name in keyof Insitu]?: (...args: Parameters<Insitu[Name]>) => unknown;
  } = {
    task,
    tasks: () => tasks._running(),
    page(route) {
      const isRight = route === undefined || isText(route);
      if (isRight) pages._named(route);
      return isRight;
    },
    goal: (name) => isText(name) && write(conversion, name),
    cart: (action) => isOneOf("cart", action) && write(cart, action),
    order(placed) {
      if (!isObject(placed) || !isText(placed.id)) return false;
      const { id, value, currency, category } = placed;
      const text = (content: string | undefined) => content && String(content);
      write(order, id, number(value), text(currency), text(category));
      return isNumber(value);
    },
    refund(back) {
      if (!isObject(back) || !isText(back.id)) return false;
      write(refund, back.id, number(back.value));
      return isNumber(back.value);
    },
    dispute: (id) => isText(id) && write(dispute, id),
    support: (ticket, action) =>
      isText(ticket) && isOneOf("support", action) && write(support, ticket, action),
    social: (action) => isOneOf("social", action) && write(social, action),
    error(kind, reference = {}) {
      if (!isOneOf("error", kind)) return false;
      const about = tasks._about(reference, kind !== "http");
      return write(error, kind, about.task, about.attempt);
    },
    survey(instrument, answers, details: SurveyOptions = {}) {
      if (!isText(instrument) || !Array.isArray(answers) || answers.length > MAX_ANSWERS) {
        return false;
      }
      const { task, attempt } = tasks._about(details, false);
      const { scaleMin, scaleMax, sentiment, topics = [] } = details;
      write(
        survey,
        instrument,
        answers.map((answer) => (answer === null ? null : Number(answer))),
        number(scaleMin),
        number(scaleMax),
        task,
        attempt,
        number(sentiment),
        topics.slice(0, MAX_TOPICS).map(String),
      );
      return [scaleMin, scaleMax, sentiment].every(isNumber);
    },
    segment(map) {
      if (!isObject(map)) return false;
      const all = Object.entries(map);
      const valid = all.filter((entry) => entry.every(isText)).slice(0, MAX_SEGMENT);
      // Not flat(), which browsers before 2019 have not.
      write(sessionStart, ([] as string[]).concat(...valid), "", NONE);
      return valid.length === all.length;
    },
    variant: (name) => isText(name) && write(sessionStart, [], name, NONE),
    on(type, listener) {
      if (type === "report" && typeof listener === "function") {
        listeners.add(listener);
        load().then(
          (reader) => reader.watch(),
          () => {},
        );
      } else {
        books._warn(["on", []]);
      }
      return () => void listeners.delete(listener);
    },
    consent(choice) {
      if (choice === "granted") store._allow();
      else if (choice === "denied") void forget(() => store._deny("The visitor has not agreed."));
      else return false;
      return true;
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
      if (endpoint)
        await load().then(
          (reader) => reader.upload(),
          () => {},
        );
    },
    status: () => ({
      version: VERSION,
      site: options.site || "",
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
        sent: reader ? reader.bytesSent() : 0,
        logDropped: books._logDropped,
      },
      upload: reader?.uploadStatus() || noUpload(),
      cost: makeCost(),
      leader: !!reader && reader.leads(),
      warnings: books._sentences(),
    }),
  };

  // Erases in this document what `erase` erases in the store. What comes after belongs to a page
  // view of its own, since the one that runs is forgotten too.
  const forget = async (erase: () => Promise<void>) => {
    const done = erase();
    if (reader) reader.forget();
    _writer._previous = 0;
    if (on) pages._restart();
    await done;
  };

  // Those that hand something back say themselves when Insitu is off; the others do nothing then.
  const gives = "report partial heatmap export stored task tasks on forget flush status".split(" ");
  for (const name of gives.slice(0, 5) as "report"[]) {
    methods[name] = async (...args) => (await load())[name](...args);
  }
  const api: Record<string, unknown> = {};
  for (const [name, method] of Object.entries(methods)) {
    api[name] = (...args: never[]) => {
      // What a method throws is ours: the page must not notice.
      try {
        const result =
          (on || gives.includes(name)) && (method as (...a: never[]) => unknown)(...args);
        if (result === false && on) books._warn([name, args]);
        else if (typeof result === "object" || typeof result === "function") return result;
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
        books._fail(`A signal failed and is off: ${failure}`);
      }
    }
    const meta = document.querySelector<HTMLMetaElement>('meta[name="insitu-page"]');
    pages._first(options.page || (meta ? meta.content : ""));
    const loadLater = () => idle(() => load().catch(() => {}));
    if (document.readyState === "complete") loadLater();
    else _listen._on("core", window, "load", loadLater);
  };
  const guarded = _listen._guard("start", begin);
  if ((document as { prerendering?: boolean }).prerendering) {
    _listen._on("start", document, "prerenderingchange", begin);
  } else {
    guarded(undefined);
  }
  return api as unknown as Insitu;
}
