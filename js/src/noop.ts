// SPDX-License-Identifier: MIT
// The same surface where nothing is captured: on a server, and for whoever is excluded.
import type { Insitu, Report, Status, Task, UploadStatus } from "./types.js";

/** Nothing is uploaded. */
export const noUpload = (): UploadStatus => ({
  state: "off",
  pending: 0,
  sent: 0,
  refused: 0,
  lastError: "",
  nextTryMs: 0,
});

/** An Insitu that does nothing, and says why in status(). Its report has no KPI. */
export function createNoop(version: string, reason: string): Insitu {
  const nothing = () => {};
  const cost = { handlersMs: 0, events: 0, perSignal: {}, bytesStored: 0, bytesSent: 0 };
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
    cost,
  });
  const status = (): Status => ({
    version,
    site: "",
    mode: "off",
    storage: "none",
    storageReason: reason,
    core: { state: "waiting", reason },
    events: { accepted: 0, stored: 0, folded: 0, inFlight: 0, dropped: {} },
    bytes: { stored: 0, sent: 0, logDropped: 0 },
    upload: noUpload(),
    cost,
    leader: false,
    warnings: [],
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
    status,
  };
}
