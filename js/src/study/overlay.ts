// SPDX-License-Identifier: MIT
// <insitu-heatmap>: what happened on the page on show, drawn over it, with a panel that says the
// same in words and numbers. In the document it is open, out of it nothing of it is left. It never
// keeps a click from the page.
import { stateOf } from "../anchor.js";
import type { Grid, HeatKind } from "../types.js";
import { download, el, setText } from "./dom.js";
import { cut, layoutOf, pageElement, rectOf } from "./layout.js";
import { bandsOf, Live, type LiveOptions, MAX_TILE, type MarkKind } from "./live.js";
import {
  lookAgain,
  type Marks,
  marksOf,
  matchSentence,
  shareOf,
  type Unit,
  type Zone,
} from "./marks.js";
import { decimal, interval, percent, plural } from "./numbers.js";
import {
  type Backdrop,
  PALETTES,
  type Palette,
  type Pictures,
  pictures,
  type Scene,
} from "./picture_door.js";
import { KIND_NAMES, sceneOf, unitOf } from "./scene.js";
import { shown } from "./shown.js";
import { insituOfPage, type Source, sourceOf } from "./source.js";
import { style } from "./style.js";

/** Fewer clicks are shown as dots and zones: a blur would invent a pattern. */
export const DENSITY_FROM = 30;

type View = "page" | "wireframe" | "picture";
type Attribute = "kind" | "unit" | "marks" | "palette" | "state" | "sigma" | "view";

const KINDS = Object.keys(KIND_NAMES) as HeatKind[];
const OF_CLICKS = /^(click|first_click|rage|dead|error)$/;
const POLL_MS = 400;
const RESOLVE_MS = 2000;
const MAX_ROWS = 200;
const ALL_STATES = "*";
const NO_PICTURES =
  "Densities, bands and pictures need insitu.picture.js beside insitu.study.js, and WebAssembly.";

// Where there is no page this can be imported all the same.
const Base = typeof HTMLElement === "function" ? HTMLElement : (class {} as typeof HTMLElement);

export class HeatmapOverlay extends Base {
  static readonly observedAttributes = ["kind", "unit", "marks", "palette", "state", "sigma"];

  private given: Source | null = null;
  private grid: Grid | null = null;
  private marks_: Marks | null = null;
  private live: Live | null = null;
  private pictures: Pictures | null = null;
  private picture: HTMLCanvasElement | null = null;
  private view: View = "page";
  private undo: (() => void)[] = [];
  private frame = 0;
  private loads = 0;
  private places = "";
  private isChanged = false;
  private resolvedAt = 0;
  private isMoving = false;
  private isBuilt = false;
  private focusedBefore: Element | null = null;
  private corner = 0;
  private isPlaced = false;

  private readonly canvas = el("canvas", { class: "live", "aria-hidden": "true" });
  private readonly dim = el("div", { class: "dim" });
  private readonly board = el("div", {
    class: "board",
    tabindex: 0,
    role: "img",
    "aria-label": "The page as a picture, with the heatmap on it",
    hidden: true,
  });
  private readonly heading = el("h2", { id: "title" }, "Heatmap");
  private readonly facts = el("p", { class: "soft" });
  private readonly match = el("p", { class: "soft", role: "status" });
  private readonly sentence = el("p", { id: "sentence", class: "sentence" });
  private readonly ramp = el("canvas", {
    class: "ramp",
    width: 256,
    height: 1,
    role: "presentation",
  });
  private readonly scale = el("div", { class: "scale" });
  private readonly legend = el("div", {}, this.ramp, this.scale);
  private readonly key = el("div", { class: "key" });
  private readonly rows = el("tbody");
  private readonly shareHead = el("th", { scope: "col" }, "Share");
  private readonly tableTitle = el("summary", {}, "Table");
  private readonly hiddenTitle = el("summary");
  private readonly hiddenList = el("ul");
  private readonly hiddenPart = el("details", {}, this.hiddenTitle, this.hiddenList);
  private readonly body = el("div", { id: "body", class: "body" });
  private readonly selects = new Map<Attribute, HTMLSelectElement>();
  private readonly stateLabel = el("label", { hidden: true }, "Open over the page");
  private readonly panel = el("section", {
    class: "panel",
    tabindex: -1,
    "aria-labelledby": "title",
    "aria-describedby": "sentence",
    "data-corner": 0,
  });

  /** Where the numbers come from; by default the Insitu of the page. */
  get source(): Source | null {
    if (this.given) return this.given;
    const insitu = insituOfPage();
    return insitu ? sourceOf(insitu) : null;
  }
  set source(source: Source | null) {
    this.given = source;
    if (this.isConnected) this.listenToSource();
  }

  get kind(): HeatKind {
    const kind = this.getAttribute("kind") as HeatKind;
    return KINDS.includes(kind) ? kind : "click";
  }
  set kind(kind: HeatKind) {
    this.setAttribute("kind", kind);
  }
  get unit(): Unit {
    return this.getAttribute("unit") === "clicks" ? "clicks" : "participants";
  }
  set unit(unit: Unit) {
    this.setAttribute("unit", unit);
  }
  /** "" chooses by the number of clicks. */
  get marks(): MarkKind | "" {
    const marks = this.getAttribute("marks");
    return marks === "dots" || marks === "density" ? marks : "";
  }
  set marks(marks: MarkKind | "") {
    this.setAttribute("marks", marks);
  }
  get palette(): Palette {
    const palette = this.getAttribute("palette") as Palette;
    return PALETTES.includes(palette) ? palette : "viridis";
  }
  set palette(palette: Palette) {
    this.setAttribute("palette", palette);
  }
  /** null: all states together. */
  get state(): string | null {
    return this.getAttribute("state");
  }
  set state(state: string | null) {
    if (state === null) this.removeAttribute("state");
    else this.setAttribute("state", state);
  }

  connectedCallback(): void {
    if (this.isMoving) return;
    if (!this.isBuilt) this.build();
    this.isBuilt = true;
    this.setAttribute("data-insitu-ignore", "all");
    this.focusedBefore = document.activeElement;
    this.rise();
    const passive = { capture: true, passive: true };
    this.listen(window, "keydown", (event) => this.onEscape(event as KeyboardEvent));
    this.listen(
      document,
      "scroll",
      (event) => {
        // What is in view of a scroll container changes; of the page everything counts as in view.
        if (event.target !== document) this.isChanged = true;
        this.later();
      },
      passive,
    );
    for (const type of ["transitionend", "animationend", "load", "toggle"]) {
      this.listen(
        document,
        type,
        () => {
          this.isChanged = true;
        },
        passive,
      );
    }
    this.listen(window, "resize", () => {
      this.isChanged = true;
      this.look();
    });
    const size = new ResizeObserver(() => this.look());
    size.observe(document.documentElement);
    if (document.body) size.observe(document.body);
    const changes = new MutationObserver((records) => {
      if (records.some(({ target }) => target !== this)) this.isChanged = true;
    });
    changes.observe(document, { subtree: true, childList: true, attributes: true });
    const poll = setInterval(() => this.look(), POLL_MS);
    this.undo.push(
      () => size.disconnect(),
      () => changes.disconnect(),
      () => clearInterval(poll),
    );
    this.listenToSource();
    this.panel.focus({ preventScroll: true });
  }

  disconnectedCallback(): void {
    if (this.isMoving) return;
    // The dialog that it was put into has gone, not the heatmap itself.
    if (this.parentNode) return void queueMicrotask(() => this.rise());
    for (const undo of this.undo.splice(0)) undo();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.loads++;
    this.live = null;
    this.picture = null;
    const before = this.focusedBefore as HTMLElement | null;
    if (before?.isConnected && before !== document.body) before.focus?.({ preventScroll: true });
    this.focusedBefore = null;
  }

  attributeChangedCallback(name: Attribute, old: string | null, value: string | null): void {
    if (!this.isBuilt || old === value) return;
    this.showChoices();
    if (name === "kind" || name === "state") void this.load();
    else this.redraw();
  }

  /** Takes the heatmap away and says so with a "close" event. */
  close(): void {
    if (!this.isConnected) return;
    this.remove();
    this.dispatchEvent(new Event("close"));
  }

  // ---- building

  private build(): void {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    const button = (text: string, act: (button: HTMLButtonElement) => void, keys = "") => {
      const made = el("button", { type: "button", "aria-keyshortcuts": keys || null }, text);
      made.addEventListener("click", () => act(made));
      return made;
    };
    const less = button("Less", () => {
      const hides = !this.body.hidden;
      this.body.hidden = hides;
      setText(less, hides ? "More" : "Less");
      less.setAttribute("aria-expanded", String(!hides));
    });
    less.setAttribute("aria-controls", "body");
    less.setAttribute("aria-expanded", "true");
    const corner = button("Move", () => {
      this.corner = (this.corner + 1) % 4;
      this.panel.dataset.corner = String(this.corner);
    });
    corner.title = "Into the next corner";
    const state = this.select("state", []);
    this.stateLabel.append(state);
    const file = el("input", { type: "file", accept: "image/*", "aria-label": "Over a picture" });
    file.addEventListener("change", () => void this.showPicture(file.files?.[0]));
    this.panel.append(
      el(
        "div",
        { class: "head" },
        this.heading,
        corner,
        less,
        button("Close", () => this.close(), "X"),
      ),
      this.sentence,
      this.body,
    );
    const choices = (list: readonly string[], names: (value: string) => string) =>
      list.map((value): [string, string] => [value, names(value)]);
    this.body.append(
      this.facts,
      this.match,
      el(
        "div",
        { class: "controls" },
        el(
          "label",
          {},
          "Show",
          this.select(
            "kind",
            choices(KINDS, (kind) => KIND_NAMES[kind as HeatKind]),
          ),
        ),
        el(
          "label",
          {},
          "Count",
          this.select("unit", [
            ["participants", "Participants"],
            ["clicks", "Clicks"],
          ]),
        ),
        el(
          "label",
          {},
          "As",
          this.select("marks", [
            ["", "What fits"],
            ["dots", "Dots and zones"],
            ["density", "Density"],
          ]),
        ),
        el(
          "label",
          {},
          "Colours",
          this.select(
            "palette",
            choices(PALETTES, (name) => name.charAt(0).toUpperCase() + name.slice(1)),
          ),
        ),
        this.stateLabel,
      ),
      this.legend,
      this.key,
      el(
        "details",
        {},
        this.tableTitle,
        el(
          "div",
          { class: "scroller", tabindex: 0, role: "region", "aria-label": "Table of elements" },
          el(
            "table",
            {},
            el(
              "thead",
              {},
              el(
                "tr",
                {},
                el("th", { scope: "col" }, "Element"),
                el("th", { scope: "col" }, "Clicks"),
                el("th", { scope: "col" }, "People"),
                this.shareHead,
                el("th", { scope: "col" }, "95 %"),
                el("th", { scope: "col" }, "Found"),
              ),
            ),
            this.rows,
          ),
        ),
      ),
      this.hiddenPart,
      el(
        "details",
        {},
        el("summary", {}, "Pictures and exports"),
        el(
          "div",
          { class: "row apart" },
          button("Over the page", () => this.setView("page")),
          button("Wireframe", () => this.setView("wireframe"), "W"),
          el(
            "label",
            { class: "file", title: "Choose one, or drop it on this panel" },
            "Over a picture",
            file,
          ),
          button("PNG", () => this.exportPng()),
          button("SVG", () => this.exportSvg()),
          button("layout.json", () => this.exportLayout()),
        ),
      ),
      el(
        "details",
        {},
        el("summary", {}, "Keys"),
        el(
          "p",
          { class: "soft" },
          "While this panel has the focus: ",
          el("kbd", {}, "K"),
          " next kind, ",
          el("kbd", {}, "M"),
          " dots or density, ",
          el("kbd", {}, "U"),
          " participants or clicks, ",
          el("kbd", {}, "W"),
          " wireframe, ",
          el("kbd", {}, "X"),
          " or Esc close.",
        ),
      ),
    );
    this.panel.addEventListener("keydown", (event) => this.onKey(event));
    this.panel.addEventListener("dragover", (event) => event.preventDefault());
    this.panel.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.showPicture(event.dataTransfer?.files[0]);
    });
    // Nothing that happens in the panel is the page's.
    for (const type of ["click", "pointerdown", "keydown"]) {
      this.panel.addEventListener(type, (event) => event.stopPropagation());
    }
    root.append(this.dim, this.canvas, this.board, this.panel);
    this.showChoices();
    this.legend.hidden = true;
  }

  private select(
    name: Attribute,
    choices: readonly (readonly [string, string])[],
  ): HTMLSelectElement {
    const made = el("select", {}, ...choices.map(([value, text]) => el("option", { value }, text)));
    made.addEventListener("change", () => {
      if (name === "state") this.state = made.value === ALL_STATES ? null : made.value.slice(1);
      else this.setAttribute(name, made.value);
    });
    this.selects.set(name, made);
    return made;
  }

  private showChoices(): void {
    const values: Partial<Record<Attribute, string>> = {
      kind: this.kind,
      unit: this.unit,
      marks: this.marks,
      palette: this.palette,
      state: this.state === null ? ALL_STATES : `=${this.state}`,
    };
    for (const [name, select] of this.selects) select.value = values[name] ?? "";
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

  // Into the top layer, above what is there; and into a modal dialog, outside of which nothing can
  // be used.
  private rise(): void {
    const modal = isSelector(":modal")
      ? Array.from(document.querySelectorAll("dialog[open]")).filter((each) =>
          each.matches(":modal"),
        )
      : [];
    const home = modal.pop() ?? document.documentElement;
    const isHome =
      this.parentNode === home ||
      (home === document.documentElement && this.parentNode === document.body);
    if (!isHome || !this.isConnected) {
      this.isMoving = true;
      home.append(this);
      this.isMoving = false;
    }
    if (typeof this.showPopover !== "function") return;
    this.popover = "manual";
    if (!this.matches(":popover-open")) this.showPopover();
  }

  // ---- keys

  private onEscape(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    // It closes what is open over the page first.
    if (document.activeElement === (this as Element) || !stateOf(document)) this.close();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      this.close();
      return;
    }
    const { localName } = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.altKey || /^(select|input)$/.test(localName))
      return;
    const act: Record<string, () => void> = {
      k: () => {
        const step = event.shiftKey ? KINDS.length - 1 : 1;
        this.kind = KINDS[(KINDS.indexOf(this.kind) + step) % KINDS.length] ?? "click";
      },
      m: () => {
        this.marks = this.options().marks === "dots" ? "density" : "dots";
      },
      u: () => {
        this.unit = this.unit === "clicks" ? "participants" : "clicks";
      },
      w: () => this.setView(this.view === "wireframe" ? "page" : "wireframe"),
      x: () => this.close(),
    };
    const run = act[event.key.toLowerCase()];
    if (!run) return;
    event.preventDefault();
    run();
  }

  // ---- data

  private endWatch: () => void = () => {};

  private listenToSource(): void {
    this.endWatch();
    const { source } = this;
    if (!source) {
      this.explain("Insitu did not load, so there is nothing to show.");
      return;
    }
    const end = source.watch?.(() => void this.load()) ?? (() => {});
    this.endWatch = end;
    this.undo.push(end);
    void this.load();
  }

  private async load(): Promise<void> {
    const load = ++this.loads;
    const { source, kind, state } = this;
    if (!source) return;
    try {
      const [grid, module] = await Promise.all([
        source.grid({ kind, state }),
        pictures().catch(() => null),
      ]);
      if (load !== this.loads || !this.isConnected) return;
      this.pictures = module;
      this.grid = grid;
      this.resolve();
      this.redraw();
      if (!this.isPlaced) this.place();
      if (grid) await this.showStates(source, grid, load);
    } catch (error) {
      if (load !== this.loads) return;
      this.grid = this.marks_ = this.live = null;
      this.later();
      setText(this.heading, KIND_NAMES[kind]);
      this.explain(error instanceof Error ? error.message : String(error));
    }
  }

  // Into the corner where the panel hides the fewest clicks.
  private place(): void {
    this.isPlaced = true;
    const { width, height } = this.panel.getBoundingClientRect();
    const [right, bottom] = [innerWidth - width - 12, innerHeight - height - 12];
    const corners = [
      [12, bottom],
      [12, 12],
      [right, 12],
      [right, bottom],
    ].map(([x = 0, y = 0]) =>
      (this.marks_?.zones ?? []).reduce((sum, { element, clicks, hidden }) => {
        const isUnder = element && !hidden && cut(rectOf(element), { x, y, w: width, h: height });
        return sum + (isUnder ? clicks : 0);
      }, 0),
    );
    this.corner = corners.indexOf(Math.min(...corners));
    this.panel.dataset.corner = String(this.corner);
  }

  private resolve(): void {
    const { grid } = this;
    this.resolvedAt = performance.now();
    if (this.isChanged) this.rise();
    this.isChanged = false;
    this.marks_ = grid && OF_CLICKS.test(grid.kind) ? marksOf(grid) : null;
  }

  private options(): LiveOptions {
    const clicks = this.marks_?.clicks ?? 0;
    const sigma = Number(this.getAttribute("sigma")) || 16;
    return {
      unit: this.unit,
      marks: this.pictures ? this.marks || (clicks < DENSITY_FROM ? "dots" : "density") : "dots",
      palette: this.palette,
      sigma: Math.min(Math.max(sigma, 8), 40),
    };
  }

  private redraw(): void {
    const { grid } = this;
    this.live = grid ? new Live(grid, this.marks_, this.options(), this.pictures) : null;
    this.places = this.live?.places() ?? "";
    this.showPanel();
    if (this.view !== "page") this.drawBoard();
    this.later();
  }

  // Has anything moved, come or gone?
  private look(): void {
    const { grid, marks_ } = this;
    if (!grid || !this.live || document.visibilityState !== "visible") return;
    const wasChanged = this.isChanged;
    if (wasChanged) this.rise();
    const isGone = marks_?.zones.some(({ element }) => element && !element.isConnected);
    const wantsMore = marks_ && marks_.anchored < marks_.clicks && wasChanged;
    if ((isGone || wantsMore) && performance.now() - this.resolvedAt > RESOLVE_MS) {
      this.resolve();
      this.redraw();
      return;
    }
    if (!wasChanged && this.live.places() === this.places) return;
    this.isChanged = !!wantsMore;
    if (marks_) lookAgain(marks_);
    this.live.measure();
    this.places = this.live.places();
    this.showPanel();
    this.later();
  }

  // ---- showing

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
    const { canvas } = this;
    const [width, height] = [pageElement().clientWidth, window.innerHeight];
    const ratio = Math.min(window.devicePixelRatio || 1, MAX_TILE / Math.max(width, height, 1));
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    if (this.live && this.view === "page") this.live.draw(context, width, height, ratio);
    else {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, wide, high);
    }
  }

  private explain(text: string): void {
    setText(this.sentence, text);
    for (const part of [this.facts, this.match]) setText(part, "");
    this.legend.hidden = true;
    this.hiddenPart.hidden = true;
    this.rows.replaceChildren();
    this.key.replaceChildren();
    setText(this.tableTitle, "Table");
  }

  private showPanel(): void {
    const { grid, marks_, live } = this;
    if (!grid || !live) {
      setText(this.heading, KIND_NAMES[this.kind]);
      this.explain("Nothing is known of this page yet. Use it, and come back.");
      return;
    }
    setText(this.heading, `${KIND_NAMES[grid.kind]} on ${shown(grid.page)}`);
    if (marks_ && marks_.clicks === 0) {
      this.explain("No such clicks on this page yet.");
      return;
    }
    const people = plural(grid.participants, "participant");
    const views = plural(grid.views, "page view");
    setText(
      this.facts,
      marks_
        ? `${plural(marks_.clicks, "click")} by ${people} in ${views}.`
        : `${people}, ${views}.`,
    );
    const match = marks_ ? `${matchSentence(marks_)}.` : "";
    setText(this.match, this.pictures ? match : `${match} ${NO_PICTURES}`);
    const sentence = describe(grid, marks_, this.unit);
    if (this.sentence.textContent !== textOf(sentence)) this.sentence.replaceChildren(...sentence);
    const isDensity = live.max > 0;
    const max = isDensity ? live.max : bandsMax(grid);
    this.legend.hidden = !max;
    if (max) this.showScale(max, unitOf(grid, live.options));
    this.key.replaceChildren(...keyOf(grid, marks_, isDensity));
    this.showTable(grid, marks_);
    const hidden = marks_?.hidden ?? [];
    this.hiddenPart.hidden = hidden.length === 0;
    const sum = hidden.reduce((all, { clicks }) => all + clicks, 0);
    setText(this.hiddenTitle, sum ? `${plural(sum, "click")} not visible here` : "");
    this.hiddenList.replaceChildren(
      ...hidden.map(({ where, clicks }) =>
        el("li", {}, `${plural(clicks, "click")} on ${where}, not visible here`),
      ),
    );
  }

  private showScale(max: number, unit: string): void {
    const { pictures, ramp } = this;
    if (!pictures) return;
    const colours = pictures.colours(this.palette, ramp.width);
    ramp.getContext("2d")?.putImageData(new ImageData(colours, ramp.width, 1), 0, 0);
    const shownTicks = [0, ...pictures.ticks(max)];
    this.scale.replaceChildren(
      ...shownTicks.map((value, i) =>
        el("span", {}, i === shownTicks.length - 1 ? `${decimal(value)} ${unit}` : decimal(value)),
      ),
    );
  }

  private showTable(grid: Grid, marks: Marks | null): void {
    const zones = marks?.zones ?? [];
    setText(this.tableTitle, marks ? `Table: ${plural(zones.length, "element")}` : "Table");
    setText(this.shareHead, this.unit === "clicks" ? "Of clicks" : "Of people");
    this.rows.replaceChildren(
      ...(marks ? zones.slice(0, MAX_ROWS) : []).map((zone) =>
        this.row(zone, grid, marks as Marks),
      ),
      ...bandRows(grid),
    );
  }

  private row(zone: Zone, grid: Grid, marks: Marks): HTMLTableRowElement {
    const { x, n, ci } = shareOf(zone, grid, marks, this.unit);
    const isOpen = zone.interactive ? "" : " (does not answer clicks)";
    return el(
      "tr",
      {},
      // Names may be written from right to left; the rest of the row is not.
      el("th", { scope: "row", dir: "auto" }, zone.name + isOpen),
      el("td", {}, String(zone.clicks)),
      el("td", {}, String(zone.participants)),
      el("td", {}, `${percent(x / n)}`),
      el("td", {}, ci ? interval(ci) : ""),
      el("td", {}, foundText(zone)),
    );
  }

  private async showStates(source: Source, grid: Grid, load: number): Promise<void> {
    const states = grid.states.slice(0, 12);
    this.stateLabel.hidden = states.length < 2 && this.state === null;
    if (this.stateLabel.hidden) return;
    const counts = await Promise.all(
      states.map(async (state) => {
        const part = await source.grid({ kind: grid.kind, state }).catch(() => null);
        return part?.elements.reduce((sum, { clicks }) => sum + clicks, 0) ?? 0;
      }),
    );
    if (load !== this.loads) return;
    const select = this.selects.get("state");
    select?.replaceChildren(
      el("option", { value: ALL_STATES }, "Everything"),
      ...states.map((state, i) =>
        el(
          "option",
          { value: `=${state}` },
          `${state ? shown(state) : "Nothing open"}: ${plural(counts[i] ?? 0, "click")}`,
        ),
      ),
    );
    this.showChoices();
  }

  // ---- other views and exports

  private setView(view: View): void {
    this.view = view;
    this.board.hidden = view === "page";
    this.dim.hidden = view !== "page";
    if (view !== "page") this.drawBoard();
    this.later();
  }

  private async showPicture(file: File | undefined): Promise<void> {
    if (!file) return;
    try {
      const bitmap = await createImageBitmap(file);
      this.picture = el("canvas", { width: bitmap.width, height: bitmap.height });
      this.picture.getContext("2d")?.drawImage(bitmap, 0, 0);
      bitmap.close();
      this.setView("picture");
    } catch {
      setText(this.match, "This file is no picture that the browser can read.");
    }
  }

  private scene(): Scene | null {
    const { grid } = this;
    if (!grid) return null;
    const background = this.view === "picture" && this.picture ? 3 : 2;
    return sceneOf(grid, this.marks_, this.options(), background);
  }

  // The scene in pixels. Throws when there are too many.
  private drawn(scene: Scene): ReturnType<Pictures["drawPicture"]> {
    if (!this.pictures) throw new Error(NO_PICTURES);
    return this.pictures.drawPicture(scene, this.backdrop(scene));
  }
  private backdrop(scene: Scene): Backdrop | undefined {
    const { picture } = this;
    if (!picture || scene.background !== 3) return undefined;
    const { width, height } = picture;
    const data = picture.getContext("2d")?.getImageData(0, 0, width, height).data;
    return data && { width, height, data };
  }

  private drawBoard(): void {
    const scene = this.scene();
    if (!scene) return;
    this.tell(() => {
      const { width, height, rgba } = this.drawn(scene);
      const tiles: HTMLCanvasElement[] = [];
      for (let top = 0; top < height; top += MAX_TILE) {
        const high = Math.min(MAX_TILE, height - top);
        const tile = el("canvas", { width, height: high });
        const part = rgba.subarray(top * width * 4, (top + high) * width * 4);
        tile.getContext("2d")?.putImageData(new ImageData(part, width, high), 0, 0);
        tiles.push(tile);
      }
      this.board.replaceChildren(...tiles);
    });
  }

  // What goes wrong is said in the panel.
  private tell(act: () => void): void {
    try {
      act();
    } catch (error) {
      setText(this.match, error instanceof Error ? error.message : String(error));
    }
  }

  private fileName(ending: string): string {
    const page = (this.grid?.page ?? "").replace(/[^\w-]+/g, "-").replace(/^-|-$/g, "");
    return `insitu-${this.kind}${page && `-${page}`}.${ending}`.slice(0, 100);
  }

  private exportPng(): void {
    const scene = this.scene();
    if (!scene) return;
    this.tell(() => {
      const { width, height, rgba } = this.drawn(scene);
      const canvas = el("canvas", { width, height });
      canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
      canvas.toBlob((blob) => blob && download(blob, this.fileName("png")));
    });
  }

  private exportSvg(): void {
    const scene = this.scene();
    if (!scene) return;
    this.tell(() => {
      if (!this.pictures) throw new Error(NO_PICTURES);
      const behind = scene.background === 3 ? this.picture?.toDataURL() : undefined;
      const text = this.pictures.drawSvg(scene, behind);
      download(new Blob([text], { type: "image/svg+xml" }), this.fileName("svg"));
    });
  }

  private exportLayout(): void {
    const elements = this.marks_?.zones.flatMap(({ element }) => (element ? [element] : [])) ?? [];
    const layout = layoutOf(this.grid?.page, elements);
    download(
      new Blob([`${JSON.stringify(layout)}\n`], { type: "application/json" }),
      "layout.json",
    );
  }
}

function isSelector(text: string): boolean {
  try {
    document.documentElement.matches(text);
    return true;
  } catch {
    return false;
  }
}

const bandsMax = (grid: Grid) => {
  const { bands, maximum } = bandsOf(grid);
  return maximum || bands.reduce((most, { value }) => Math.max(most, value), 0);
};

const HOW = {
  name: "by its name",
  id: "by its id",
  label: "by its label",
  link: "by its link",
  field: "by its field name",
  image: "by its image",
  position: "only by position",
} as const;

function foundText({ element, how, hidden }: Zone): string {
  if (!element || !how) return "no, drawn hollow";
  return HOW[how] + (hidden ? `, on ${hidden}` : "");
}

// Names stand in elements of their own: one written from right to left turns nothing beside it.
function describe(grid: Grid, marks: Marks | null, unit: Unit): (string | HTMLElement)[] {
  if (!marks) {
    if (grid.kind === "scroll_reach") {
      const half = grid.bands.filter(([, views]) => views >= grid.views / 2).pop();
      return [
        half
          ? `Half of the page views got as far as ${Math.round((half[0] + 1) * grid.band_px)} px.`
          : "Nobody has scrolled here.",
      ];
    }
    return [
      grid.kind === "dwell"
        ? "Where the pointer rested, which is not where people looked."
        : "How long each part of the page was in view.",
    ];
  }
  const [most] = marks.zones;
  if (!most) return [];
  const { x, n, ci } = shareOf(most, grid, marks, unit);
  const share = `${x} of ${plural(n, unit === "clicks" ? "click" : "participant")} (${percent(x / n)}${ci ? `, ${interval(ci)}` : ""})`;
  const silent = marks.zones.find(({ interactive }) => !interactive);
  const said = ["Most clicked: ", el("bdi", {}, most.name), `, ${share}.`];
  if (!silent || silent === most) return said;
  const more = ` ${plural(silent.clicks, "click")} on `;
  return [...said, more, el("bdi", {}, silent.name), ", which does not answer clicks."];
}

const textOf = (parts: readonly (string | HTMLElement)[]) =>
  parts.map((part) => (typeof part === "string" ? part : part.textContent)).join("");

function keyOf(grid: Grid, marks: Marks | null, isDensity: boolean): HTMLElement[] {
  if (!marks) return [];
  const item = (kind: string, text: string) =>
    el("span", {}, el("i", { class: `dot ${kind}`, "aria-hidden": "true" }), text);
  const isFirst = grid.kind === "first_click";
  return [
    ...(isDensity ? [] : [item(isFirst ? "first" : "", isFirst ? "first clicks" : "clicks")]),
    ...(marks.anchored < marks.clicks ? [item("hollow", "place on the recorded page only")] : []),
    ...(marks.byPosition && !isDensity
      ? [el("span", {}, "≈ found by its position only, may be another one")]
      : []),
  ];
}

function bandRows(grid: Grid): HTMLTableRowElement[] {
  const { bands, bands_of } = bandsOf(grid);
  const step = Math.max(1, Math.floor(bands.length / 40));
  return bands
    .filter((_, i) => i % step === 0)
    .map(({ from, to, value }) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, `${from}–${to} px`),
        el("td", {}, bands_of ? decimal(value) : ""),
        el("td", {}, bands_of ? "" : `${decimal(value)} s`),
        el("td", {}, bands_of ? percent(value / bands_of) : ""),
        el("td", {}, ""),
        el("td", {}, ""),
      ),
    );
}

/** Makes <insitu-heatmap> known, once. */
export function defineHeatmap(): void {
  if (!customElements.get("insitu-heatmap")) {
    customElements.define("insitu-heatmap", HeatmapOverlay);
  }
}
