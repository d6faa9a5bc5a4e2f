// SPDX-License-Identifier: MIT
// Dots, zones and bands on a canvas, for the overlay.
import { count, percent, plural } from "./numbers.js";
import type { Pictures, Scene } from "./picture_door.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";
const COLOURS = 256;

/** What is drawn of bands. */
export type Bands = Required<Pick<Scene, "bands" | "bands_of" | "maximum" | "palette" | "width">>;

export function drawBands(
  context: CanvasRenderingContext2D,
  pictures: Pictures,
  scene: Bands,
): void {
  const max = scene.maximum || scene.bands.reduce((most, { value }) => Math.max(most, value), 0);
  if (!max) return;
  const colours = pictures.colours(scene.palette, COLOURS);
  for (const { from, to, value } of scene.bands) {
    const at = Math.round(Math.min(value / max, 1) * (COLOURS - 1)) * 4;
    context.fillStyle = `rgb(${colours[at]} ${colours[at + 1]} ${colours[at + 2]} / 0.45)`;
    context.fillRect(0, from, scene.width, to - from);
  }
  if (!scene.bands_of) return;
  for (const share of [0.75, 0.5, 0.25]) {
    const last = scene.bands.filter(({ value }) => value >= share * scene.bands_of).pop();
    if (!last) continue;
    context.fillStyle = "#10252b";
    context.fillRect(0, last.to - 1, scene.width, 2);
    drawTag(
      context,
      8,
      last.to - 24,
      `${percent(share)} of ${plural(scene.bands_of, "page view")} got here`,
    );
  }
}

const TAG = 20;
const TAG_FONT = `600 12px ${FONT}`;
const cutTag = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

function drawTag(context: CanvasRenderingContext2D, x: number, y: number, text: string): void {
  context.font = TAG_FONT;
  const shown = cutTag(text);
  const width = context.measureText(shown).width + 10;
  context.fillStyle = "#10252b";
  context.fillRect(x, y, width, TAG);
  context.fillStyle = "#fff";
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(shown, x + 5, y + 10.5);
}

/**
 * A box with a tag above it, below it where there is no room; no tag where one of `tags` is already.
 * `tags` are those drawn so far on a ground that is `wide` px wide, and gets this one.
 */
export function drawZone(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  text: string,
  tags: { x: number; y: number; w: number }[],
  wide: number,
): void {
  context.lineWidth = 4;
  context.strokeStyle = "rgb(255 255 255 / 0.8)";
  context.strokeRect(x, y, width, height);
  context.lineWidth = 2;
  context.strokeStyle = "#10252b";
  context.strokeRect(x, y, width, height);
  if (!text) return;
  context.font = TAG_FONT;
  const w = context.measureText(cutTag(text)).width + 10;
  const left = Math.max(0, Math.min(x - 1, wide - w));
  for (const top of [y - TAG - 1, y + height + 1]) {
    const isFree = tags.every(
      (tag) => Math.abs(tag.y - top) > TAG || left > tag.x + tag.w + 1 || tag.x > left + w + 1,
    );
    if (top < 0 || !isFree) continue;
    tags.push({ x: left, y: top, w });
    drawTag(context, left, top, text);
    return;
  }
}

/** Clicks at one place: a counted circle; hollow where the place is only that of the old page. */
export function drawDot(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  clicks: number,
  hollow: boolean,
  shape: 0 | 1 | 2,
): void {
  const radius = dotRadius(clicks);
  context.beginPath();
  if (shape === 1) {
    // First clicks: a square on its corner.
    context.moveTo(x, y - radius * 1.2);
    context.lineTo(x + radius * 1.2, y);
    context.lineTo(x, y + radius * 1.2);
    context.lineTo(x - radius * 1.2, y);
    context.closePath();
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = hollow ? "rgb(255 255 255 / 0.55)" : "rgb(33 110 120 / 0.92)";
  context.fill();
  context.lineWidth = 2;
  context.setLineDash(hollow ? [3, 3] : []);
  context.strokeStyle = hollow ? "#10252b" : "#fff";
  context.stroke();
  context.setLineDash([]);
  context.font = `700 12px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = hollow ? "#10252b" : "#fff";
  context.fillText(count(clicks), x, y + 0.5);
}

/** CSS px. */
export const dotRadius = (clicks: number) => Math.min(9 + 2 * Math.log2(Math.max(clicks, 1)), 22);
