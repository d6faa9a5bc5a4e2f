// SPDX-License-Identifier: MIT
// What a heatmap is drawn from: the grid that insitu.heatmap() gives, or one made of a kept log.
import { scrub } from "../scrub.js";

export type HeatKind =
  | "click"
  | "first_click"
  | "rage"
  | "dead"
  | "error"
  | "dwell"
  | "attention"
  | "scroll_reach";

export interface GridElement {
  /** Key of the element, and its fingerprint; "" where none was taken. */
  element: string;
  anchor: string;
  clicks: number;
  participants: number;
  interactive: boolean;
  /** Of its latest click: left, top, width, height; CSS px of the document. */
  box: [x: number, y: number, width: number, height: number];
  /** Of element_grid x element_grid cells over the box. */
  cells: [column: number, row: number, count: number, participants: number][];
}

export interface Grid {
  page: string;
  kind: HeatKind;
  /** What was open over the page; null: all states together, "": nothing. */
  state: string | null;
  /** All states in which the page was clicked. */
  states: string[];
  columns: number;
  /** Height of a row, CSS px. */
  row_px: number;
  rows: number;
  /** Page views that it comes from, and who saw the page. */
  views: number;
  participants: number;
  out_of_bounds: number;
  /** Size of the document in its latest page view, CSS px. */
  document_width: number;
  document_height: number;
  /** Height of a band, CSS px. */
  band_px: number;
  element_grid: number;
  /** Of kind dwell: ms, without participants. */
  cells: [column: number, row: number, count: number, participants?: number][];
  /** Of kind attention ms, of kind scroll_reach page views; from the top. */
  bands: [band: number, value: number][];
  elements: GridElement[];
}

interface LogEvent {
  type: string;
  page?: string;
  visitor?: string;
  session?: number;
  pv?: number;
  x?: number;
  y?: number;
  element?: string;
  ex?: number;
  ey?: number;
  ew?: number;
  eh?: number;
  interactive?: boolean;
  anchor?: string;
  state?: string;
  dw?: number;
  dh?: number;
}

const COLUMNS = 128;
const ROW_PX = 10;
const ELEMENT_GRID = 32;

/**
 * The grid of clicks, or of first clicks, of `page` in a kept log (NDJSON, one event per line, in
 * its order). A first click is the first one of a page view. Clicks without a place are left out.
 * Lines that are no event are left out too. null when the page is not in it. O(lines).
 */
export function gridOfLog(
  ndjson: string,
  page: string,
  kind: "click" | "first_click" = "click",
  state: string | null = null,
): Grid | null {
  const views = new Set<string>();
  const visitors = new Set<string>();
  const clicked = new Set<string>();
  const states = new Set<string>();
  const cells = new Map<string, Counted>();
  const elements = new Map<string, GridElement & { who: Set<string>; at: Map<string, Counted> }>();
  let [width, height, outside] = [0, 0, 0];
  for (const line of ndjson.split("\n")) {
    const event = eventOf(line);
    if (!event || event.page !== page) continue;
    const visitor = event.visitor ?? "";
    const view = `${visitor} ${event.session} ${event.pv}`;
    visitors.add(visitor);
    views.add(view);
    if (event.type === "page_view") {
      width = event.dw ?? width;
      height = event.dh ?? height;
    }
    if (event.type !== "click") continue;
    states.add(event.state ?? "");
    const isFirst = !clicked.has(view);
    clicked.add(view);
    const { x, y, ex, ey, ew, eh } = event;
    if (kind === "first_click" && !isFirst) continue;
    if (state !== null && state !== (event.state ?? "")) continue;
    if (![x, y, ex, ey, ew, eh].every(Number.isFinite)) continue;
    const [left, top, wide, high] = [ex, ey, ew, eh] as [number, number, number, number];
    const [px, py] = [x, y] as [number, number];
    if (px < 0 || px > width || py < 0) outside++;
    else count(cells, Math.floor((px / Math.max(width, 1)) * COLUMNS), py / ROW_PX, visitor);
    const key = `${event.element}\0${event.anchor}`;
    let element = elements.get(key);
    if (!element) {
      element = {
        element: event.element ?? "",
        anchor: event.anchor ?? "",
        clicks: 0,
        participants: 0,
        interactive: !!event.interactive,
        box: [left, top, wide, high],
        cells: [],
        who: new Set(),
        at: new Map(),
      };
      elements.set(key, element);
    }
    element.clicks++;
    element.box = [left, top, wide, high];
    element.who.add(visitor);
    const inside = (from: number, size: number, at: number) =>
      Math.min(Math.max((at - from) / Math.max(size, 1), 0), 0.999) * ELEMENT_GRID;
    count(element.at, inside(left, wide, px), inside(top, high, py), visitor);
  }
  if (!views.size) return null;
  return {
    page,
    kind,
    state,
    states: [...states].sort(),
    columns: COLUMNS,
    row_px: ROW_PX,
    rows: Math.ceil(height / ROW_PX),
    views: views.size,
    participants: visitors.size,
    out_of_bounds: outside,
    document_width: width,
    document_height: height,
    band_px: 10,
    element_grid: ELEMENT_GRID,
    cells: listed(cells),
    bands: [],
    elements: [...elements.values()].map(({ who, at, ...element }) => ({
      ...element,
      participants: who.size,
      cells: listed(at),
    })),
  };
}

interface Counted {
  column: number;
  row: number;
  count: number;
  who: Set<string>;
}

function count(cells: Map<string, Counted>, x: number, y: number, visitor: string): void {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const key = `${column},${row}`;
  const cell = cells.get(key) ?? { column, row, count: 0, who: new Set() };
  cell.count++;
  cell.who.add(visitor);
  cells.set(key, cell);
}

const listed = (cells: Map<string, Counted>): [number, number, number, number][] =>
  [...cells.values()]
    .map(
      ({ column, row, count, who }) =>
        [column, row, count, who.size] as [number, number, number, number],
    )
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);

function eventOf(line: string): LogEvent | null {
  try {
    const event = JSON.parse(line) as LogEvent | null;
    return event && typeof event === "object" && typeof event.type === "string" ? event : null;
  } catch {
    return null;
  }
}

/** A text of a log as it may be shown: without what scrub.ts cuts out, at most 120 characters. */
export function shown(text: string): string {
  const clean = scrub(text);
  return clean.length > 120 ? `${clean.slice(0, 119)}…` : clean;
}
