// SPDX-License-Identifier: MIT
// Shares with their intervals, and numbers as people read them. Pure functions.

const nbsp = "\u00a0";
const Z95 = 1.959963984540054;

/**
 * The 95 % adjusted Wald interval of x of n (Agresti and Coull 1998), as ratios cut to 0 ... 1; null
 * for n = 0.
 */
export function adjustedWald(x: number, n: number): [low: number, high: number] | null {
  if (!(n > 0)) return null;
  const size = n + Z95 * Z95;
  const middle = (x + (Z95 * Z95) / 2) / size;
  const half = Z95 * Math.sqrt((middle * (1 - middle)) / size);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** "1 click", "2 clicks"; groups of thousands. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)}${nbsp}${n === 1 ? one : many}`;
}

export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** At most two decimals, without zeros at the end. */
export const decimal = (value: number) => String(Number(value.toFixed(value < 10 ? 2 : 0)));

/** Whole percent, but never a rounding that says "never" or "always" of what did happen. */
export function percent(ratio: number): string {
  return `${whole(ratio)}${nbsp}%`;
}

/** [0.46, 0.92] -> "46–92 %". */
export const interval = ([low, high]: readonly [number, number]) =>
  `${whole(low)}–${whole(high)}${nbsp}%`;

function whole(ratio: number): string {
  if (ratio > 0 && ratio < 0.005) return "<1";
  if (ratio < 1 && ratio > 0.995) return ">99";
  return String(Math.round(ratio * 100));
}
