// SPDX-License-Identifier: MIT
// Where the elements of the page are: in flow, fixed in the window, or stuck to its edge; whether
// they can be seen; and the box map of a page (layout.json), which holds no text of it.
import { anchorOf, kindOf } from "../anchor.js";
import { above, isInteractive } from "../element.js";
import { frameOf } from "../frames.js";
import { elementsOf } from "./resolve.js";
import { keyOf } from "./shown.js";

/** Left, top, width, height; CSS px. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/**
 * `flow`: moves with the page. `fixed`: keeps its place in the window. `stuck`: in flow, but held at
 * an edge of the window now.
 */
export type Layer = "flow" | "fixed" | "stuck";

export interface LayoutBox extends Rect {
  element: string;
  anchor: string;
  /** Role or tag; no text of the page. */
  label: string;
  layer: Layer;
  landmark: boolean;
}

/**
 * The box map of a page. Boxes of flow are in px of the document, also what is stuck (at its place
 * in flow); fixed ones are where they are on the first screen.
 */
export interface Layout {
  insitu_layout: 1;
  page: string;
  width: number;
  height: number;
  viewport: [width: number, height: number];
  boxes: LayoutBox[];
}

const LANDMARK = /^(main|nav|header|footer|aside|dialog|search|section|form)$/;
const LANDMARK_ROLE =
  /^(main|navigation|banner|contentinfo|complementary|dialog|search|region|form)$/;
const BLOCK = /^(h[1-6]|img|picture|video|canvas|table|figure|iframe|p|li|svg)$/;
const MAX_BOXES = 3000;

/** What scrolls the page. */
export const pageElement = (doc: Document = document): Element =>
  doc.scrollingElement ?? doc.documentElement;

/** The box of an element in the window, through the frames that it is in. */
export function rectOf(element: Element): Rect {
  const { left, top, width, height } = element.getBoundingClientRect();
  let [x, y] = [left, top];
  for (let frame = frameOf(element); frame; frame = frameOf(frame)) {
    const box = frame.getBoundingClientRect();
    x += box.left + frame.clientLeft;
    y += box.top + frame.clientTop;
  }
  return { x, y, w: width, h: height };
}

/** What moves an element apart from the page, nearest first: what is fixed or sticky, or scrolls it. */
export interface Mover {
  element: Element;
  layer: Layer;
  scrolls: boolean;
}

/** The nearest mover of an element; null: it moves with the page. `known` saves asking twice. */
export function moverOf(
  element: Element,
  known: Map<Element, Mover | null> = new Map(),
): Mover | null {
  const path: Element[] = [];
  let result: Mover | null = null;
  for (let at: Element | null = element; at; at = above(at)) {
    const found = known.get(at);
    if (found !== undefined) {
      result = found;
      break;
    }
    path.push(at);
    const mover = moves(at, at !== element);
    if (mover) {
      result = mover;
      break;
    }
  }
  for (const at of path.slice(1)) known.set(at, result);
  return result;
}

function moves(element: Element, holds: boolean): Mover | null {
  if (element.localName === "iframe" || element.localName === "frame") {
    return holds ? { element, layer: "flow", scrolls: true } : null;
  }
  if (/^(html|body)$/.test(element.localName)) return null;
  const { position, overflowX, overflowY } = getComputedStyle(element);
  if (position === "fixed") return { element, layer: "fixed", scrolls: false };
  if (position === "sticky") {
    return { element, layer: isDisplaced(element) ? "stuck" : "flow", scrolls: false };
  }
  const scrolls =
    (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1) ||
    (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1);
  return holds && scrolls ? { element, layer: "flow", scrolls: true } : null;
}

// A sticky element is not where the flow has put it: then it overlaps what comes before it, or has
// left the begin of what it is in.
function isDisplaced(element: Element): boolean {
  return Math.abs(flowTop(element) - element.getBoundingClientRect().top) > 1;
}

// Where the flow has put the upper edge of an element, in the window.
function flowTop(element: Element): number {
  const parent = element.parentElement;
  let before = element.previousElementSibling;
  while (before && !isInFlow(before)) before = before.previousElementSibling;
  const margin = Number.parseFloat(getComputedStyle(element).marginTop) || 0;
  const top = element.getBoundingClientRect().top;
  // Beside the one before it, in a row: at most where that one begins.
  if (before) {
    const box = before.getBoundingClientRect();
    const isRow = parent && /flex|grid/.test(getComputedStyle(parent).display);
    return isRow ? Math.min(top, box.top) : box.bottom + margin;
  }
  if (!parent) return top;
  const style = getComputedStyle(parent);
  const edge = Number.parseFloat(style.paddingTop) + Number.parseFloat(style.borderTopWidth);
  return parent.getBoundingClientRect().top + (edge || 0) + margin;
}

function isInFlow(element: Element): boolean {
  const { position, display } = getComputedStyle(element);
  return display !== "none" && !/absolute|fixed/.test(position);
}

/**
 * Where an element is in the document when the page is at its top: what is fixed is where it is in
 * the window, what is stuck where the flow has put it.
 */
export function placeOf(element: Element, mover: Mover | null = moverOf(element)): Rect {
  const rect = rectOf(element);
  const page = pageElement();
  if (mover?.layer === "fixed") return rect;
  const y = rect.y + page.scrollTop;
  const back =
    mover?.layer === "stuck"
      ? flowTop(mover.element) - mover.element.getBoundingClientRect().top
      : 0;
  return { ...rect, x: rect.x + page.scrollLeft, y: y + back };
}

/** What of `rect` lies in `clip`; null for nothing. */
export function cut(rect: Rect, clip: Rect): Rect | null {
  const x = Math.max(rect.x, clip.x);
  const y = Math.max(rect.y, clip.y);
  const w = Math.min(rect.x + rect.w, clip.x + clip.w) - x;
  const h = Math.min(rect.y + rect.h, clip.y + clip.h) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}

/**
 * Why an element cannot be seen on the page as it is, in words; "" when it can be, if only after
 * scrolling the page. Never a text of the page.
 */
export function hiddenBy(element: Element): string {
  const rect = rectOf(element);
  const isGone = rect.w === 0 || rect.h === 0 || getComputedStyle(element).visibility === "hidden";
  let left: Rect | null = rect;
  for (let at: Element | null = element; at; at = above(at)) {
    const role = at.getAttribute("role") ?? "";
    const panel =
      role === "tabpanel"
        ? "tab panel"
        : at.getAttribute("aria-roledescription") === "slide"
          ? "slide"
          : "";
    if (at !== element && left && !/^(html|body)$/.test(at.localName)) {
      const { overflowX, overflowY, opacity } = getComputedStyle(at);
      if (overflowX !== "visible" || overflowY !== "visible") left = cut(left, rectOf(at));
      if (opacity === "0") left = null;
    }
    if (isGone || !left) {
      if (panel) return `${panel} ${numberOf(at)}`;
      if (at.localName === "dialog" && !at.hasAttribute("open")) return "a closed dialog";
      if (at.localName === "details" && !at.hasAttribute("open")) return "a closed section";
      if (at.hasAttribute("popover")) return "a closed popover";
      if (/^(menu|listbox)$/.test(role)) return "a closed menu";
    }
  }
  return isGone || !left ? "a part that is hidden or scrolled away" : "";
}

function numberOf(panel: Element): number {
  const all = panel.parentElement?.children ?? [];
  const same = Array.from(all).filter(
    (each) => each.localName === panel.localName && kindOf(each) === kindOf(panel),
  );
  return same.indexOf(panel) + 1;
}

/**
 * The box map of the page now: what answers clicks, landmarks, headings, pictures and texts, and
 * `also`. At most 3,000 boxes. Nothing is changed in the page.
 */
export function layoutOf(page = location.pathname, also: readonly Element[] = []): Layout {
  const root = pageElement();
  const wanted = new Set(also);
  const known = new Map<Element, Mover | null>();
  const boxes: LayoutBox[] = [];
  for (const element of elementsOf(document)) {
    if (boxes.length === MAX_BOXES) break;
    const landmark =
      LANDMARK.test(element.localName) || LANDMARK_ROLE.test(element.getAttribute("role") ?? "");
    if (
      !landmark &&
      !wanted.has(element) &&
      !BLOCK.test(element.localName) &&
      !isInteractive(element)
    ) {
      continue;
    }
    if (!element.getClientRects().length || hiddenBy(element)) continue;
    const mover = moverOf(element, known);
    boxes.push({
      element: keyOf(element),
      anchor: anchorOf(element),
      ...rounded(placeOf(element, mover)),
      label: kindOf(element),
      layer: mover?.layer ?? "flow",
      landmark,
    });
  }
  return {
    insitu_layout: 1,
    page,
    width: root.scrollWidth,
    height: root.scrollHeight,
    viewport: [root.clientWidth, innerHeight],
    boxes,
  };
}

function rounded({ x, y, w, h }: Rect): Rect {
  const tenth = (value: number) => Math.round(value * 10) / 10;
  return { x: tenth(x), y: tenth(y), w: tenth(w), h: tenth(h) };
}
