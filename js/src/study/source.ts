// SPDX-License-Identifier: MIT
// Where a heatmap gets its numbers: from the Insitu of the page, or from what `insitu heatmap` has
// counted in a log.
import type { Grid, HeatKind, HeatmapQuery } from "../types.js";

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
  heatmap(query?: HeatmapQuery): Promise<Grid | null>;
  on(type: "report", listener: () => void): () => void;
}

/** Insitu of this page by its script tag; null where there is none. */
export function insituOfPage(): InsituLike | null {
  const found = (window as { insitu?: Partial<InsituLike> }).insitu;
  return typeof found?.heatmap === "function" ? (found as InsituLike) : null;
}

/** Of an Insitu. */
export function sourceOf(insitu: InsituLike): Source {
  return {
    grid: ({ page, kind, state }) =>
      insitu.heatmap({ ...(page ? { page } : {}), kind, ...(state === null ? {} : { state }) }),
    watch: (listener) => insitu.on("report", listener),
  };
}

/** Of grids that `insitu heatmap --out x.grid.json` has written, one for each kind and state. */
export function sourceOfGrids(grids: readonly Grid[]): Source {
  return {
    async grid({ kind, state }) {
      const found = grids.find((grid) => grid.kind === kind && grid.state === state);
      if (!found) throw new Error("There is no grid of this kind among those that were given.");
      return found;
    },
  };
}
