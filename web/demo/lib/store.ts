// SPDX-License-Identifier: MIT
// What the shop remembers in this tab: sessionStorage where the browser allows it, plain memory
// where it does not (blocked cookies, sandboxed frames), so the shop works either way.

// Only what the browser would not keep.
const memory = new Map<string, string>();
const prefix = "fernweh.";

/** The value kept under `key`, or `fallback` when there is none or it cannot be read. */
export function load<T>(key: string, fallback: T, isValid: (value: unknown) => value is T): T {
  const text = memory.get(key) ?? read(key);
  if (text === null) return fallback;
  try {
    const value: unknown = JSON.parse(text);
    return isValid(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

/** Keeps a JSON value under `key`. */
export function save(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  memory.delete(key);
  try {
    sessionStorage.setItem(prefix + key, text);
  } catch {
    memory.set(key, text);
  }
}

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

/** Forgets what was kept under `key`. */
export function drop(key: string): void {
  memory.delete(key);
  try {
    sessionStorage.removeItem(prefix + key);
  } catch {
    // Nothing was kept there.
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
