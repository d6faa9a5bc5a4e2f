// SPDX-License-Identifier: MIT
// The scale of a legend: the same colours as on the page.
import { colour, opacity } from "./heat.js";
import type { Palette } from "./picture_door.js";

/** Fills a canvas from 0 at its left to the maximum at its right. */
export function drawRamp(canvas: HTMLCanvasElement, palette: Palette, isDensity: boolean): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { width, height } = canvas;
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const share = ((i % width) + 0.5) / width;
    image.data.set(colour(palette, share), i * 4);
    image.data[i * 4 + 3] = isDensity && opacity(share) === 0 ? 0 : 255;
  }
  context.putImageData(image, 0, 0);
}
