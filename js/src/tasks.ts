// SPDX-License-Identifier: MIT
// Task attempts of this tab.
import type { Capture } from "./capture.js";
import { taskEnd, taskStart } from "./events.gen.js";
import type { RunningTask, TaskOptions, TaskReference } from "./types.js";

/** How an attempt can end, by the names of the API and of attributes. */
export const ENDS = ["success", "partial", "fail", "abandon"] as const;
export type End = (typeof ENDS)[number];

export interface Tasks {
  /** What holds for attempts at `name` from now on. */
  _declare(name: string, options: TaskOptions): void;
  /** False: an attempt runs already, nothing changed. */
  _start(name: string): boolean;
  /** False: no attempt runs, nothing changed. */
  _end(name: string, end: End): boolean;
  /** When the running attempt began, 0 when none runs. */
  _startedAt(name: string): number;
  _running(): RunningTask[];
  /** What an error or a survey is about: a task and its attempt, no number when not known. */
  _about(reference: TaskReference, guess: boolean): { task: string; attempt: number | undefined };
}

// The core takes whole numbers here; NaN is "not declared".
const whole = (value: number | undefined) => Math.round(value as number);

export function createTasks(capture: Capture): Tasks {
  const { _tab } = capture;
  const declared = new Map<string, TaskOptions>();

  // Of the attempts at a task.
  const latestOf = (name: string) => _tab._attempts.get(name) || { attempt: -1, startedAt: 0 };

  const running = () => {
    const now = Date.now();
    return [..._tab._attempts]
      .filter(([, state]) => state.startedAt)
      .map(([name, { attempt, startedAt }]) => ({
        name,
        attempt,
        startedAt,
        elapsedMs: Math.max(0, now - startedAt),
      }));
  };

  return {
    _declare(name, options) {
      declared.set(name, { ...declared.get(name), ...options });
    },
    _start(name) {
      const latest = latestOf(name);
      if (latest.startedAt) return false;
      const attempt = latest.attempt + 1;
      _tab._attempts.set(name, { attempt, startedAt: Date.now() });
      _tab._save();
      const { opportunities, optimal, specTimeMs } = declared.get(name) || {};
      capture._write(
        taskStart,
        name,
        attempt,
        whole(opportunities),
        whole(optimal),
        whole(specTimeMs),
      );
      return true;
    },
    _end(name, end) {
      const state = latestOf(name);
      if (!state.startedAt) return false;
      state.startedAt = 0;
      _tab._save();
      capture._write(taskEnd, name, state.attempt, end === "fail" ? "failure" : end);
      return true;
    },
    _startedAt: (name) => latestOf(name).startedAt,
    _running: running,
    _about(reference, guess) {
      const [only, more] = guess ? running() : [];
      const task = reference.task || (only && !more ? only.name : "");
      const { attempt } = latestOf(task);
      const own = reference.attempt;
      return { task, attempt: own == null && attempt >= 0 ? attempt : own };
    },
  };
}
