// SPDX-License-Identifier: MIT
// The sentences for calls that the shell has found wrong, and what to do about them. They come with
// the core: until then a warning names no more than the call (status.ts).
import { ACTIONS } from "./actions.js";
import { MAX_ANSWERS, MAX_SEGMENT, OPTIONS } from "./arguments.js";

type Rule = (...args: never[]) => (string | false | undefined)[];

const NAMES = OPTIONS.source.slice(2, -2).split("|");

const text = (value: unknown, what: string) =>
  !(typeof value === "string" && value) && `${what} must be a text that is not empty.`;
const object = (value: unknown, what: string) =>
  !(value && typeof value === "object") && `${what} must be an object.`;
const number = (value: unknown, what: string) =>
  value !== undefined && !Number.isFinite(value) && `${what} must be a number.`;
const action = (kind: keyof typeof ACTIONS, value: unknown, what = "action") =>
  !(ACTIONS[kind] as readonly unknown[]).includes(value) &&
  `${kind}: the ${what} must be one of ${ACTIONS[kind].join(", ")}.`;
const isAddress = (text: string) => {
  try {
    return !!new URL(text, document.baseURI);
  } catch {
    return false;
  }
};

const rules: Record<string, Rule> = {
  init: (options: Record<string, unknown>) => [
    ...Object.keys(options)
      .filter((name) => !OPTIONS.test(name))
      .map((name) => `init: there is no option ${name}; there are ${NAMES.join(", ")}.`),
    !["path", "query", "hash", undefined].includes(options.pageViews as string) &&
      "init: pageViews must be path, query or hash.",
    !isAddress((options.endpoint as string) ?? "") && "init: the endpoint must be an address.",
  ],
  wasm: (refusal) => [
    `WebAssembly is refused (${refusal}), so the core runs as a larger and slower script. If it is the page's Content-Security-Policy: add 'wasm-unsafe-eval' to its script-src.`,
  ],
  task: (name: string, options?: Record<string, unknown>) => [
    text(name, "task: the name"),
    ...(options
      ? [
          object(options, "task: the options"),
          ...["optimal", "opportunities", "specTimeMs"].map((key) =>
            number(options[key], `task: ${key}`),
          ),
        ]
      : []),
  ],
  start: (name: string) => [`task: ${name} runs already; end it before the next start.`],
  end: (name: string, end: string) => [
    `task: ${name} does not run in this tab, so ${end}() does nothing.`,
  ],
  page: (route) => [text(route, "page: the route")],
  goal: (name) => [text(name, "goal: the name")],
  cart: (value) => [action("cart", value)],
  order: (order: Record<string, unknown>) => [
    object(order, "order") ||
      text(order.id, "order: the id") ||
      number(order.value, "order: the value"),
  ],
  refund: (refund: Record<string, unknown>) => [
    object(refund, "refund") ||
      text(refund.id, "refund: the id") ||
      number(refund.value, "refund: the value"),
  ],
  dispute: (id) => [text(id, "dispute: the id")],
  support: (ticket, value) => [text(ticket, "support: the ticket") || action("support", value)],
  social: (value) => [action("social", value)],
  error: (kind) => [action("error", kind, "kind")],
  survey: (instrument: unknown, answers: unknown, details: Record<string, unknown> = {}) => [
    text(instrument, "survey: the instrument"),
    !(Array.isArray(answers) && answers.length <= MAX_ANSWERS) &&
      `survey: the answers must be a list of at most ${MAX_ANSWERS}.`,
    ...["scaleMin", "scaleMax", "sentiment"].map((key) => number(details[key], `survey: ${key}`)),
  ],
  segment: (map: Record<string, unknown>) => [
    object(map, "segment") ||
      (Object.keys(map).length > MAX_SEGMENT &&
        `segment: only the first ${MAX_SEGMENT} keys count.`),
    ...Object.entries(map ?? {}).map(
      ([key, value]) => text(key, "segment: a key") || text(value, `segment: ${key}`),
    ),
  ],
  variant: (name) => [text(name, "variant: the name")],
  on: () => ['on: there is only on("report", function).'],
  consent: () => ["consent: the choice must be granted or denied."],
};

/** What is wrong with `call` of these arguments. At least one sentence. Never throws. */
export function explain(call: string, args: readonly unknown[]): string[] {
  let sentences: (string | false | undefined)[] = [];
  try {
    sentences = rules[call]?.(...(args as never[])) ?? [];
  } catch {
    // Arguments are the page's: their getters may throw, and they may have changed meanwhile.
  }
  const wrong = sentences.filter((sentence) => !!sentence) as string[];
  return wrong.length ? wrong : [`${call}: an argument is wrong.`];
}
