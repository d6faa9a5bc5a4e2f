// SPDX-License-Identifier: MIT
// Heat pictures in the browser: density, colours and whole pictures with a legend, by the same C++
// as `insitu heatmap`, pixel for pixel. For researchers' pages only; nothing here is on a visitor's.
import load, { type PictureModule } from "./picture_module.js";

export type PaletteName = "viridis" | "cividis" | "grey";

/** Values per 100 x 100 CSS px on square cells, row by row from the top left corner of the page. */
export interface Density {
  columns: number;
  rows: number;
  /** Side of a cell, CSS px. */
  step: number;
  values: Float32Array;
  max: number;
  /** 99 % quantile of the values above 0: the end of a scale that one hot spot should not own. */
  quantile99: number;
  /** Points beyond the page or without weight. */
  outside: number;
}

/** What colours mean, and which part of the page is painted. */
export interface PaintOptions {
  /** Default viridis. */
  palette?: PaletteName;
  /** Value of the last colour. Default: the density's max. */
  max?: number;
  /** Values with a dark line, ascending. Default: ticks(max). */
  outlines?: readonly number[];
  /** Top left corner, CSS px of the page. Default 0, 0. */
  x?: number;
  y?: number;
  /** Pixels per CSS px. Default 1. */
  scale?: number;
  /** Size in pixels. */
  width: number;
  height: number;
}

/** A box of the page without content. CSS px of the document, as all lengths here. */
export interface WireBox {
  x: number;
  y: number;
  width: number;
  height: number;
  label?: string;
  /** A region rather than a control. */
  landmark?: boolean;
}

/** Clicks at one place. */
export interface DotMark {
  x: number;
  y: number;
  count: number;
  /** 0 click, 1 first click, 2 by keyboard. */
  shape?: 0 | 1 | 2;
  /** Not found again on the page: shown where it was. */
  hollow?: boolean;
}

/** An element or region with its share, count / of, and the share's interval, 0 ... 1. */
export interface ZoneMark {
  x: number;
  y: number;
  width: number;
  height: number;
  label: string;
  count: number;
  of: number;
  lower: number;
  upper: number;
}

/** A picture of one page; src/heatmap/scene.h. What is left out is 0, "" or empty. */
export interface Scene {
  width: number;
  height: number;
  /** 0 transparent, 1 white, 2 wireframe, 3 the backdrop. */
  background?: 0 | 1 | 2 | 3;
  boxes?: readonly WireBox[];
  bands?: readonly { from: number; to: number; value: number }[];
  /** Above 0: bands are counts of so many, and lines show where 75, 50 and 25 % get. */
  bands_of?: number;
  /** x, y, weight of each point of a density. */
  points?: ArrayLike<number>;
  /** Of the density, CSS px; 0: 16. */
  sigma?: number;
  /** Maximum of the scale; 0: the largest value. */
  maximum?: number;
  cut_top?: boolean;
  zones?: readonly ZoneMark[];
  dots?: readonly DotMark[];
  legend?: boolean;
  title?: string;
  unit?: string;
  facts?: readonly string[];
  notes?: readonly string[];
  anchored?: number;
  anchored_of?: number;
  palette?: PaletteName;
}

/** A picture under the page's marks. */
export interface Backdrop {
  width: number;
  height: number;
  /** RGBA, not premultiplied. */
  data: Uint8Array | Uint8ClampedArray;
}

export interface Picture {
  width: number;
  height: number;
  /** Not premultiplied; fits ImageData. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

export interface Pictures {
  /**
   * Density of `points` (x, y, weight each, CSS px): each a Gaussian of `sigma` px (8 ... 40, default
   * 16) on cells of `step` px (default 4), mirrored at the page's edges. The time hardly depends on
   * the number of points.
   */
  density(
    points: Float64Array,
    page: { width: number; height: number; step?: number; sigma?: number },
  ): Density;
  /** RGBA of a part of the page; throws if it has more than 40 million pixels. */
  paint(density: Density, options: PaintOptions): Uint8ClampedArray<ArrayBuffer>;
  /** RGBA of `count` shares of the maximum from 0 to 1, for the bar of a legend. */
  colours(palette: PaletteName, count: number): Uint8ClampedArray<ArrayBuffer>;
  /** At most `count` (default 5) round numbers above 0 up to `most`. */
  ticks(most: number, count?: number): number[];
  /** The scene in pixels, 1 per CSS px; throws if there are more than 40 million. */
  drawPicture(scene: Scene, backdrop?: Backdrop): Picture;
  /**
   * The scene as an SVG document. `backdrop` is a "data:image/png;base64,..." URL. Nothing in it can
   * run, whatever the texts are.
   */
  drawSvg(scene: Scene, backdrop?: string): string;
  /** The scene in a few sentences, for those who do not see it. */
  describe(scene: Scene): string;
}

const PALETTES: readonly PaletteName[] = ["viridis", "cividis", "grey"];
/** Points that cross at once: 1.5 MB. */
const POINTS = 1 << 16;

type Shape = number | string | boolean | Shape[] | { [name: string]: Shape };

let made: Promise<Pictures> | undefined;

/** Loads the module, once. Rejects where WebAssembly is refused. */
export function pictures(): Promise<Pictures> {
  made ??= load().then(make);
  return made;
}

function make(module: PictureModule): Pictures {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const bytesAt = (address: number, count: number) =>
    new Uint8ClampedArray(module.HEAPU8.slice(address, address + count).buffer);
  const text = (bytes: number) =>
    decoder.decode(module.HEAPU8.subarray(module.output(), module.output() + bytes));
  const numbers = (address: number, count: number) =>
    module.HEAPF64.slice(address / 8, address / 8 + count);
  const put = (values: ArrayLike<number>) => {
    const at = module.reserve(values.length * 8);
    module.HEAPF64.set(values, at / 8);
  };
  const indexOf = (palette: PaletteName | undefined) =>
    Math.max(0, PALETTES.indexOf(palette ?? "viridis"));
  const shape: Shape = JSON.parse(text(module.shape()));

  // Lays a scene out at the input, as its shape says, with `behind` from the next multiple of 8.
  function lay(scene: Scene, behind: Uint8Array | Uint8ClampedArray = new Uint8Array()) {
    const tokens: number[] = [];
    const texts: Uint8Array[] = [];
    let textBytes = 0;
    const pack = (like: Shape, value: unknown): void => {
      if (Array.isArray(like)) {
        const list = (value ?? []) as ArrayLike<unknown>;
        tokens.push(list.length);
        for (let i = 0; i < list.length; ++i) pack(like[0] as Shape, list[i]);
      } else if (typeof like === "string") {
        const bytes = encoder.encode(value === undefined || value === null ? "" : String(value));
        tokens.push(bytes.length);
        texts.push(bytes);
        textBytes += bytes.length;
      } else if (typeof like === "object") {
        const members = (value ?? {}) as Record<string, unknown>;
        for (const name in like) pack(like[name] as Shape, members[name]);
      } else {
        tokens.push(Number(value ?? 0));
      }
    };
    pack(shape, scene);
    const start = tokens.length * 8;
    const end = Math.ceil((start + textBytes) / 8) * 8;
    const at = module.reserve(end + behind.length);
    module.HEAPF64.set(tokens, at / 8);
    let next = at + start;
    for (const bytes of texts) {
      module.HEAPU8.set(bytes, next);
      next += bytes.length;
    }
    module.HEAPU8.set(behind, at + end);
    return { tokens: tokens.length, textBytes };
  }

  const ticks = (most: number, count = 5) => {
    const found = module.ticks(most, count);
    return [...numbers(module.output(), found)];
  };

  return {
    density(points, { width, height, step = 4, sigma = 16 }) {
      module.beginDensity(width, height, step);
      const count = Math.floor(points.length / 3);
      for (let i = 0; i < count; i += POINTS) {
        const some = Math.min(POINTS, count - i);
        put(points.subarray(3 * i, 3 * (i + some)));
        module.addPoints(some);
      }
      const length = module.takeDensity(sigma);
      const info = numbers(module.info(), 6);
      const at = module.output();
      const values = new Float32Array(module.HEAPU8.slice(at, at + 4 * length).buffer);
      module.release();
      const [columns = 0, rows = 0, side = 0, max = 0, quantile99 = 0, outside = 0] = info;
      return { columns, rows, step: side, values, max, quantile99, outside };
    },

    paint(density, options) {
      const { x = 0, y = 0, scale = 1, width, height, max = density.max } = options;
      const outlines = options.outlines ?? ticks(max);
      const { values, columns, rows, step } = density;
      const at = module.reserve(values.byteLength);
      module.HEAPU8.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
      module.setField(columns, rows, step);
      put(outlines);
      const palette = indexOf(options.palette);
      const bytes = module.paint(palette, max, outlines.length, x, y, scale, width, height);
      if (bytes !== width * height * 4)
        throw new RangeError(`${width} x ${height} pixels are too many.`);
      return bytesAt(module.output(), bytes);
    },

    colours(palette, count) {
      const bytes = module.colours(indexOf(palette), count);
      return bytesAt(module.output(), bytes);
    },

    ticks,

    drawPicture(scene, backdrop) {
      const { tokens, textBytes } = lay(scene, backdrop?.data);
      const bytes = module.draw(tokens, textBytes, backdrop?.width ?? 0, backdrop?.height ?? 0);
      if (!bytes) throw new RangeError("The picture has no or too many pixels.");
      const rgba = bytesAt(module.output(), bytes);
      const [width = 0, height = 0] = numbers(module.info(), 2);
      module.release();
      return { width, height, rgba };
    },

    drawSvg(scene, backdrop = "") {
      const url = encoder.encode(backdrop);
      const { tokens, textBytes } = lay(scene, url);
      const svg = text(module.drawSvg(tokens, textBytes, url.length));
      module.release();
      return svg;
    },

    describe(scene) {
      const { tokens, textBytes } = lay(scene);
      return text(module.describe(tokens, textBytes));
    },
  };
}
