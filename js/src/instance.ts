// SPDX-License-Identifier: MIT
// One page's Insitu: puts the parts together and is the API in front of them. What reads comes with
// the core (reader.ts), and so do the sentences about wrong arguments (explain.ts).
import { ACTIONS } from "./actions.js";
import { MAX_ANSWERS, MAX_SEGMENT, OPTIONS } from "./arguments.js";
import { createCapture } from "./capture.js";
import { createCore } from "./core.js";
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
import { createPages } from "./page.js";
import { documentKey } from "./random.js";
import type { Reader } from "./reader.js";
import { scrub } from "./scrub.js";
import { signals } from "./signals/index.js";
import { createBooks } from "./status.js";
import { createStore } from "./store.js";
import { createTasks, ENDS } from "./tasks.js";
import type { InitOptions, Insitu, Report, SurveyOptions, Task, TaskOptions } from "./types.js";

/** Set to "1" by whoever wants to be left out, and by optOut(). */
export const DISABLED_KEY = "insitu.disabled";

// Folding can wait for a quiet moment.
const FOLD_MS = 5000;
const MAX_TOPICS = 16;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isObject = (value: unknown): value is object => !!value && typeof value === "object";
const isNumber = (value: unknown) => value === undefined || Number.isFinite(value);
const isOneOf = (kind: keyof typeof ACTIONS, action: string) =>
  (ACTIONS[kind] as readonly string[]).includes(action);

/** Starts capturing in this page. The caller makes sure that there is a page, and only one start. */
export function createInsitu(options: InitOptions, loader: CoreLoader): Insitu {
  const books = createBooks(options);
  const warn = (sentence: string) => books._warn(sentence);
  const document_ = documentKey();
  const capture = createCapture(document_, books);
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

  const pages = createPages(capture, pageViews);
  const tasks = createTasks(capture);
  const kpi = { ...options.kpi, ...(goals && { conversion_goals: goals }) };
  const core = createCore(
    loader,
    options.core,
    { options: kpi, keepLog: !!options.keepLog, warn },
    ({ describe, explain, vitals }) => {
      books._explain = explain;
      capture._describe = describe;
      capture._onHide.push(vitals(_listen._guard(pages._vital, "vital")));
    },
  );
  const store = createStore(capture, () => scheduleFold());
  const listeners = new Set<(report: Report) => void>();
  let on = true;

  // ---- reading

  let reader: Reader | undefined;
  const load = async (): Promise<Reader> => {
    const analysis = await core._load();
    reader ||= books._reader = analysis.reader({
      options,
      document: document_,
      foldCost: _listen._cost("fold"),
      listeners,
      isOn: () => on,
      mayUpload: () => store._mayUpload,
      page: () => _writer._page,
      cost: () => books._cost(),
      journal: () => store._ready,
      flush: () => store._flush(),
      trim,
      folded(events) {
        books._folded += events;
      },
      on: (target, type, handle) => _listen._on(target, type, handle, "upload"),
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
    const handle: Partial<Task> = {
      start() {
        if (valid && on && !tasks._start(name)) books._warn(["start", [name]]);
      },
      get running() {
        return tasks._startedAt(name) > 0;
      },
      get elapsedMs() {
        const startedAt = tasks._startedAt(name);
        return startedAt && Math.max(0, Date.now() - startedAt);
      },
    };
    for (const end of ENDS) {
      handle[end] = () => {
        if (valid && on && !tasks._end(name, end)) books._warn(["end", [name, end]]);
      };
    }
    return handle as Task;
  };

  type Methods = { [Name in keyof Insitu]?: (...args: Parameters<Insitu[Name]>) => unknown };
  const takes: Methods = {
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
      write(order, id, value, text(currency), text(category));
      return isNumber(value);
    },
    refund(back) {
      if (!isObject(back) || !isText(back.id)) return false;
      write(refund, back.id, back.value);
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
        scaleMin,
        scaleMax,
        task,
        attempt,
        sentiment,
        topics.slice(0, MAX_TOPICS).map(String),
      );
      return [scaleMin, scaleMax, sentiment].every(isNumber);
    },
    segment(map) {
      if (!isObject(map)) return false;
      const all = Object.entries(map);
      const valid = all.filter((entry) => entry.every(isText)).slice(0, MAX_SEGMENT);
      // Not flat(), which browsers before 2019 have not.
      write(sessionStart, ([] as string[]).concat(...valid), "", NaN);
      return valid.length === all.length;
    },
    variant: (name) => isText(name) && write(sessionStart, [], name, NaN),
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
  };
  // These hand something back, so they say themselves that Insitu is off; the others do nothing then.
  const gives: Methods = {
    task,
    tasks: () => tasks._running(),
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
    forget: () => forget(() => store._erase()),
    async flush() {
      await store._flush();
      if (endpoint)
        await load().then(
          (reader) => reader.upload(),
          () => {},
        );
    },
    status: () =>
      books._status(on ? "on" : "off", options.site || "", store, core, _writer._pending()),
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

  for (const name of "report partial heatmap export stored".split(" ") as "report"[]) {
    gives[name] = async (...args) => (await load())[name](...args);
  }
  const api: Record<string, unknown> = {};
  const offer = (methods: Methods, evenOff: boolean) => {
    for (const [name, method] of Object.entries(methods)) {
      api[name] = (...args: never[]) => {
        // What a method throws is ours: the page must not notice.
        try {
          const result = (on || evenOff) && (method as (...a: never[]) => unknown)(...args);
          if (result === false && on) books._warn([name, args]);
          else if (typeof result === "object" || typeof result === "function") return result;
        } catch (failure) {
          books._fail(`${name} failed: ${failure}`);
        }
        return undefined;
      };
    }
  };
  offer(takes, false);
  offer(gives, true);

  // ---- start

  const begin = () => {
    store._start(options);
    _writer._previous = _tab._previous;
    for (const [name, signal] of Object.entries(signals(pages, tasks, !!options.moves))) {
      _listen._signal = name;
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
    else _listen._on(window, "load", loadLater, "core");
  };
  if ((document as { prerendering?: boolean }).prerendering) {
    _listen._on(document, "prerenderingchange", begin);
  } else {
    _listen._guard<void>(begin)();
  }
  return api as unknown as Insitu;
}
