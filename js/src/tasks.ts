// SPDX-License-Identifier: MIT
// Task attempts of this tab.
import type { Capture } from "./capture.js";
import { taskEnd, taskStart } from "./events.gen.js";
import type { Attempt } from "./tab.js";
import type { RunningTask, TaskOptions, TaskReference } from "./types.js";

/** How an attempt can end, by the names of the API and of attributes. */
export const ENDS = ["success", "partial", "fail", "abandon"] as const;
export type End = (typeof ENDS)[number];

export class Tasks {
  private readonly _options = new Map<string, TaskOptions>();

  constructor(private readonly _capture: Capture) {}

  /** What holds for attempts at `name` from now on. */
  _declare(name: string, options: TaskOptions): void {
    this._options.set(name, { ...this._options.get(name), ...options });
  }

  /** False: an attempt runs already, nothing changed. */
  _start(name: string): boolean {
    const latest = this._latest(name);
    if (latest.startedAt) return false;
    const { _tab } = this._capture;
    const attempt = latest.attempt + 1;
    _tab._attempts.set(name, { attempt, startedAt: Date.now() });
    _tab._save();
    const { opportunities, optimal, specTimeMs } = this._options.get(name) || {};
    this._capture._write(
      taskStart,
      name,
      attempt,
      whole(opportunities),
      whole(optimal),
      whole(specTimeMs),
    );
    return true;
  }

  /** False: no attempt runs, nothing changed. */
  _end(name: string, end: End): boolean {
    const { _tab } = this._capture;
    const state = this._latest(name);
    if (!state.startedAt) return false;
    state.startedAt = 0;
    _tab._save();
    this._capture._write(taskEnd, name, state.attempt, end === "fail" ? "failure" : end);
    return true;
  }

  /** When the running attempt began, 0 when none runs. */
  _startedAt(name: string): number {
    return this._latest(name).startedAt;
  }

  _running(): RunningTask[] {
    const now = Date.now();
    return [...this._capture._tab._attempts]
      .filter(([, state]) => state.startedAt)
      .map(([name, { attempt, startedAt }]) => ({
        name,
        attempt,
        startedAt,
        elapsedMs: Math.max(0, now - startedAt),
      }));
  }

  /** What an error or a survey is about: a task and its attempt, NaN when not known. */
  _about(reference: TaskReference, guess: boolean): { task: string; attempt: number } {
    const [only, more] = guess ? this._running() : [];
    const task = reference.task || (only && !more ? only.name : "");
    const { attempt } = this._latest(task);
    return { task, attempt: reference.attempt ?? (attempt < 0 ? Number.NaN : attempt) };
  }

  // Of the attempts at a task.
  private _latest(name: string): Attempt {
    return this._capture._tab._attempts.get(name) || { attempt: -1, startedAt: 0 };
  }
}

// The core takes whole numbers here; NaN is "not declared".
const whole = (value: number | undefined) => Math.round(value as number);
