// SPDX-License-Identifier: MIT
// Hands an option of the KPI specification to the core.
import type { CoreModule } from "./core_module.js";
import type { KpiOption } from "./types.js";

// Ends each item of a list of texts (src/bindings/embind.cpp).
const ITEM_END = "\x1f";

const listOf = (items: readonly string[]) => items.map((item) => item + ITEM_END).join("");

// A text, or the step { page } or { goal } of a funnel as one.
function textOf(item: unknown): string {
  if (typeof item !== "object" || !item) return String(item);
  const [entry, ...more] = Object.entries(item);
  // What is no step becomes a text that the core refuses.
  return entry && !more.length ? entry.join(" ") : "";
}

/** Sets the option `name`; `put` copies bytes to the core's buffer. Both give a status. */
export function setOption(
  core: CoreModule,
  put: (bytes: Uint8Array) => number,
  name: string,
  value: KpiOption,
): number {
  const encoder = new TextEncoder();
  const nameBytes = encoder.encode(name).length;
  const numbers = (key: string, values: readonly unknown[]) => {
    const text = encoder.encode(key);
    const bytes = new Uint8Array(Math.ceil(text.length / 8) * 8 + values.length * 8);
    bytes.set(text);
    bytes.set(
      new Uint8Array(Float64Array.from(values, Number).buffer),
      bytes.length - values.length * 8,
    );
    return put(bytes) || core.setNumbers(text.length, values.length);
  };
  const text = (value: string) => {
    const bytes = encoder.encode(name + value);
    return put(bytes) || core.setText(nameBytes, bytes.length);
  };
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === "number")
      ? numbers(name, value)
      : text(listOf(value.map(textOf)));
  }
  if (typeof value === "string") return text(value);
  if (typeof value !== "object" || !value) {
    return (
      put(encoder.encode(name)) || core.setNumber(nameBytes, value === null ? NaN : Number(value))
    );
  }
  const lists = Object.values(value) as (readonly (number | boolean)[])[];
  // Lists of different lengths are no table: without their numbers the core refuses it.
  const isTable = lists.every((list) => list.length === lists[0]?.length);
  return numbers(
    name + ITEM_END + listOf(Object.keys(value)),
    isTable ? ([] as (number | boolean)[]).concat(...lists) : [],
  );
}
