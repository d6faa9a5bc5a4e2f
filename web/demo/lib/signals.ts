// SPDX-License-Identifier: MIT
// Which button of "Break it" a signal of frustration belongs to. Reports count signals of the whole
// browser; here they are matched with the clicks on those buttons. Pure functions.

import type { Report } from "insitu";
import { definitions } from "./definitions.gen.js";

export type Signal = "dead" | "error" | "rage";

/** How often each signal has fired in this browser. */
export type Counts = Readonly<Record<Signal, number>>;

/** A click on one of the buttons: which one, and when in ms of the page's clock. */
export interface Press {
  button: string;
  at: number;
  /** True once the page has answered it, so that it cannot be a dead click any more. */
  answered?: boolean;
}

/** A signal that has fired for a button. */
export interface Fired {
  signal: Signal;
  button: string;
}

/** The limits that a report judges clicks by: its own options, else the defaults. */
export interface Limits {
  deadMs: number;
  errorMs: number;
  rageClicks: number;
  ragePx: number;
  rageMs: number;
}

const numberIn = (fields: Readonly<Record<string, unknown>> | undefined, name: string) => {
  const value = fields?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

export function countsOf({ kpis }: Report): Counts {
  return {
    dead: numberIn(kpis.dead_click_rate, "x") ?? 0,
    error: numberIn(kpis.error_click_rate, "x") ?? 0,
    // The rate counts visits; a visit can hold several bursts.
    rage: numberIn(kpis.rage_click_rate, "episodes") ?? 0,
  };
}

export function limitsOf(report?: Report): Limits {
  const limit = (kpi: string, option: string) =>
    numberIn(report?.kpis[kpi]?.definition.options, option) ??
    Number(definitions[kpi]?.options[option]);
  return {
    deadMs: limit("dead_click_rate", "dead_ms"),
    errorMs: limit("error_click_rate", "error_click_ms"),
    rageClicks: limit("rage_click_rate", "rage_clicks"),
    ragePx: limit("rage_click_rate", "rage_px"),
    rageMs: limit("rage_click_rate", "rage_ms"),
  };
}

/**
 * The signals that came between two reports, each with the button it is about. A dead click is the
 * oldest press that has waited long enough; an error click the latest press of a button that throws;
 * a burst belongs to the button pressed last, often enough. Signals of clicks elsewhere on the
 * site, of other tabs for example, belong to none. Dead presses are taken out of `presses`.
 *
 * `throwing`: the buttons that throw. O(presses).
 */
export function firedBetween(
  before: Counts,
  after: Counts,
  presses: Press[],
  throwing: readonly string[],
  limits: Limits,
  now: number,
): Fired[] {
  const fired: Fired[] = [];
  if (after.error > before.error) {
    const press = presses.filter(({ button }) => throwing.includes(button)).pop();
    if (press) fired.push({ signal: "error", button: press.button });
  }
  if (after.rage > before.rage) {
    const last = presses[presses.length - 1];
    const many = presses.filter(({ button }) => button === last?.button);
    if (last && many.length >= limits.rageClicks)
      fired.push({ signal: "rage", button: last.button });
  }
  for (let dead = before.dead; dead < after.dead; ++dead) {
    const index = presses.findIndex(
      ({ button, at, answered }) =>
        !answered && !throwing.includes(button) && now - at >= limits.deadMs,
    );
    if (index < 0) break;
    const [press] = presses.splice(index, 1);
    if (press) fired.push({ signal: "dead", button: press.button });
  }
  return fired;
}
