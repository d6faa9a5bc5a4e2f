// SPDX-License-Identifier: MIT
// From a grid and the page as it is now to what is to be drawn and listed: every click at its place
// in the element that was clicked, or told where it is instead.
import { frameOf } from "../frames.js";
import type { Grid, GridElement } from "../types.js";
import { hiddenBy, pageElement } from "./layout.js";
import { adjustedWald, count } from "./numbers.js";
import { type How, resolve } from "./resolve.js";
import { shown } from "./shown.js";

export type Unit = "participants" | "clicks";

/** Clicks at one place of an element, or of the page. */
export interface Point {
  /** null: of the page. */
  element: Element | null;
  /** In an element parts of its width and height, 0 ... 1; else CSS px of the document. */
  x: number;
  y: number;
  clicks: number;
  participants: number;
}

/** What happened to one element. */
export interface Zone {
  /** Key of the element, as a text that may be shown. */
  name: string;
  clicks: number;
  participants: number;
  /** null: not found on this page. */
  element: Element | null;
  how: How | null;
  /** Where it is instead of being visible; "" when it is. */
  hidden: string;
  interactive: boolean;
}

export interface Marks {
  points: Point[];
  /** Most clicks first. */
  zones: Zone[];
  /** Clicks in all, on elements that were found, by position among them, that are not in view. */
  clicks: number;
  anchored: number;
  byPosition: number;
  hidden: { where: string; clicks: number }[];
  translated: boolean;
}

/** Resolves all elements of a grid. O(elements of the page). */
export function marksOf(grid: Grid, doc: Document = document): Marks {
  const { found, translated } = resolve(grid.elements, doc);
  const zones = new Map<Element | GridElement, Zone>();
  const marks: Marks = {
    points: [],
    zones: [],
    clicks: 0,
    anchored: 0,
    byPosition: 0,
    hidden: [],
    translated,
  };
  const scale = pageElement(doc).scrollWidth / Math.max(grid.document_width, 1);
  for (const { recorded, element, how } of found) {
    marks.clicks += recorded.clicks;
    if (element) marks.anchored += recorded.clicks;
    if (how === "position") marks.byPosition += recorded.clicks;
    const zone = zones.get(element ?? recorded);
    if (zone) {
      // One element with several fingerprints. Who clicked on it may be the same each time.
      zone.clicks += recorded.clicks;
      zone.participants = Math.max(zone.participants, recorded.participants);
      if (how === "position") zone.how = how;
    } else {
      zones.set(element ?? recorded, {
        name: shown(recorded.element),
        clicks: recorded.clicks,
        participants: recorded.participants,
        element,
        how,
        hidden: "",
        interactive: recorded.interactive,
      });
    }
    const [left, top, width, height] = recorded.box;
    for (const [column, row, clicks, participants] of recorded.cells) {
      const [x, y] = [(column + 0.5) / grid.element_grid, (row + 0.5) / grid.element_grid];
      marks.points.push(
        element
          ? { element, x, y, clicks, participants }
          : {
              element: null,
              x: (left + x * width) * scale,
              y: top + y * height,
              clicks,
              participants,
            },
      );
    }
  }
  marks.zones = [...zones.values()].sort((a, b) => b.clicks - a.clicks);
  lookAgain(marks);
  return marks;
}

/** Which elements are in view can change without the elements: looks at all of them again. */
export function lookAgain(marks: Marks): void {
  const hidden = new Map<string, number>();
  for (const zone of marks.zones) {
    if (!zone.element) continue;
    zone.hidden = zone.element.isConnected ? hiddenBy(zone.element) : "a part that is gone";
    if (!zone.hidden) continue;
    const where =
      zone.hidden + (frameOf(zone.element) && !/frame/.test(zone.hidden) ? " of a frame" : "");
    hidden.set(where, (hidden.get(where) ?? 0) + zone.clicks);
  }
  marks.hidden = [...hidden].map(([where, clicks]) => ({ where, clicks }));
}

/** Share of a zone: of the participants who saw the page, or of all clicks. */
export function shareOf(
  zone: Zone,
  grid: Grid,
  marks: Marks,
  unit: Unit,
): { x: number; n: number; ci: readonly [number, number] | null } {
  const [x, n] =
    unit === "clicks"
      ? [zone.clicks, marks.clicks]
      : [zone.participants, Math.max(grid.participants, zone.participants)];
  return { x, n, ci: adjustedWald(x, n) };
}

/** "212 of 220 clicks anchored; 8 shown at page position (hollow)", and what else has to be said. */
export function matchSentence(marks: Marks): string {
  const { clicks, anchored, byPosition, translated } = marks;
  const lost = clicks - anchored;
  return [
    `${count(anchored)} of ${count(clicks)} clicks anchored`,
    lost ? `${count(lost)} shown at page position (hollow)` : "",
    byPosition
      ? `${count(byPosition)} by position only${translated ? ", since the page looks translated" : ""}`
      : "",
  ]
    .filter(Boolean)
    .join("; ");
}
