// SPDX-License-Identifier: MIT
// The bar at the bottom of every page: the running task with its clock, or how it ended.

import type { Insitu } from "insitu";
import { el, setText } from "./dom.js";
import { clock, duration, spokenDuration } from "./format.js";
import { say, shadowOf } from "./shadow.js";
import { goalOf } from "./task_goals.js";
import { end, type Result, results, runningTask } from "./tasks.js";

// How long a result stays, also on the page that an ending task leads to.
const resultShownMs = 12_000;

/** Adds the bar to the page; `view` is the page's route as the tasks know it. */
export function addTaskBar(insitu: Insitu, view: () => string): void {
  const dot = el("span", { class: "dot", "aria-hidden": "true" });
  const goal = el("p", { class: "goal" });
  const digits = el("span");
  const time = el("span", { class: "clock", role: "timer", "aria-label": "Time on this task" });
  shadowOf(time, "", digits);
  const done = el("button", { type: "button", class: "button small" }, "Done?");
  const giveUp = el("button", { type: "button", class: "button small quiet" }, "I give up");
  const next = el("a", { class: "button small", href: "index.html#try" }, "Next task");
  const close = el("button", { type: "button", class: "button small quiet" }, "Close");
  const bar = el(
    "section",
    { class: "task-bar", "aria-label": "Your task", "data-insitu-ignore": "all", hidden: true },
    dot,
    goal,
    time,
    el("div", { class: "actions" }, done, giveUp, next, close),
  );
  document.body.append(bar);

  let dismissed = 0;
  let shown: Result | undefined;

  function latestResult(): Result | undefined {
    const shown = Object.values(results()).filter(
      (result) => result.at > dismissed && Date.now() - result.at < resultShownMs,
    );
    return shown.sort((a, b) => b.at - a.at)[0];
  }

  function draw(): void {
    const running = runningTask(insitu);
    shown = running ? undefined : latestResult();
    bar.hidden = !running && !shown;
    document.documentElement.classList.toggle("has-task-bar", !bar.hidden);
    done.hidden = giveUp.hidden = time.hidden = !running;
    close.hidden = !shown;
    next.hidden = !shown || view() === "/";
    if (running) {
      bar.dataset.state = "running";
      setText(goal, goalOf(running.task.name));
      setText(digits, clock(running.elapsedMs));
    } else if (shown) {
      bar.dataset.state = shown.outcome;
      setText(goal, sentence(shown));
    }
  }

  // Once a second, and of the page only what has changed: it would look like an answer to a click.
  function tick(): void {
    const running = runningTask(insitu);
    if (running) setText(digits, clock(running.elapsedMs));
    const result = running ? undefined : latestResult();
    if (bar.hidden === Boolean(running || result) || shown?.at !== result?.at) draw();
  }

  done.addEventListener("click", () => {
    const task = runningTask(insitu)?.task;
    if (!task) return;
    if (task.isDone(view())) end(insitu, task.name, "success");
    else end(insitu, task.name, "failure", task.notDone);
  });
  giveUp.addEventListener("click", () => {
    const task = runningTask(insitu)?.task;
    if (task) end(insitu, task.name, "abandon");
  });
  close.addEventListener("click", () => {
    dismissed = Date.now();
    draw();
  });
  document.addEventListener("fernweh:task", () => {
    draw();
    if (shown) say(spoken(shown));
  });
  setInterval(() => {
    if (document.visibilityState === "visible") tick();
  }, 500);
  draw();
}

/** How a task ended, in one sentence. */
export function sentence({ name, outcome, elapsedMs, why }: Result): string {
  const goal = goalOf(name);
  const time = duration(elapsedMs / 1000);
  if (outcome === "success") return `Done in ${time}: ${goal}`;
  if (outcome === "abandon") return `Given up after ${time}: ${goal}`;
  return `Not solved, after ${time}. ${why}`;
}

/** How a task ended, to be heard: "Task done in 41 seconds." */
export function spoken({ outcome, elapsedMs, why }: Result): string {
  const time = spokenDuration(elapsedMs / 1000);
  if (outcome === "success") return `Task done in ${time}.`;
  if (outcome === "abandon") return `Task given up after ${time}.`;
  return `Task not solved, after ${time}. ${why}`;
}
