// SPDX-License-Identifier: MIT
// Tasks, goals, cart and social actions that the page declares in attributes: on what is clicked, and
// on body and main for reaching a page.
import { ACTIONS } from "../actions.js";
import type { Capture } from "../capture.js";
import { cart, conversion, social } from "../events.gen.js";
import { scrub } from "../scrub.js";
import type { Outcome, Tasks } from "../tasks.js";
import type { TaskOptions } from "../types.js";

const START = "task-start";
const GOAL = "goal";
const ENDS: Record<string, Outcome> = {
  "task-success": "success",
  "task-partial": "partial",
  "task-fail": "failure",
  "task-abandon": "abandon",
};
const ACTION_WRITERS = [
  ["cart", cart],
  ["social", social],
] as const;
const ALL = [START, ...Object.keys(ENDS), GOAL, "cart", "social"].map(
  (name) => `[data-insitu-${name}]`,
);
const CLICKABLE = ALL.join();
const ON_PAGE = ["body", "main"].map((tag) => ALL.map((rest) => tag + rest)).join();

export const taskAttributes =
  (tasks: Tasks) =>
  (capture: Capture): void => {
    const { _listen, _onSettled, _writer } = capture;
    const act = (element: Element) => {
      const read = (name: string) => scrub(element.getAttribute(`data-insitu-${name}`) ?? "");
      const start = read(START);
      if (start) {
        tasks._declare(start, options(read));
        tasks._start(start);
      }
      for (const attribute in ENDS) {
        const name = read(attribute);
        if (name) tasks._end(name, ENDS[attribute] as Outcome);
      }
      const goal = read(GOAL);
      if (goal && capture._begin()) conversion(_writer, _writer._string(goal));
      for (const [name, write] of ACTION_WRITERS) {
        const action = read(name) as never;
        if (ACTIONS[name].includes(action) && capture._begin()) {
          write(_writer, _writer._string(action));
        }
      }
    };
    _listen._on("task", document, "click", (event) => {
      const target = event.composedPath()[0];
      if (!event.isTrusted || !(target instanceof Element)) return;
      const element = target.closest(CLICKABLE);
      // Page marks are no buttons: they were read when the page was reached.
      if (element && !element.matches("body,main")) act(element);
    });
    _onSettled.push(() => {
      for (const element of document.querySelectorAll(ON_PAGE)) act(element);
    });
  };

function options(read: (name: string) => string): TaskOptions {
  const found: TaskOptions = {};
  const set = (key: keyof TaskOptions, name: string) => {
    const text = read(name);
    if (text) found[key] = +text;
  };
  set("optimal", "task-optimal");
  set("opportunities", "task-opportunities");
  set("specTimeMs", "task-spec-ms");
  return found;
}
