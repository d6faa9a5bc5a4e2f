// SPDX-License-Identifier: MIT
// Which KPIs the panel shows, in which words. What they mean is decided by the report, which brings
// each KPI's definition along; here is only how a visitor reads them.

import type { Kpi, Report } from "insitu";
import {
  count,
  decimal,
  duration,
  durationInterval,
  type Interval,
  milliseconds,
  percent,
  plural,
  rate,
} from "./format.js";

/** A KPI that has a value, if there is data. */
export type ValuedKpi = Kpi & { value: number | null };

/** A KPI put into words. */
export interface Reading {
  /** What stands large; null while there is no data. */
  lead: string | null;
  /** What explains it: the point or the interval, and what they are made of. */
  rest: string;
  /** Where the point and the interval lie on a track of 0 … 1. */
  track?: Track;
}

export interface Track {
  point: number;
  ci: Interval | null;
  /** What the right end of the track stands for. Default: 100 %. */
  end?: string;
}

export interface KpiRow {
  id: string;
  name: string;
  /** One plain sentence. */
  explanation: string;
  /** How to get some data. */
  hint: string;
  read(kpi: ValuedKpi): Reading;
}

export interface KpiGroup {
  name: string;
  rows: readonly KpiRow[];
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

// A rate of x out of n things; its point and interval also on the track.
function rateOf(one: string, many?: string): KpiRow["read"] {
  return ({ value, x, n, ci }) => {
    if (value === null) return { lead: null, rest: "" };
    return { ...rate({ value, x, n, ci }, one, many), track: { point: value, ci: ci ?? null } };
  };
}

// A mean of times. As with rates, below 20 observations the interval leads.
function timeOf(one: string, many = `${one}s`): KpiRow["read"] {
  return ({ value, n, ci }) => {
    if (value === null) return { lead: null, rest: "" };
    const from = n === undefined ? "" : plural(n, one, many);
    if (!ci) return { lead: duration(value), rest: from };
    const track = timeTrack(value, ci);
    if (n !== undefined && n < 20) {
      return { lead: durationInterval(ci), rest: `typical ${duration(value)}, ${from}`, track };
    }
    const rest = `95\u00a0% interval ${durationInterval(ci)}, ${from}`;
    return { lead: duration(value), rest, track };
  };
}

/** The ends that a track of times may have, s: what is easy to read off. */
const timeEnds = [
  5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18_000, 36_000, 86_400,
] as const;

// From 0 to the first end that holds the interval; an interval longer than a day is cut off there.
function timeTrack(value: number, [low, high]: Interval): Track {
  const end = timeEnds.find((candidate) => candidate >= high) ?? 86_400;
  const at = (seconds: number) => Math.min(Math.max(seconds / end, 0), 1);
  return { point: at(value), ci: [at(low), at(high)], end: duration(end) };
}

// A 75th percentile in ms, with the share that is good by the thresholds of its definition.
function vitalOf(one: string): KpiRow["read"] {
  return (kpi) => {
    if (kpi.value === null) return { lead: null, rest: "" };
    const good = numberOf(kpi.good_share);
    const parts = [
      kpi.n === undefined ? "" : plural(kpi.n, one),
      good === undefined ? "" : `${percent(good)} of them good`,
    ];
    return { lead: milliseconds(kpi.value), rest: parts.filter(Boolean).join(", ") };
  };
}

const countOf: KpiRow["read"] = ({ value }) =>
  value === null ? { lead: null, rest: "" } : { lead: count(value), rest: "" };

export const groups: readonly KpiGroup[] = [
  {
    name: "Usability",
    rows: [
      {
        id: "task_success_rate",
        name: "Task success",
        explanation: "Attempts that reached their goal, of all attempts that were begun.",
        hint: "Start one of the three tasks.",
        read: rateOf("attempt"),
      },
      {
        id: "time_on_task",
        name: "Time on task",
        explanation:
          "Typical time of successful attempts: the geometric mean, which one slow attempt " +
          "does not pull up. The interval needs two.",
        hint: "Finish one of the three tasks.",
        read: timeOf("successful attempt"),
      },
      {
        id: "error_rate",
        name: "Errors per attempt",
        explanation: "Mistakes people made, such as a form entry that was refused, per attempt.",
        hint: "Start one of the three tasks; the checkout can refuse entries.",
        read: (kpi) => {
          if (kpi.value === null) return { lead: null, rest: "" };
          const [errors, touched] = [numberOf(kpi.errors), numberOf(kpi.share_with_error)];
          const parts = [
            errors !== undefined && kpi.n !== undefined
              ? `${plural(errors, "error")} in ${plural(kpi.n, "attempt")}`
              : "",
            touched !== undefined && errors ? `${percent(touched)} of attempts had one` : "",
          ];
          return { lead: decimal(kpi.value, 2), rest: parts.filter(Boolean).join("; ") };
        },
      },
      {
        id: "task_abandonment_rate",
        name: "Tasks given up",
        explanation: "Attempts given up or without an end, so a running one too, of all attempts.",
        hint: "Start one of the three tasks.",
        read: rateOf("attempt"),
      },
    ],
  },
  {
    name: "Frustration",
    rows: [
      {
        id: "rage_click_rate",
        name: "Visits with rage clicks",
        explanation: "Visits in which somebody hammered on one spot, of all visits.",
        hint: "Press the stubborn button, quickly.",
        read: (kpi) => {
          const reading = rateOf("visit")(kpi);
          const bursts = numberOf(kpi.episodes);
          if (reading.lead === null || !bursts) return reading;
          return { ...reading, rest: `${reading.rest}, ${plural(bursts, "burst")}` };
        },
      },
      {
        id: "dead_click_rate",
        name: "Dead clicks",
        explanation: "Clicks that nothing on the page answered in time, of all clicks judged.",
        hint: "Press the button without an answer.",
        read: rateOf("click"),
      },
      {
        id: "error_click_rate",
        name: "Error clicks",
        explanation: "Clicks that a script error followed at once, of all clicks.",
        hint: "Press the button with a bug.",
        read: rateOf("click"),
      },
      {
        id: "js_error_rate",
        name: "Script errors",
        explanation: "Errors of the page's own scripts per page view.",
        hint: "Open a page.",
        read: ({ value, x, n }) => {
          if (value === null) return { lead: null, rest: "" };
          const made =
            x === undefined || n === undefined
              ? ""
              : `${plural(x, "error")} in ${plural(n, "page view")}`;
          return { lead: `${decimal(value, 2)} per view`, rest: made };
        },
      },
    ],
  },
  {
    name: "Engagement",
    rows: [
      {
        id: "sessions",
        name: "Visits",
        explanation: "Visits to this shop; half an hour without a sign of life ends one.",
        hint: "You are in one.",
        read: countOf,
      },
      {
        id: "page_views",
        name: "Page views",
        explanation: "Pages shown, also the views inside the account page.",
        hint: "Open a page.",
        read: countOf,
      },
      {
        id: "pages_per_visit",
        name: "Pages per visit",
        explanation: "Page views divided by visits.",
        hint: "Open a page.",
        read: ({ value, n }) =>
          value === null
            ? { lead: null, rest: "" }
            : { lead: decimal(value, 1), rest: n === undefined ? "" : plural(n, "visit") },
      },
      {
        id: "bounce_rate",
        name: "Bounces",
        explanation: "Visits that saw a single page, of all visits.",
        hint: "Open a page.",
        read: rateOf("visit"),
      },
      {
        id: "engagement_rate",
        name: "Engaged visits",
        explanation: "Visits with more than ten seconds of attention, a second page, or a goal.",
        hint: "Stay a moment.",
        read: rateOf("visit"),
      },
      {
        id: "average_session_duration",
        name: "Length of a visit",
        explanation: "From the first to the last sign of life, on average.",
        hint: "Click something.",
        read: timeOf("visit"),
      },
      {
        id: "active_time",
        name: "Active time",
        explanation:
          "The part of a visit in which the page was in view and used; 30 seconds without a sign " +
          "of life pause it.",
        hint: "Click something.",
        read: timeOf("visit"),
      },
      {
        id: "number_of_clicks",
        name: "Clicks",
        explanation: "Clicks, taps and their keyboard equals. This panel does not count.",
        hint: "Click something in the shop.",
        read: (kpi) => {
          if (kpi.value === null) return { lead: null, rest: "" };
          const perView = numberOf(kpi.per_page_view);
          return {
            lead: count(kpi.value),
            rest: perView === undefined ? "" : `${decimal(perView, 1)} per page view`,
          };
        },
      },
      {
        id: "scroll_depth",
        name: "Scroll depth",
        explanation: "How much of the page came into view, on average over page views.",
        hint: "Scroll down.",
        read: (kpi) => {
          if (kpi.value === null) return { lead: null, rest: "" };
          const views = kpi.n === undefined ? "" : plural(kpi.n, "page view");
          return {
            lead: percent(kpi.value),
            rest: [views, reachText(kpi.reach)].filter(Boolean).join("; "),
            track: { point: kpi.value, ci: null },
          };
        },
      },
    ],
  },
  {
    name: "Conversion",
    rows: [
      {
        id: "conversion_rate",
        name: "Conversion",
        explanation: "Visitors who placed an order, of all visitors. Only you, in your browser.",
        hint: "Open a page.",
        read: rateOf("visitor"),
      },
    ],
  },
  {
    name: "Performance",
    rows: [
      {
        id: "lcp_p75",
        name: "Largest content shown",
        explanation: "Time until the largest part of a page is there; three of four are faster.",
        hint: "Open another page: it is known when a page is left.",
        read: vitalOf("page view"),
      },
      {
        id: "inp_p75",
        name: "Answer to an input",
        explanation: "Time from an input to the next picture; three of four are faster.",
        hint: "Click, then open another page.",
        read: vitalOf("page view"),
      },
    ],
  },
];

// "half of the page in 67 %, its end in 33 %": two of the thresholds of `reach`.
function reachText(reach: unknown): string {
  if (typeof reach !== "object" || reach === null) return "";
  const at = (threshold: number) => {
    const entry = Object.entries(reach).find(([key]) => Number(key) === threshold);
    return numberOf(entry?.[1]);
  };
  const [half, end] = [at(0.5), at(1)];
  if (half === undefined || end === undefined) return "";
  return `half of it in ${percent(half)}, the end in ${percent(end)}`;
}

/** The rows of one task for a table: "find-tent", "1 of 2", "41 s". */
export function taskRows(report: Report): { task: string; success: string; time: string }[] {
  return Object.entries(report.by_task).map(([task, kpis]) => {
    const success = kpis.task_success_rate as Kpi | undefined;
    const time = kpis.time_on_task as Kpi | undefined;
    return {
      task,
      success:
        success?.x === undefined || success.n === undefined
          ? "–"
          : `${count(success.x)} of ${count(success.n)}`,
      time: time?.value == null ? "–" : duration(time.value),
    };
  });
}
