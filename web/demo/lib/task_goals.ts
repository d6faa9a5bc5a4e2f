// SPDX-License-Identifier: MIT
// What a visitor is asked to do, by the name that Insitu knows the task by.

export const taskGoals = {
  "find-tent": "Find a tent under 200\u00a0€ and put it in the cart.",
  checkout: "Check out.",
  "order-status": "Find the status of your order in your account.",
} as const;

export type TaskName = keyof typeof taskGoals;

/** The goal of a task, or its name when it is none of the shop's. */
export function goalOf(name: string): string {
  return name in taskGoals ? taskGoals[name as TaskName] : name;
}
