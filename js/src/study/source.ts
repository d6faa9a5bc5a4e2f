// SPDX-License-Identifier: MIT
// Where a heatmap gets its numbers: from the Insitu of the page, or from a kept log.
import { type Grid, gridOfLog, type HeatKind } from "./grid.js";

export interface Query {
  page?: string;
  kind: HeatKind;
  /** null: all states. */
  state: string | null;
}

export interface Source {
  /** null: there is nothing of that page. Rejects with a sentence for the researcher. */
  grid(query: Query): Promise<Grid | null>;
  /** Calls when there is news; gives what ends that. */
  watch?(listener: () => void): () => void;
}

/** The part of Insitu (../types.ts) that is needed. */
export interface InsituLike {
  heatmap(query?: object): Promise<unknown>;
  export(format: "ndjson"): Promise<string>;
  on(type: "report", listener: () => void): () => void;
}

/** Insitu of this page by its script tag; null where there is none. */
export function insituOfPage(): InsituLike | null {
  const found = (window as { insitu?: Partial<InsituLike> }).insitu;
  return typeof found?.heatmap === "function" ? (found as InsituLike) : null;
}

/** Of an Insitu. A core that counts by page only is helped out by the kept log. */
export function sourceOf(insitu: InsituLike): Source {
  return {
    async grid({ page, kind, state }) {
      const query = { ...(page ? { page } : {}), kind, ...(state === null ? {} : { state }) };
      const grid = (await insitu.heatmap(query)) as Grid | null;
      if (!grid || Array.isArray(grid.elements)) return grid;
      if (kind !== "click" && kind !== "first_click") {
        throw new Error("This Insitu counts no such clicks yet.");
      }
      return gridOfLog(await insitu.export("ndjson"), page ?? grid.page, kind, state);
    },
    watch: (listener) => insitu.on("report", listener),
  };
}

/** Of a kept log (NDJSON); `page` when a query names none. */
export function sourceOfLog(ndjson: string, page: string): Source {
  return {
    async grid(query) {
      if (query.kind !== "click" && query.kind !== "first_click") {
        throw new Error("A log alone tells clicks and first clicks; the others need the core.");
      }
      return gridOfLog(ndjson, query.page ?? page, query.kind, query.state);
    },
  };
}
