// SPDX-License-Identifier: MIT
// The only place that listens to the page: passive, guarded, timed and undoable.
import { documents } from "./frames.js";

/** Own time of one signal. */
export interface SignalCost {
  ms: number;
  calls: number;
}

const PASSIVE = { capture: true, passive: true };

export class Listen {
  readonly _costs: Record<string, SignalCost> = {};
  private readonly _undo: [name: string, undo: () => void][] = [];
  private readonly _off = new Set<string>();
  private readonly _shared: [type: string, run: (event: Event) => void][] = [];

  /** `onFail` is told which signal threw what; that signal is switched off. */
  constructor(private readonly _onFail: (name: string, error: unknown) => void) {}

  /**
   * Calls `handle` for each event of `type` at `target`, in the capture phase, for signal `name`.
   * Target null: this document and those of its frames (frames.ts). Gives what listens.
   */
  _on<E extends Event>(
    name: string,
    target: EventTarget | null,
    type: string,
    handle: (event: E) => void,
  ): (event: Event) => void {
    const run = this._guard(name, handle as (event: Event) => void);
    const targets = () => (target ? [target] : documents());
    for (const each of targets()) this._add(each, type, run);
    if (!target) this._shared.push([type, run]);
    this._ending(name, () => {
      for (const each of targets()) each.removeEventListener(type, run, PASSIVE);
    });
    return run;
  }

  /**
   * The same for the `run` of another target, and for a target that may go before us: it is not held,
   * and its listener stays but does nothing once its signal is off. No effect the second time.
   */
  _add(target: EventTarget, type: string, run: (event: Event) => void): void {
    target.addEventListener(type, run, PASSIVE);
  }

  /** There may be new frames. */
  _spread(): void {
    // Adding the same listener again changes nothing.
    for (const each of documents()) {
      for (const [type, run] of this._shared) this._add(each, type, run);
    }
  }

  /** What to do when signal `name` is switched off. */
  _ending(name: string, undo: () => void): void {
    this._undo.push([name, undo]);
  }

  /** `work`, timed as `name`, with what it throws kept from the page. For timers and callbacks. */
  _guard<A>(name: string, work: (argument: A) => void): (argument: A) => void {
    // Made once, so that a call allocates nothing.
    const cost = this._cost(name);
    return (argument) => {
      if (this._off.has(name)) return;
      const start = performance.now();
      try {
        work(argument);
      } catch (error) {
        this._stop(name);
        this._onFail(name, error);
      }
      cost.ms += performance.now() - start;
      cost.calls++;
    };
  }

  /** Where the time of `name` is booked. */
  _cost(name: string): SignalCost {
    this._costs[name] ||= { ms: 0, calls: 0 };
    return this._costs[name];
  }

  /** Switches one signal off, or all of them. */
  _stop(name?: string): void {
    for (const [signal, undo] of this._undo) if (!name || signal === name) undo();
    for (const signal of name ? [name] : Object.keys(this._costs)) this._off.add(signal);
  }
}
