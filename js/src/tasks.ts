// SPDX-License-Identifier: MIT
// Task attempts of this tab.
import type { Capture } from "./capture.js";
import { taskEnd, taskStart } from "./events.gen.js";
import type { RunningTask, TaskOptions, TaskReference } from "./types.js";

/** Names of the KPI specification. */
export type Outcome = "success" | "partial" | "failure" | "abandon";

export class Tasks {
  private readonly _options = new Map<string, TaskOptions>();

  constructor(private readonly _capture: Capture) {}

  /** What holds for attempts at `name` from now on. */
  _declare(name: string, options: TaskOptions): void {
    this._options.set(name, { ...this._options.get(name), ...options });
  }

  /** False: an attempt runs already, nothing changed. */
  _start(name: string): boolean {
    if (this._startedAt(name)) return false;
    const { _tab, _writer } = this._capture;
    const attempt = (_tab._attempts.get(name)?.attempt ?? -1) + 1;
    _tab._attempts.set(name, { attempt, startedAt: Date.now() });
    _tab._save();
    const { opportunities, optimal, specTimeMs } = this._options.get(name) ?? {};
    if (this._capture._begin()) {
      const task = _writer._string(name);
      taskStart(_writer, task, attempt, whole(opportunities), whole(optimal), whole(specTimeMs));
    }
    return true;
  }

  /** False: no attempt runs, nothing changed. */
  _end(name: string, outcome: Outcome): boolean {
    const { _tab, _writer } = this._capture;
    const state = _tab._attempts.get(name);
    if (!state?.startedAt) return false;
    state.startedAt = 0;
    _tab._save();
    if (this._capture._begin()) {
      taskEnd(_writer, _writer._string(name), state.attempt, _writer._string(outcome));
    }
    return true;
  }

  /** When the running attempt began, 0 when none runs. */
  _startedAt(name: string): number {
    return this._capture._tab._attempts.get(name)?.startedAt ?? 0;
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
    const running = guess && !reference.task ? this._running() : [];
    const task = reference.task ?? (running.length === 1 ? running[0]?.name : "") ?? "";
    const known = this._capture._tab._attempts.get(task)?.attempt;
    return { task, attempt: reference.attempt ?? known ?? Number.NaN };
  }
}

// The core takes whole numbers here; NaN is "not declared".
function whole(value: number | undefined): number {
  return Math.round(value ?? Number.NaN);
}
