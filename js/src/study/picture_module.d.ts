// SPDX-License-Identifier: MIT
// The module of heat pictures as Emscripten's loader gives it: the table of src/bindings/picture.cpp
// and its memory. tools/build_js.mjs puts the loader, with the module's bytes beside it, in place of
// this import.

export interface PictureModule {
  /** Memory. It grows, and then these are others: ask for them after each call. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPF64: Float64Array;
  /** Makes room for so many bytes of input; their address, a multiple of 8. */
  reserve(bytes: number): number;
  /** Address of the latest result. */
  output(): number;
  /** Address of 8 doubles about the latest result. */
  info(): number;
  /** Gives the memory of large results back. */
  release(): void;
  beginDensity(width: number, height: number, step: number): void;
  /** Points at the input: x, y, weight each. */
  addPoints(count: number): void;
  /** Number of floats; info: columns, rows, step, maximum, 99 % quantile, points left out. */
  takeDensity(sigma: number): number;
  /** Floats at the input. */
  setField(columns: number, rows: number, step: number): void;
  /** Outlines (doubles) at the input; bytes of RGBA. */
  paint(
    palette: number,
    maximum: number,
    outlines: number,
    x: number,
    y: number,
    scale: number,
    width: number,
    height: number,
  ): number;
  /** Bytes of RGBA. */
  colours(palette: number, count: number): number;
  /** Number of doubles. */
  ticks(most: number, count: number): number;
  /** Bytes of JSON. */
  shape(): number;
  /** Tokens, texts and, from the next multiple of 8, RGBA at the input; bytes of RGBA, info: size. */
  draw(tokens: number, textBytes: number, width: number, height: number): number;
  /** Tokens, texts and, from the next multiple of 8, a URL at the input; bytes of text. */
  drawSvg(tokens: number, textBytes: number, urlBytes: number): number;
  describe(tokens: number, textBytes: number): number;
}

/** Makes a fresh instance. Rejects where WebAssembly is refused. */
export default function load(): Promise<PictureModule>;
