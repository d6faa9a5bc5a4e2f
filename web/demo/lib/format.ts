// SPDX-License-Identifier: MIT
// Numbers as people read them: percentages, durations, money, bytes and intervals. Pure functions,
// one fixed notation (English, metric), so that the same value is the same text on every machine.

const nbsp = "\u00a0";
const enDash = "\u2013";

/** Lower and upper end of a confidence interval, in the unit of the value it belongs to. */
export type Interval = readonly [number, number];

/** An integer with groups of thousands: 12345 -> "12,345". Not finite -> "–". */
export function count(value: number): string {
  if (!Number.isFinite(value)) return enDash;
  const digits = Math.abs(Math.round(value)).toString();
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ",");
  return Math.round(value) < 0 ? `\u2212${grouped}` : grouped;
}

/** A number with at most `places` decimals and no trailing zeros: 1.50 -> "1.5". */
export function decimal(value: number, places = 1): string {
  if (!Number.isFinite(value)) return enDash;
  const text = Math.abs(value).toFixed(places);
  const [whole = "0", fraction = ""] = text.split(".");
  const trimmed = fraction.replace(/0+$/, "");
  const result = count(Number(whole)) + (trimmed === "" ? "" : `.${trimmed}`);
  return value < 0 && result !== "0" ? `\u2212${result}` : result;
}

// Whole percent, but never a rounding that says "never" or "always" about what did happen.
function percentNumber(ratio: number): string {
  if (!Number.isFinite(ratio)) return enDash;
  if (ratio > 0 && ratio < 0.005) return "<1";
  if (ratio < 1 && ratio > 0.995) return ">99";
  return Math.round(ratio * 100).toString();
}

/** A ratio of 0 … 1 as whole percent; "<1 %" and ">99 %" where rounding would claim 0 or 100. */
export function percent(ratio: number): string {
  return `${percentNumber(ratio)}${nbsp}%`;
}

/** An interval of ratios: [0.34, 0.97] -> "34–97 %". */
export function percentInterval([low, high]: Interval): string {
  return `${percentNumber(low)}${enDash}${percentNumber(high)}${nbsp}%`;
}

/**
 * Seconds as people say them: "4.2 s" below ten seconds, "41 s" below a minute, "1 min 12 s" below
 * an hour, then "2 h 5 min". Parts that are zero are left out. Negative or not finite -> "–".
 */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return enDash;
  if (seconds < 9.95) return `${decimal(seconds, 1)}${nbsp}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${nbsp}s`;
  if (whole < 3600) return joinUnits(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(seconds / 60);
  return joinUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** Seconds to be heard: "41 seconds", "1 minute 12 seconds". Negative or not finite -> "no time". */
export function spokenDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "no time";
  const whole = Math.round(seconds);
  const parts = [
    whole >= 60 ? plural(Math.floor(whole / 60), "minute") : "",
    whole % 60 > 0 || whole < 60 ? plural(whole % 60, "second") : "",
  ];
  return parts.filter(Boolean).join(" ");
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const head = count(large) + nbsp + largeUnit;
  return small === 0 ? head : head + nbsp + small + nbsp + smallUnit;
}

/** An interval of seconds: "41 s – 1 min 12 s", or "41–72 s" when both ends are whole seconds. */
export function durationInterval([low, high]: Interval): string {
  const [from, to] = [duration(low), duration(high)];
  const bare = new RegExp(`^[\\d.]+${nbsp}s$`);
  if (bare.test(from) && bare.test(to)) return from.slice(0, -2) + enDash + to;
  return `${from} ${enDash} ${to}`;
}

/** A running clock: 14200 ms -> "00:14"; from one hour on "1:00:00". Never negative. */
export function clock(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000)) || 0;
  const two = (n: number) => n.toString().padStart(2, "0");
  const [hours, minutes, seconds] = [
    Math.floor(total / 3600),
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  const tail = `${two(minutes)}:${two(seconds)}`;
  return hours === 0 ? tail : `${hours}:${tail}`;
}

/** Bytes in decimal units: "0 bytes", "1 byte", "4.1 kB", "2 MB". */
export function bytes(value: number): string {
  if (!Number.isFinite(value) || value < 0) return enDash;
  if (value < 999.5) return plural(Math.round(value), "byte");
  if (value < 999_500) return `${decimal(value / 1e3, value < 9950 ? 1 : 0)}${nbsp}kB`;
  return `${decimal(value / 1e6, 1)}${nbsp}MB`;
}

/** Milliseconds of cost: "0 ms", "0.4 ms", "12 ms"; "<0.1 ms" for what is more than nothing. */
export function milliseconds(value: number): string {
  if (!Number.isFinite(value) || value < 0) return enDash;
  if (value > 0 && value < 0.1) return `<0.1${nbsp}ms`;
  return `${decimal(value, value < 9.95 ? 1 : 0)}${nbsp}ms`;
}

/** "1 session", "2 sessions"; words with their own plural pass it. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return count(n) + nbsp + (n === 1 ? one : many);
}

/** "3 of 4 attempts": what a rate is made of. The noun follows the second number. */
export function share(x: number, n: number, one: string, many = `${one}s`): string {
  return `${count(x)} of ${plural(n, one, many)}`;
}

/** Money from minor units: 18900 -> "189 €", 1450 -> "14.50 €". */
export function price(cents: number): string {
  if (!Number.isFinite(cents)) return enDash;
  const whole = Math.trunc(Math.abs(cents) / 100);
  const rest = Math.round(Math.abs(cents)) % 100;
  const fraction = rest === 0 ? "" : `.${rest.toString().padStart(2, "0")}`;
  return `${cents < 0 ? "\u2212" : ""}${count(whole)}${fraction}${nbsp}€`;
}

/** What a rate needs to be put into words. */
export interface Rate {
  value: number;
  x?: number | undefined;
  n?: number | undefined;
  ci?: Interval | null | undefined;
}

/**
 * A rate in words: `lead` is what stands large, `rest` what explains it.
 *
 * Below 20 observations the interval leads, because there the point alone misleads:
 * "34–97 %" and "67 %, 2 of 3 attempts". From 20 on the point leads: "67 %" and
 * "95 % interval 54–78 %, 40 of 60 attempts". Without an interval the point always leads.
 */
export function rate(
  { value, x, n, ci }: Rate,
  one: string,
  many = `${one}s`,
): { lead: string; rest: string } {
  const parts: string[] = [];
  const intervalLeads = ci != null && n !== undefined && n < 20;
  if (intervalLeads) parts.push(percent(value));
  else if (ci != null) parts.push(`95${nbsp}% interval ${percentInterval(ci)}`);
  if (x !== undefined && n !== undefined) parts.push(share(x, n, one, many));
  else if (n !== undefined) parts.push(plural(n, one, many));
  return { lead: intervalLeads ? percentInterval(ci) : percent(value), rest: parts.join(", ") };
}

/** A KPI's definition on one line: "bounce_rate v1 · bounce_mode = ga4". */
export function definition(
  id: string,
  version: number | string,
  options: Readonly<Record<string, unknown>>,
): string {
  const settings = Object.keys(options)
    .sort()
    .map((name) => `${name} = ${optionText(options[name])}`);
  return [`${id} v${version}`, ...settings].join(" · ");
}

function optionText(value: unknown): string {
  if (Array.isArray(value)) return value.map(optionText).join(", ");
  return value === null || value === undefined ? "none" : String(value);
}
