// SPDX-License-Identifier: MIT
// The signals by name, in the order in which they see an event. A click comes before the task it
// starts.
import type { Signal } from "../capture.js";
import type { Pages } from "../page.js";
import type { Tasks } from "../tasks.js";
import { clicks } from "./click.js";
import { errors } from "./error.js";
import { forms } from "./form.js";
import { frames } from "./frame.js";
import { heartbeats } from "./heartbeat.js";
import { moves } from "./move.js";
import { pageViews } from "./page_view.js";
import { reactions } from "./reaction.js";
import { scrolls } from "./scroll.js";
import { taskAttributes } from "./task.js";
import { visibilities } from "./visibility.js";

export const signals = (
  pages: Pages,
  tasks: Tasks,
  withMoves: boolean,
): Record<string, Signal> => ({
  page_view: pageViews(pages),
  click: clicks,
  reaction: reactions,
  ...(withMoves && { move: moves }),
  scroll: scrolls,
  visibility: visibilities,
  error: errors,
  form: forms,
  heartbeat: heartbeats,
  task: taskAttributes(tasks),
  frame: frames,
});
