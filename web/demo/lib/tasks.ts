// SPDX-License-Identifier: MIT
// The three things a visitor is asked to try, and how the shop sees whether they worked. The
// shop knows only success and failure; times, rates and intervals are Insitu's work.

import type { Insitu, TaskOptions } from "insitu";
import { lines } from "./cart.js";
import { isTentUnder200 } from "./catalog.js";
import { drop, isRecord, load, save } from "./store.js";
import type { TaskName } from "./task_goals.js";

export interface Task {
  name: TaskName;
  /** One more sentence for the card. */
  hint: string;
  /** What to tell Insitu about the task when it starts. */
  options(): TaskOptions;
  /** When the visitor says "done": whether it is true, seen from the page `view`. */
  isDone(view: string): boolean;
  /** Why a claimed success is none. */
  notDone: string;
}

export const tasks: readonly Task[] = [
  {
    name: "find-tent",
    hint: "The goods are further down. Done as soon as the right one is in.",
    // The list and the product.
    options: () => ({ optimal: 2, opportunities: 2, specTimeMs: 60_000 }),
    isDone: () => hasTentUnder200(),
    notDone: "There is no tent under 200\u00a0€ in the cart.",
  },
  {
    name: "checkout",
    hint: "With what is in your cart; if it is empty, anything will do.",
    // This page, the cart, the checkout; with an empty cart one product before. Five fields.
    options: () => ({ optimal: lines().length > 0 ? 3 : 4, opportunities: 5, specTimeMs: 120_000 }),
    isDone: () => false,
    notDone: "No order has been placed.",
  },
  {
    name: "order-status",
    hint: "Mara, whose account this is, has ordered before.",
    // This page, the account, its orders.
    options: () => ({ optimal: 3, opportunities: 2, specTimeMs: 45_000 }),
    isDone: (view) => view === "/account/orders",
    notDone: "The status was not on this page.",
  },
];

/** Whether the cart solves the first task. */
export function hasTentUnder200(): boolean {
  return lines().some(({ product }) => isTentUnder200(product));
}

export type Outcome = "success" | "failure" | "abandon";

/** How the last attempt at a task ended. */
export interface Result {
  name: TaskName;
  outcome: Outcome;
  elapsedMs: number;
  /** Why it failed; empty otherwise. */
  why: string;
  /** ms since 1970, to show the result for a while on the next page too. */
  at: number;
}

type Results = Partial<Record<TaskName, Result>>;

const isResults = (value: unknown): value is Results => isRecord(value);

/** How each task ended last, in this tab. */
export const results = (): Results => load("results", {}, isResults);

/** The running task of this tab, or undefined. The shop lets only one run at a time. */
export function runningTask(insitu: Insitu): { task: Task; elapsedMs: number } | undefined {
  for (const task of tasks) {
    const handle = insitu.task(task.name);
    if (handle.running) return { task, elapsedMs: handle.elapsedMs };
  }
  return undefined;
}

/** Starts a task, unless one is running. */
export function start(insitu: Insitu, task: Task): void {
  if (runningTask(insitu)) return;
  insitu.task(task.name, task.options()).start();
  const { [task.name]: _, ...others } = results();
  save("results", others);
  changed();
}

/** Ends a task if it is running; does nothing otherwise. */
export function end(insitu: Insitu | null, name: TaskName, outcome: Outcome, why = ""): void {
  const handle = insitu?.task(name);
  if (!handle?.running) return;
  const { elapsedMs } = handle;
  if (outcome === "success") handle.success();
  else if (outcome === "failure") handle.fail();
  else handle.abandon();
  save("results", { ...results(), [name]: { name, outcome, elapsedMs, why, at: Date.now() } });
  changed();
}

/** Forgets how the tasks ended. */
export function forgetResults(): void {
  drop("results");
  changed();
}

// Cards and task bar draw themselves anew.
function changed(): void {
  document.dispatchEvent(new Event("fernweh:task"));
}
