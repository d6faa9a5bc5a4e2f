// SPDX-License-Identifier: MIT
// Tasks, goals, cart and social actions that the page declares in attributes: on what is clicked, and
// on body and main for reaching a page.
import { ACTIONS } from "../actions.js";
import type { Capture } from "../capture.js";
import { cart, conversion, social } from "../events.gen.js";
import { scrub } from "../scrub.js";
import { ENDS, type Tasks } from "../tasks.js";
import type { TaskOptions } from "../types.js";

const OPTIONS = [
  ["optimal", "optimal"],
  ["opportunities", "opportunities"],
  ["specTimeMs", "spec-ms"],
] as const;
const ACTION_LAYOUTS = [
  ["cart", cart],
  ["social", social],
] as const;
const CLICKABLE = ["task-start", ...ENDS.map((end) => `task-${end}`), "goal", "cart", "social"]
  .map((name) => `[data-insitu-${name}]`)
  .join();
const ON_PAGE = "body,main";

export const taskAttributes =
  (tasks: Tasks) =>
  (capture: Capture): void => {
    const { _listen, _onSettled } = capture;
    const act = (element: Element) => {
      const read = (name: string) => scrub(element.getAttribute(`data-insitu-${name}`) || "");
      const start = read("task-start");
      if (start) {
        const options: TaskOptions = {};
        for (const [key, name] of OPTIONS) {
          const text = read(`task-${name}`);
          if (text) options[key] = +text;
        }
        tasks._declare(start, options);
        tasks._start(start);
      }
      for (const end of ENDS) {
        const name = read(`task-${end}`);
        if (name) tasks._end(name, end);
      }
      const goal = read("goal");
      if (goal) capture._write(conversion, goal);
      for (const [name, layout] of ACTION_LAYOUTS) {
        const action = read(name) as never;
        if (ACTIONS[name].includes(action)) capture._write(layout, action);
      }
    };
    _listen._on(document, "click", (event) => {
      const target = event.composedPath()[0];
      if (!event.isTrusted || !(target instanceof Element)) return;
      const element = target.closest(CLICKABLE);
      // Page marks are no buttons: they were read when the page was reached.
      if (element && !element.matches(ON_PAGE)) act(element);
    });
    _onSettled.push(() => {
      for (const element of document.querySelectorAll(ON_PAGE)) act(element);
    });
  };
