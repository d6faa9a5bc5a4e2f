// SPDX-License-Identifier: MIT
// <insitu-heatmap>: the clicks of the page on show, drawn over it. In the document it is open, out of
// it nothing of it is left. Few clicks are counted dots, many are a density; the legend says which.

import type { Grid, Insitu } from "insitu";
import { el, setText, svg } from "./lib/dom.js";
import { decimal, plural } from "./lib/format.js";
import {
  type Dot,
  density,
  densityFromClicks,
  dots,
  type Field,
  maximum,
  opacity,
  ticks,
  viridis,
} from "./lib/heat.js";
import { insituOfPage } from "./lib/insitu.js";

// Standard deviation of the density, CSS px: about half of a usual button.
const sigma = 24;
// Distance of its points. Blurred as wide as that, closer ones would show nothing more.
const step = 6;
// A dot of the largest count has the lightest colour, but a single click is never the largest.
const leastDotScale = 4;

const style = `
:host {
  position: fixed;
  inset: 0;
  z-index: 15;
  pointer-events: none;
  font: 13px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
.dim { position: absolute; inset: 0; backdrop-filter: saturate(0.45) contrast(0.9); }
canvas { position: absolute; left: 0; top: 0; }
.legend {
  position: absolute;
  left: 16px;
  /* Above what the page keeps at its bottom. */
  bottom: calc(16px + var(--bar, 0px) + var(--sheet, 0px));
  width: min(320px, calc(100% - 32px));
  padding: 12px 14px;
  border: 1px solid rgb(255 255 255 / 25%);
  border-radius: 12px;
  background: #11171b;
  color: #eef2f4;
  box-shadow: 0 8px 30px rgb(0 0 0 / 30%);
  pointer-events: auto;
}
.head { display: flex; align-items: center; justify-content: space-between; gap: 12px; }
h2, p { margin: 0; }
h2 { font-size: 14px; overflow-wrap: anywhere; }
button {
  min-height: 32px;
  padding: 0 10px;
  border: 1px solid rgb(255 255 255 / 40%);
  border-radius: 8px;
  background: none;
  color: inherit;
  font: inherit;
  cursor: pointer;
}
button:focus-visible { outline: 3px solid #fde725; outline-offset: 2px; }
svg { display: block; width: 100%; height: 34px; margin: 8px 0 4px; overflow: visible; }
text { fill: #eef2f4; font-size: 11px; }
.note { color: #b9c4cb; }
[hidden] { display: none !important; }
`;

export class HeatmapOverlay extends HTMLElement {
  private readonly insitu: Insitu | null = insituOfPage();
  private readonly canvas = el("canvas", { role: "img" });
  private readonly heading = el("h2", { id: "title" }, "Clicks");
  private readonly ramp = svg("svg", { "aria-hidden": "true" });
  private readonly facts = el("p");
  private readonly note = el("p", { class: "note" });
  private readonly closeButton = el("button", { type: "button" }, "Close");
  private grid: Grid | null = null;
  private picture: Picture | null = null;
  private undo: (() => void)[] = [];
  private frame = 0;

  connectedCallback(): void {
    this.setAttribute("data-insitu-ignore", "all");
    if (!this.shadowRoot) this.build();
    this.listen(document, "keydown", (event) => {
      if ((event as KeyboardEvent).key === "Escape") this.close();
    });
    // Scroll containers inside the page do not bubble; their clicks move with them, so all count.
    this.listen(document, "scroll", () => this.later(), { capture: true, passive: true });
    this.listen(window, "resize", () => this.later());
    const size = new ResizeObserver(() => this.later());
    size.observe(document.body);
    this.undo.push(() => size.disconnect());
    const { insitu } = this;
    if (insitu) this.undo.push(insitu.on("report", () => void this.load(insitu)));
    if (insitu) void this.load(insitu);
    else this.explain("Insitu did not load, so there are no clicks to show.");
    this.closeButton.focus({ preventScroll: true });
  }

  disconnectedCallback(): void {
    for (const undo of this.undo.splice(0)) undo();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** Takes the heatmap away and says so with a "close" event. */
  close(): void {
    if (!this.isConnected) return;
    this.remove();
    this.dispatchEvent(new Event("close"));
  }

  private build(): void {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    this.closeButton.addEventListener("click", () => this.close());
    root.append(
      el("div", { class: "dim" }),
      this.canvas,
      el(
        "section",
        { class: "legend", "aria-labelledby": "title" },
        el("div", { class: "head" }, this.heading, this.closeButton),
        this.ramp,
        this.facts,
        this.note,
      ),
    );
  }

  private listen(
    target: EventTarget,
    type: string,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, listener, options);
    this.undo.push(() => target.removeEventListener(type, listener, options));
  }

  private async load(insitu: Insitu): Promise<void> {
    try {
      const grid = await insitu.heatmap({ kind: "click" });
      if (this.isConnected) this.show(grid);
    } catch (error) {
      this.explain(error instanceof Error ? error.message : String(error));
    }
  }

  private explain(text: string): void {
    setText(this.facts, text);
    this.ramp.setAttribute("hidden", "");
    this.note.hidden = true;
    this.canvas.setAttribute("aria-label", text);
  }

  private show(grid: Grid | null): void {
    this.grid = grid;
    const clicks = grid ? clicksOf(grid) : 0;
    if (!grid || clicks === 0) {
      this.picture = null;
      setText(this.heading, grid ? `Clicks on ${grid.page}` : "Clicks");
      this.explain("No clicks on this page yet. Close this, click around, and come back.");
      this.later();
      return;
    }
    setText(this.heading, `Clicks on ${grid.page}`);
    setText(this.facts, `${plural(clicks, "click")} in ${plural(grid.views, "page view")}`);
    const outside =
      grid.out_of_bounds > 0 ? ` ${plural(grid.out_of_bounds, "click")} outside of the page.` : "";
    setText(
      this.note,
      (clicks >= densityFromClicks
        ? "Density: clicks per 100 × 100 px of the page."
        : `Each dot counts the clicks of a field about ${grid.row_px} px wide. ` +
          `From ${densityFromClicks} clicks on there will be a density.`) + outside,
    );
    this.note.hidden = false;
    this.canvas.setAttribute("aria-label", describe(grid, clicks));
    this.prepare(grid);
    this.later();
  }

  // Makes what is drawn, for the width that the page has now.
  private prepare(grid: Grid): void {
    const width = pageElement().scrollWidth;
    const layout = { columnWidth: width / grid.columns, rowHeight: grid.row_px };
    if (clicksOf(grid) >= densityFromClicks) {
      // A page can have grown after it was measured: its clicks lie below the last row of the grid.
      const rows = grid.cells.reduce((most, [, row]) => Math.max(most, row + 1), grid.rows);
      const height = rows * grid.row_px;
      const spread = density({ width, height, step }, grid.cells, layout, sigma);
      const max = maximum(spread);
      this.picture = { width, texture: paintDensity(spread, max), dots: [], max };
    } else {
      const counted = dots(grid.cells, layout);
      const max = counted.reduce((most, { clicks }) => Math.max(most, clicks), leastDotScale);
      this.picture = { width, texture: null, dots: counted, max };
    }
    this.ramp.removeAttribute("hidden");
    drawRamp(this.ramp, this.picture.max, this.picture.texture !== null);
  }

  // One drawing per frame, however many reasons there are.
  private later(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  // The canvas is as large as the window, never as the page: no limit of canvas sizes is met, and
  // only what is in view is drawn.
  private draw(): void {
    const { canvas, grid } = this;
    const page = pageElement();
    if (grid && this.picture && this.picture.width !== page.scrollWidth) this.prepare(grid);
    const [width, height] = [page.clientWidth, window.innerHeight];
    const ratio = window.devicePixelRatio || 1;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
    if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, pixelWidth, pixelHeight);
    if (!this.picture) return;
    const { texture, dots, max } = this.picture;
    context.setTransform(ratio, 0, 0, ratio, -page.scrollLeft * ratio, -page.scrollTop * ratio);
    if (texture) context.drawImage(texture, 0, 0, texture.width * step, texture.height * step);
    drawDots(context, dots, max, page.scrollTop, page.scrollTop + height);
  }
}

// What is drawn for one grid at one width of the page.
interface Picture {
  width: number;
  texture: HTMLCanvasElement | null;
  dots: Dot[];
  max: number;
}

const pageElement = () => document.scrollingElement ?? document.documentElement;

const clicksOf = ({ cells }: Grid) => cells.reduce((sum, [, , clicks]) => sum + clicks, 0);

// The whole density as a small picture, one pixel per point, to be drawn larger over the page.
function paintDensity({ columns, rows, values }: Field, max: number): HTMLCanvasElement {
  const canvas = el("canvas", { width: columns, height: rows });
  const context = canvas.getContext("2d");
  if (!context || max === 0) return canvas;
  const image = context.createImageData(columns, rows);
  for (const [index, value] of values.entries()) {
    const shown = opacity(value / max);
    if (shown === 0) continue;
    image.data.set(viridis(value / max), index * 4);
    image.data[index * 4 + 3] = shown * 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawDots(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  max: number,
  top: number,
  bottom: number,
): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = "700 12px system-ui, sans-serif";
  for (const { x, y, clicks } of dots) {
    const radius = 13 + 7 * Math.sqrt(clicks / max);
    if (y < top - radius || y > bottom + radius) continue;
    const [red, green, blue] = viridis(clicks / max);
    const soft = context.createRadialGradient(x, y, radius * 0.75, x, y, radius);
    soft.addColorStop(0, `rgb(${red} ${green} ${blue} / 0.92)`);
    soft.addColorStop(1, `rgb(${red} ${green} ${blue} / 0)`);
    context.fillStyle = soft;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = red * 0.3 + green * 0.59 + blue * 0.11 > 130 ? "#11171b" : "#ffffff";
    context.fillText(String(clicks), x, y + 0.5);
  }
}

// The ramp with its ticks: the same colours and the same opacity as on the page.
function drawRamp(ramp: SVGSVGElement, max: number, isDensity: boolean): void {
  const steps = 60;
  const bars = Array.from({ length: steps }, (_, index) => {
    const share = (index + 0.5) / steps;
    const [red, green, blue] = viridis(share);
    return svg("rect", {
      x: `${(index / steps) * 100}%`,
      y: 0,
      width: `${100 / steps + 0.2}%`,
      height: 12,
      fill: `rgb(${red},${green},${blue})`,
      "fill-opacity": isDensity && opacity(share) === 0 ? 0 : 1,
    });
  });
  const marks = ticks(max, 5, isDensity ? 0 : 1).flatMap((value) => {
    const x = `${(value / max) * 100}%`;
    const anchor = value === 0 ? "start" : value > max * 0.95 ? "end" : "middle";
    const text = value === 0 && isDensity ? "0" : decimal(value, 2);
    return [
      svg("line", { x1: x, x2: x, y1: 12, y2: 17, stroke: "#eef2f4" }),
      svg("text", { x, y: 30, "text-anchor": anchor }, text),
    ];
  });
  ramp.replaceChildren(...bars, ...marks);
}

function describe(grid: Grid, clicks: number): string {
  const most = grid.cells.reduce((best, cell) => (cell[2] > best[2] ? cell : best));
  const x = Math.round(((most[0] + 0.5) / grid.columns) * grid.document_width);
  const y = Math.round((most[1] + 0.5) * grid.row_px);
  return (
    `Heatmap of ${plural(clicks, "click")} on ${grid.page}. Most clicked: ${most[2]} of them around ` +
    `${x} px from the left and ${y} px from the top.`
  );
}

customElements.define("insitu-heatmap", HeatmapOverlay);
