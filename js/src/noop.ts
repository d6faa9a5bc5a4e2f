// SPDX-License-Identifier: MIT
// The same surface where nothing is captured: on a server, and for whoever is excluded.
import { createBooks } from "./status.js";
import type { Insitu, Report, Task } from "./types.js";

/** An Insitu that does nothing, and says why in status(). Its report has no KPI. */
export function createNoop(reason: string): Insitu {
  const nothing = () => {};
  const books = createBooks({});
  const off = { _kind: "none", _state: "waiting", _reason: reason } as const;
  const task: Task = {
    start: nothing,
    success: nothing,
    partial: nothing,
    fail: nothing,
    abandon: nothing,
    running: false,
    elapsedMs: 0,
  };
  const report = (): Report => ({
    version: 1,
    mode: "off",
    kpis: {},
    by_task: {},
    heatmaps: {},
    quality: {},
    cost: books._cost(),
  });
  return {
    task: () => task,
    tasks: () => [],
    page: nothing,
    goal: nothing,
    cart: nothing,
    order: nothing,
    refund: nothing,
    dispute: nothing,
    support: nothing,
    social: nothing,
    error: nothing,
    survey: nothing,
    segment: nothing,
    variant: nothing,
    report: async () => report(),
    partial: async () => "",
    heatmap: async () => null,
    on: () => nothing,
    export: async () => "",
    stored: async () => null,
    consent: nothing,
    optOut: nothing,
    forget: async () => {},
    flush: async () => {},
    status: () => books._status("off", "", off, off, 0),
  };
}
