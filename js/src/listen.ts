// SPDX-License-Identifier: MIT
// The only place that listens to the page: passive, guarded, timed and undoable.
import { documents } from "./frames.js";
import type { Books, SignalCost } from "./status.js";

const PASSIVE = { capture: true, passive: true };

export interface Listen {
  /** The signal that starts right now. What is registered later has to say its `name`. */
  _signal: string;
  /**
   * Calls `handle` for each event of `type` at `target`, in the capture phase, for signal `name`.
   * Target null: this document and those of its frames (frames.ts). Gives what listens.
   */
  _on<E extends Event>(
    target: EventTarget | null,
    type: string,
    handle: (event: E) => void,
    name?: string,
  ): (event: Event) => void;
  /**
   * The same for the `run` of another target, and for a target that may go before us: it is not held,
   * and its listener stays but does nothing once its signal is off. No effect the second time.
   */
  _add(target: EventTarget, type: string, run: (event: Event) => void): void;
  /** There may be new frames. */
  _spread(): void;
  /** What to do when signal `name` is switched off. */
  _ending(undo: () => void, name?: string): void;
  /** `work`, timed as `name`, with what it throws kept from the page. For timers and callbacks. */
  _guard<A>(work: (argument: A) => void, name?: string): (argument: A) => void;
  /** Where the time of `name` is booked. */
  _cost(name: string): SignalCost;
  /** Switches one signal off, or all of them. */
  _stop(name?: string): void;
}

/** A signal that throws is switched off, and the books say which. */
export function createListen(books: Books): Listen {
  const undos: [name: string, undo: () => void][] = [];
  const off = new Set<string>();
  const shared: [type: string, run: (event: Event) => void][] = [];

  const listen: Listen = {
    _signal: "start",
    _on(target, type, handle, name) {
      const run = listen._guard(handle as (event: Event) => void, name);
      const targets = () => (target ? [target] : documents());
      for (const each of targets()) listen._add(each, type, run);
      if (!target) shared.push([type, run]);
      listen._ending(() => {
        for (const each of targets()) each.removeEventListener(type, run, PASSIVE);
      }, name);
      return run;
    },
    _add(target, type, run) {
      target.addEventListener(type, run, PASSIVE);
    },
    _spread() {
      // Adding the same listener again changes nothing.
      for (const each of documents()) {
        for (const [type, run] of shared) listen._add(each, type, run);
      }
    },
    _ending(undo, name = listen._signal) {
      undos.push([name, undo]);
    },
    _guard(work, name = listen._signal) {
      // Made once, so that a call allocates nothing.
      const cost = listen._cost(name);
      return (argument) => {
        if (off.has(name)) return;
        const start = performance.now();
        try {
          work(argument);
        } catch (error) {
          listen._stop(name);
          books._fail(`The signal ${name} failed and is off: ${error}`);
        }
        cost.ms += performance.now() - start;
        cost.calls++;
      };
    },
    _cost(name) {
      const { _costs } = books;
      _costs[name] ||= { ms: 0, calls: 0 };
      return _costs[name];
    },
    _stop(name) {
      for (const [signal, undo] of undos) if (!name || signal === name) undo();
      for (const signal of name ? [name] : Object.keys(books._costs)) off.add(signal);
    },
  };
  return listen;
}
