// SPDX-License-Identifier: MIT
// Draws marks over the page in its window. What moves together (the page, each sticky or fixed
// part, each scroll container) is measured and painted once; scrolling only puts the finished
// pictures elsewhere.
import { frameOf } from "../frames.js";
import type { Grid } from "../types.js";
import { dotRadius, drawBands, drawDot, drawZone } from "./draw.js";
import { cut, type Mover, moverOf, pageElement, type Rect, rectOf } from "./layout.js";
import { type Marks, shareOf, type Unit } from "./marks.js";
import { count, percent } from "./numbers.js";
import type { Density, Palette, Pictures } from "./picture_door.js";

export type MarkKind = "dots" | "density";

export interface LiveOptions {
  unit: Unit;
  marks: MarkKind;
  palette: Palette;
  sigma: number;
}

// Distance of the points of a density, CSS px; larger than a pixel of the window, since it is smooth.
const STEP = 4;
/** No canvas is larger than this: some browsers cannot draw more. Pixels. */
export const MAX_TILE = 4096;
// What a painted density may have in all, 4 bytes each; a larger one is painted coarser.
const MAX_PIXELS = 12e6;
// Dots closer than this are one, CSS px.
const TOGETHER = 14;
const MAX_TAGS = 40;

interface Dot {
  x: number;
  y: number;
  clicks: number;
  hollow: boolean;
}

interface Tile {
  x: number;
  y: number;
  w: number;
  h: number;
  canvas: HTMLCanvasElement;
}

// What moves together, in its own coordinates.
interface Group {
  mover: Mover | null;
  dots: Dot[];
  boxes: (Rect & { text: string })[];
  points: number[];
  field: Density | null;
  left: number;
  top: number;
  tiles: Tile[];
}

export class Live {
  /** Largest value of the density; 0 without one. */
  max = 0;
  private groups: Group[] = [];
  // Of the drawing that runs.
  private tags: { x: number; y: number; w: number }[] = [];
  private width = 0;
  private readonly sprites = new Map<string, HTMLCanvasElement>();
  private spriteRatio = 0;

  constructor(
    readonly grid: Grid,
    readonly marks: Marks | null,
    readonly options: LiveOptions,
    /** Without it there are no densities and no bands. */
    readonly pictures: Pictures | null,
  ) {
    this.measure();
  }

  /** Measures all places anew. O(points). Only reads the page. */
  measure(): void {
    const { grid, marks, options } = this;
    const groups = new Map<Element | null, Group>();
    const known = new Map<Element, Mover | null>();
    const groupOf = (mover: Mover | null) => {
      const key = mover?.element ?? null;
      let group = groups.get(key);
      if (!group) {
        group = { mover, dots: [], boxes: [], points: [], field: null, left: 0, top: 0, tiles: [] };
        groups.set(key, group);
      }
      return group;
    };
    const page = groupOf(null);
    if (marks) {
      const places = new Map<Element, { group: Group; rect: Rect }>();
      let tags = 0;
      for (const zone of marks.zones) {
        const { element } = zone;
        if (!element || zone.hidden) continue;
        const mover = moverOf(element, known);
        const group = groupOf(mover);
        const rect = rectOf(element);
        const origin = originOf(mover);
        const place = { ...rect, x: rect.x - origin.x, y: rect.y - origin.y };
        places.set(element, { group, rect: place });
        const { x, n } = shareOf(zone, grid, marks, options.unit);
        const mark = zone.how === "position" ? "≈ " : "";
        const text =
          tags++ < MAX_TAGS ? `${mark}${count(x)} of ${count(n)} · ${percent(x / n)}` : "";
        group.boxes.push({ ...place, text });
      }
      for (const point of marks.points) {
        const weight = options.unit === "clicks" ? point.clicks : point.participants;
        if (!point.element) {
          page.dots.push({ x: point.x, y: point.y, clicks: point.clicks, hollow: true });
          page.points.push(point.x, point.y, weight);
          continue;
        }
        const place = places.get(point.element);
        if (!place) continue;
        const { group, rect } = place;
        const [x, y] = [rect.x + point.x * rect.w, rect.y + point.y * rect.h];
        group.dots.push({ x, y, clicks: point.clicks, hollow: false });
        group.points.push(x, y, weight);
      }
    } else if (grid.kind === "dwell") {
      const width = pageElement().scrollWidth / Math.max(grid.columns, 1);
      for (const [column, row, ms] of grid.cells) {
        page.points.push((column + 0.5) * width, (row + 0.5) * grid.row_px, ms / 1000);
      }
    }
    this.groups = [...groups.values()];
    for (const group of this.groups) group.dots = together(group.dots);
    this.max = 0;
    if (options.marks === "density" || grid.kind === "dwell") this.spread();
  }

  // One scale for all groups.
  private spread(): void {
    const { pictures } = this;
    if (!pictures) return;
    const { sigma, palette } = this.options;
    const reach = 3 * sigma;
    for (const group of this.groups) {
      const { points } = group;
      if (!points.length) continue;
      let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < points.length; i += 3) {
        const [x, y] = [points[i] ?? 0, points[i + 1] ?? 0];
        left = Math.min(left, x - reach);
        right = Math.max(right, x + reach);
        top = Math.min(top, y - reach);
        bottom = Math.max(bottom, y + reach);
      }
      if (!group.mover) {
        // The edge of the page mirrors.
        left = Math.max(left, 0);
        top = Math.max(top, 0);
        right = Math.min(right, pageElement().scrollWidth);
      }
      [group.left, group.top] = [left, top];
      const moved = Float64Array.from(points, (value, i) =>
        i % 3 === 0 ? value - left : i % 3 === 1 ? value - top : value,
      );
      group.field = pictures.density(moved, {
        width: Math.max(right - left, STEP),
        height: Math.max(bottom - top, STEP),
        step: STEP,
        sigma,
      });
      this.max = Math.max(this.max, group.field.max);
    }
    for (const group of this.groups) {
      if (group.field) group.tiles = tilesOf(pictures, group.field, this.max, palette);
      group.field = null;
    }
  }

  /** Draws what is in the window. `width` x `height` CSS px, `ratio` pixels per CSS px. */
  draw(context: CanvasRenderingContext2D, width: number, height: number, ratio: number): void {
    this.tags = [];
    this.width = width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const view: Rect = { x: 0, y: 0, w: width, h: height };
    for (const group of this.groups) {
      const clip = clipOf(group.mover, view);
      if (!clip) continue;
      const origin = originOf(group.mover);
      context.save();
      context.beginPath();
      context.rect(clip.x, clip.y, clip.w, clip.h);
      context.clip();
      this.drawGroup(context, group, origin, clip, ratio);
      context.restore();
    }
  }

  private drawGroup(
    context: CanvasRenderingContext2D,
    group: Group,
    { x: dx, y: dy }: { x: number; y: number },
    clip: Rect,
    ratio: number,
  ): void {
    const { grid } = this;
    if (!group.mover && grid.bands.length && this.pictures) {
      context.save();
      context.translate(0, dy);
      drawBands(context, this.pictures, {
        ...bandsOf(grid),
        palette: this.options.palette,
        width: clip.x + clip.w,
      });
      context.restore();
    }
    for (const { x, y, w, h, canvas } of group.tiles) {
      const place = { x: group.left + x + dx, y: group.top + y + dy, w, h };
      if (cut(place, clip)) context.drawImage(canvas, place.x, place.y, place.w, place.h);
    }
    if (group.tiles.length) {
      // A density has no counts; what is only at its page position stays told.
      for (const dot of group.dots) if (dot.hollow) this.drawDot(context, dot, dx, dy, clip, ratio);
      return;
    }
    for (const { x, y, w, h, text } of group.boxes) {
      const place = { x: x + dx, y: y + dy, w, h };
      if (cut({ ...place, y: place.y - 24, h: h + 24 }, clip)) {
        drawZone(context, place.x, place.y, w, h, text, this.tags, this.width);
      }
    }
    for (const dot of group.dots) this.drawDot(context, dot, dx, dy, clip, ratio);
  }

  private drawDot(
    context: CanvasRenderingContext2D,
    { x, y, clicks, hollow }: Dot,
    dx: number,
    dy: number,
    clip: Rect,
    ratio: number,
  ): void {
    const half = dotRadius(clicks) * 1.2 + 2;
    const place = { x: x + dx - half, y: y + dy - half, w: 2 * half, h: 2 * half };
    if (!cut(place, clip)) return;
    context.drawImage(this.sprite(clicks, hollow, half, ratio), place.x, place.y, place.w, place.h);
  }

  private sprite(clicks: number, hollow: boolean, half: number, ratio: number): HTMLCanvasElement {
    if (ratio !== this.spriteRatio) this.sprites.clear();
    this.spriteRatio = ratio;
    const key = `${clicks} ${hollow}`;
    let sprite = this.sprites.get(key);
    if (!sprite) {
      sprite = document.createElement("canvas");
      sprite.width = sprite.height = Math.ceil(2 * half * ratio);
      const context = sprite.getContext("2d");
      context?.scale(sprite.width / (2 * half), sprite.height / (2 * half));
      const shape = this.grid.kind === "first_click" ? 1 : 0;
      if (context) drawDot(context, half, half, clicks, hollow, shape);
      this.sprites.set(key, sprite);
    }
    return sprite;
  }

  /** Changes when anything has moved within what it moves with. O(zones). */
  places(): string {
    const { marks } = this;
    if (!marks) return String(pageElement().scrollWidth);
    const known = new Map<Element, { x: number; y: number }>();
    let text = `${pageElement().scrollWidth}`;
    for (const { element, hidden } of marks.zones) {
      if (!element || hidden) continue;
      const rect = rectOf(element);
      const mover = this.moverNow(element);
      const key = mover?.element ?? document.documentElement;
      let origin = known.get(key);
      if (!origin) {
        origin = originOf(mover);
        known.set(key, origin);
      }
      text += ` ${Math.round(rect.x - origin.x)},${Math.round(rect.y - origin.y)},${Math.round(rect.w)},${Math.round(rect.h)}`;
    }
    return text;
  }

  private readonly movers = new WeakMap<Element, { mover: Mover | null }>();
  private moverNow(element: Element): Mover | null {
    let known = this.movers.get(element);
    if (!known) {
      known = { mover: moverOf(element) };
      this.movers.set(element, known);
    }
    return known.mover;
  }
}

/** Bands of a grid as a scene has them: seconds per participant, or page views of all. */
export function bandsOf(grid: Grid): {
  bands: { from: number; to: number; value: number }[];
  bands_of: number;
  maximum: number;
} {
  const isReach = grid.kind === "scroll_reach";
  const scale = isReach ? 1 : 1 / 1000 / Math.max(grid.participants, 1);
  const bands = grid.bands.map(([band, value]) => ({
    from: band * grid.band_px,
    to: (band + 1) * grid.band_px,
    value: value * scale,
  }));
  return { bands, bands_of: isReach ? grid.views : 0, maximum: isReach ? grid.views : 0 };
}

// Where the coordinates of what moves together begin, in the window.
function originOf(mover: Mover | null): { x: number; y: number } {
  if (!mover) {
    const page = pageElement();
    return { x: -page.scrollLeft, y: -page.scrollTop };
  }
  const { element, scrolls } = mover;
  const { x, y } = rectOf(element);
  const view = (element as HTMLIFrameElement).contentWindow;
  if (view && element.localName.includes("frame")) {
    return {
      x: x + element.clientLeft - view.scrollX,
      y: y + element.clientTop - view.scrollY,
    };
  }
  return scrolls ? { x: x - element.scrollLeft, y: y - element.scrollTop } : { x, y };
}

// The part of the window in which it can be seen; null for none.
function clipOf(mover: Mover | null, view: Rect): Rect | null {
  let clip: Rect | null = view;
  for (let at = mover; at && clip; at = outer(at)) {
    if (at.scrolls) clip = cut(clip, rectOf(at.element));
  }
  return clip;
}

function outer({ element, layer }: Mover): Mover | null {
  if (layer === "fixed") return null;
  const up = element.parentElement ?? frameOf(element);
  return up ? moverOf(up) : null;
}

function together(dots: readonly Dot[]): Dot[] {
  const found = new Map<string, Dot>();
  for (const dot of dots) {
    const key = `${Math.floor(dot.x / TOGETHER)},${Math.floor(dot.y / TOGETHER)},${dot.hollow}`;
    const other = found.get(key);
    if (!other) {
      found.set(key, { ...dot });
      continue;
    }
    other.clicks += dot.clicks;
    other.x += ((dot.x - other.x) * dot.clicks) / other.clicks;
    other.y += ((dot.y - other.y) * dot.clicks) / other.clicks;
  }
  return [...found.values()];
}

// The painted field in pieces that every browser can draw.
function tilesOf(pictures: Pictures, field: Density, max: number, palette: Palette): Tile[] {
  const tiles: Tile[] = [];
  const [width, height] = [field.columns * field.step, field.rows * field.step];
  const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (width * height)));
  const side = MAX_TILE / scale;
  for (let y = 0; y < height; y += side) {
    for (let x = 0; x < width; x += side) {
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(Math.min(side, width - x) * scale));
      canvas.height = Math.max(1, Math.round(Math.min(side, height - y) * scale));
      const size = { width: canvas.width, height: canvas.height };
      const rgba = pictures.paint(field, { palette, max, x, y, scale, ...size });
      canvas.getContext("2d")?.putImageData(new ImageData(rgba, size.width, size.height), 0, 0);
      tiles.push({ x, y, w: size.width / scale, h: size.height / scale, canvas });
    }
  }
  return tiles;
}
