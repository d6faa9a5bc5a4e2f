// SPDX-License-Identifier: MIT
// Densities, pictures and SVG by the browser's own canvas.
import * as heat from "./heat.js";
import { count, decimal, percent, plural } from "./numbers.js";
import type { DensitySize, Field, Palette, Raster, Scene } from "./picture_door.js";

const STEP = 4;
const MAX_PIXELS = 64_000_000;
const LEGEND = 112;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";

/** O(points * (6 sigma / step)^2). */
export function density(points: ArrayLike<number>, size: DensitySize): Field {
  const field = heat.density(size, points, size.sigma);
  return { ...field, step: size.step, max: heat.maximum(field) };
}

/** One pixel per point of a field, RGBA; `max` has the last colour of the palette. */
export function paint(
  { values }: Field,
  max: number,
  palette: Palette,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(values.length * 4);
  for (let i = 0; i < values.length; i++) {
    const share = (values[i] ?? 0) / (max || 1);
    const shown = heat.opacity(share);
    if (shown === 0) continue;
    rgba.set(heat.colour(palette, share), i * 4);
    rgba[i * 4 + 3] = shown * 255;
  }
  return rgba;
}

/** The scene as pixels, 1 px per CSS px, the legend above the page. Throws when it is too large. */
export function drawPicture(scene: Scene, backdrop?: CanvasImageSource): Raster {
  const top = scene.legend ? LEGEND : 0;
  const [width, height] = [Math.round(scene.width), Math.round(scene.height) + top];
  if (width * height > MAX_PIXELS) throw new RangeError("The page is too large for one picture.");
  const [canvas, context] = canvasOf(width, height);
  if (scene.background) {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
  }
  if (scene.legend) drawLegend(context, scene);
  context.translate(0, top);
  if (scene.background === 3 && backdrop) {
    context.drawImage(backdrop, 0, 0, scene.width, scene.height);
  }
  if (scene.background === 2) drawBoxes(context, scene);
  if (scene.background > 1) {
    context.fillStyle = "rgb(255 255 255 / 0.3)";
    context.fillRect(0, 0, width, height);
  }
  drawMarks(context, scene);
  return { width, height, rgba: context.getImageData(0, 0, canvas.width, canvas.height).data };
}

/** The scene as an SVG document. All texts are escaped; it holds nothing that runs. */
export function drawSvg(scene: Scene, backdrop?: CanvasImageSource): string {
  const top = scene.legend ? LEGEND : 0;
  const [width, height] = [Math.round(scene.width), Math.round(scene.height) + top];
  const { texts, image } = { texts: [] as string[], image: imageOf(scene, backdrop) };
  const rect = (x: number, y: number, w: number, h: number, more: string) =>
    `<rect x="${decimal(x)}" y="${decimal(y)}" width="${decimal(w)}" height="${decimal(h)}" ${more}/>`;
  const text = (x: number, y: number, content: string, more = "") =>
    `<text x="${decimal(x)}" y="${decimal(y)}" ${more}>${escaped(content)}</text>`;
  if (scene.legend) {
    legendLines(scene).forEach((line, i) => {
      texts.push(text(12, 22 + i * 18, line, i ? "" : 'font-weight="700"'));
    });
  }
  const marks = [
    ...(scene.background === 2
      ? scene.boxes.map(
          (box) =>
            rect(box.x, box.y, box.width, box.height, 'fill="none" stroke="#9aa7b0"') +
            text(box.x + 3, box.y + 12, box.label, 'font-size="10" fill="#6b7780"'),
        )
      : []),
    ...scene.zones.map(
      (zone) =>
        rect(
          zone.x,
          zone.y,
          zone.width,
          zone.height,
          'fill="none" stroke="#10252b" stroke-width="2"',
        ) + text(zone.x + 3, zone.y - 4, `${zone.label} ${zoneText(zone)}`),
    ),
    ...scene.dots.map(
      (dot) =>
        `<circle cx="${decimal(dot.x)}" cy="${decimal(dot.y)}" r="10" fill="${dot.hollow ? "none" : "#21918c"}" stroke="#10252b"/>` +
        text(dot.x, dot.y + 4, count(dot.count), 'text-anchor="middle"'),
    ),
  ];
  const picture = image
    ? `<image x="0" y="0" width="${scene.width}" height="${scene.height}" preserveAspectRatio="none" href="${image}"/>`
    : "";
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" font-family="sans-serif" font-size="12"><title>${escaped(scene.title)}</title>` +
    `<desc>${escaped(scene.facts.join(", "))}</desc>` +
    `<rect width="100%" height="100%" fill="#fff"/>${texts.join("")}` +
    `<g transform="translate(0 ${top})">${picture}${marks.join("")}</g></svg>\n`
  );
}

// Background picture and density, which are pixels in the SVG too.
function imageOf(scene: Scene, backdrop?: CanvasImageSource): string {
  const hasPicture = scene.background === 3 && backdrop;
  if (!hasPicture && !scene.points.length && !scene.bands.length) return "";
  const [canvas, context] = canvasOf(Math.round(scene.width), Math.round(scene.height));
  if (hasPicture) context.drawImage(backdrop, 0, 0, scene.width, scene.height);
  drawMarks(context, { ...scene, zones: [], dots: [] });
  return canvas.toDataURL();
}

function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser has no canvas.");
  return [canvas, context];
}

/** A density as a canvas, one pixel per point of its field. */
export function canvasOfField(field: Field, max: number, palette: Palette): HTMLCanvasElement {
  const [canvas, context] = canvasOf(field.columns, field.rows);
  context.putImageData(new ImageData(paint(field, max, palette), field.columns, field.rows), 0, 0);
  return canvas;
}

function drawMarks(context: CanvasRenderingContext2D, scene: Scene): void {
  drawBands(context, scene);
  if (scene.points.length) {
    const { width, height, sigma } = scene;
    const field = density(scene.points, { width, height, step: STEP, sigma });
    const image = canvasOfField(field, scene.maximum || field.max, scene.palette);
    context.drawImage(image, 0, 0, field.columns * STEP, field.rows * STEP);
  }
  const tags: { x: number; y: number; w: number }[] = [];
  for (const zone of scene.zones) {
    const text = `${zone.label} ${zoneText(zone)}`;
    drawZone(context, zone.x, zone.y, zone.width, zone.height, text, tags, scene.width);
  }
  for (const dot of scene.dots) drawDot(context, dot.x, dot.y, dot.count, dot.hollow, dot.shape);
}

const zoneText = ({ count: x, of }: { count: number; of: number }) =>
  of ? `${count(x)} of ${count(of)} (${percent(x / of)})` : count(x);

export function drawBands(
  context: CanvasRenderingContext2D,
  scene: Pick<Scene, "bands" | "bands_of" | "maximum" | "palette" | "width">,
): void {
  const max = scene.maximum || scene.bands.reduce((most, { value }) => Math.max(most, value), 0);
  if (!max) return;
  for (const { from, to, value } of scene.bands) {
    const [red, green, blue] = heat.colour(scene.palette, value / max);
    context.fillStyle = `rgb(${red} ${green} ${blue} / 0.45)`;
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

function drawBoxes(context: CanvasRenderingContext2D, scene: Scene): void {
  context.font = `10px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  for (const box of scene.boxes) {
    context.lineWidth = box.landmark ? 2 : 1;
    context.strokeStyle = box.landmark ? "#9aa7b0" : "#c3ccd2";
    context.fillStyle = "rgb(120 140 150 / 0.05)";
    context.fillRect(box.x, box.y, box.width, box.height);
    context.strokeRect(box.x, box.y, box.width, box.height);
    context.fillStyle = "#6b7780";
    if (box.height >= 12 && box.width >= 20) {
      context.fillText(box.label, box.x + 3, box.y + 11, box.width - 4);
    }
  }
}

function legendLines(scene: Scene): string[] {
  const match = scene.anchored_of
    ? [`${count(scene.anchored)} of ${plural(scene.anchored_of, "click")} anchored`]
    : [];
  return [scene.title, [...scene.facts, ...match].join(", "), ...scene.notes];
}

function drawLegend(context: CanvasRenderingContext2D, scene: Scene): void {
  context.fillStyle = "#16212a";
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  legendLines(scene).forEach((line, i) => {
    context.font = `${i ? "" : "700 "}13px ${FONT}`;
    context.fillText(line, 12, 22 + i * 18, scene.width - 24);
  });
  if (!scene.points.length && !scene.bands.length) return;
  const width = Math.min(240, scene.width - 24);
  for (let i = 0; i < width; i++) {
    const [red, green, blue] = heat.colour(scene.palette, i / width);
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    context.fillRect(12 + i, LEGEND - 30, 1, 10);
  }
  context.fillStyle = "#16212a";
  context.font = `11px ${FONT}`;
  context.fillText(`0 … ${decimal(scene.maximum)} ${scene.unit}`, 12, LEGEND - 8, width);
}

// XML has no way to say most control characters.
function escaped(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replace(/[&<>"]/g, (sign) => signs[sign] ?? "")
  );
}
