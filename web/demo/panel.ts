// SPDX-License-Identifier: MIT
// <insitu-panel>: the numbers of this browser, live, beside the shop they come from. A side panel on
// wide windows, a sheet at the bottom of narrow ones.

import type { Insitu, Kpi, Report, Status } from "insitu";
import { definitions } from "./lib/definitions.gen.js";
import { type Child, el, setText } from "./lib/dom.js";
import { bytes, clock, count, definition, milliseconds } from "./lib/format.js";
import { type HeatKind, heatKinds, openHeatmap } from "./lib/heatmap.js";
import { insituOfPage } from "./lib/insitu.js";
import { groups, type KpiRow, type Track, taskRows } from "./lib/kpis.js";
import { panelStyle } from "./lib/panel_style.js";
import { countsOf } from "./lib/signals.js";
import { isRecord, load, save } from "./lib/store.js";
import { goalOf } from "./lib/task_goals.js";

class Panel extends HTMLElement {
  private insitu: Insitu | null = null;
  private rows: Row[] = [];
  private heatmap: HTMLElement | null = null;

  private readonly state = el("p", { class: "state" }, "starting");
  private readonly toggle = el("button", {
    type: "button",
    class: "toggle",
    "aria-controls": "body",
  });
  private readonly banner = el("p", { class: "banner", role: "status", hidden: true });
  private readonly runningName = el("span");
  private readonly runningClock = el("span", { class: "clock" });
  private readonly running = el(
    "p",
    { class: "running", hidden: true },
    this.runningName,
    this.runningClock,
  );
  private readonly sent = el("b", {}, bytes(0));
  private readonly stored = el("b", {}, bytes(0));
  private readonly cost = el("b", {}, milliseconds(0));
  private readonly said = el("p", { class: "said", role: "status", hidden: true });
  private readonly mini = {
    clicks: el("dd", {}, "–"),
    success: el("dd", {}, "–"),
    signals: el("dd", {}, "–"),
  };
  private readonly kind = el(
    "select",
    { id: "kind" },
    ...Object.entries(heatKinds).map(([value, text]) => el("option", { value }, text)),
  );
  private readonly heatmapButton = el(
    "button",
    { type: "button", "aria-pressed": "false" },
    "Heatmap",
  );

  connectedCallback(): void {
    if (this.shadowRoot) return;
    this.insitu = insituOfPage();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(panelStyle);
    root.adoptedStyleSheets = [sheet];
    root.append(this.build());
    // A new page is not begun under a sheet.
    this.collapse(isNarrow() || load("panel", "open", isPanelState) === "collapsed");

    if (!this.insitu) {
      setText(this.state, "not loaded");
      this.showBanner("insitu/insitu.js did not load, so nothing is measured. The shop works on.");
      return;
    }
    const { insitu } = this;
    insitu.on("report", (report) => this.show(report));
    document.addEventListener("fernweh:look", (event) =>
      this.look(String((event as CustomEvent).detail)),
    );
    document.addEventListener("fernweh:forget", () => {
      for (const row of this.rows) row.clear();
      this.refresh();
    });
    // An open sheet must not lie over what has the focus.
    document.addEventListener("focusin", ({ target }) => {
      if (isNarrow() && target !== this && !this.hasAttribute("collapsed")) this.collapse(true);
    });
    this.refresh();
    setInterval(() => {
      if (document.visibilityState === "visible") this.showStatus(insitu);
    }, 500);
    this.showStatus(insitu);
  }

  private build(): HTMLElement {
    this.heatmapButton.addEventListener("click", () => void this.toggleHeatmap());
    this.kind.addEventListener("change", () => this.heatmap?.setAttribute("kind", this.kind.value));
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !isNarrow() || this.hasAttribute("collapsed")) return;
      this.collapse(true);
      this.toggle.focus();
    });
    this.toggle.addEventListener("click", () => {
      this.collapse(!this.hasAttribute("collapsed"));
      if (!isNarrow()) save("panel", this.hasAttribute("collapsed") ? "collapsed" : "open");
    });

    const sections = groups.map(({ name, rows }) => {
      const made = rows.map((row) => new Row(row));
      this.rows.push(...made);
      const id = `group-${name.toLowerCase()}`;
      return el(
        "section",
        { "aria-labelledby": id },
        el("h3", { id }, name),
        el("ul", {}, ...made.map((row) => row.element)),
      );
    });
    const miniFact = (name: string, value: HTMLElement) => el("div", {}, el("dt", {}, name), value);
    return el(
      "aside",
      { class: "panel", "aria-labelledby": "title" },
      el(
        "header",
        { class: "head" },
        el(
          "div",
          { class: "title" },
          el("h2", { id: "title" }, "Live in this browser"),
          this.state,
        ),
        this.toggle,
        el(
          "dl",
          { class: "mini" },
          miniFact("Clicks", this.mini.clicks),
          miniFact("Tasks done", this.mini.success),
          miniFact("Annoyances", this.mini.signals),
        ),
      ),
      el(
        "div",
        { class: "body", id: "body", tabindex: 0, role: "group", "aria-label": "The numbers" },
        this.banner,
        this.running,
        ...sections,
      ),
      el(
        "footer",
        { class: "foot" },
        el(
          "p",
          { class: "cost" },
          "Sent: ",
          this.sent,
          ". Stored by this page: ",
          this.stored,
          ". Own work so far: ",
          this.cost,
          ". ",
          el("a", { href: "index.html#data" }, "Your data"),
        ),
        el(
          "div",
          { class: "buttons" },
          el("label", { class: "visually-hidden", for: "kind" }, "What the heatmap shows"),
          this.kind,
          this.heatmapButton,
        ),
        this.said,
      ),
    );
  }

  private collapse(collapsed: boolean): void {
    this.toggleAttribute("collapsed", collapsed);
    this.toggle.setAttribute("aria-expanded", String(!collapsed));
    setText(this.toggle, collapsed ? "Show" : "Hide");
  }

  // The numbers as they are now; on() only brings them after something has changed.
  private refresh(): void {
    this.insitu?.report().then(
      (report) => this.show(report),
      () => {
        // The status says why, and the banner shows it.
      },
    );
  }

  private show(report: Report): void {
    for (const row of this.rows) row.show(report);
    const { task_success_rate: success, number_of_clicks: clicks } = report.kpis;
    const { dead, error, rage } = countsOf(report);
    setText(
      this.mini.success,
      success?.n ? `${count(success.x ?? 0)} of ${count(success.n)}` : "–",
    );
    setText(this.mini.clicks, clicks?.value == null ? "–" : count(clicks.value));
    setText(this.mini.signals, count(dead + error + rage));
  }

  private showStatus(insitu: Insitu): void {
    const status = insitu.status();
    setText(this.sent, bytes(status.bytes.sent));
    setText(this.stored, bytes(status.bytes.stored));
    setText(this.cost, milliseconds(ownMilliseconds(status)));
    this.showState(status);

    const running = insitu.tasks()[0];
    this.running.hidden = !running;
    if (running) {
      setText(this.runningName, goalOf(running.name));
      setText(this.runningClock, clock(running.elapsedMs));
    }
    if (this.heatmap && !this.heatmap.isConnected) this.heatmapClosed();
  }

  private showState(status: Status): void {
    const { state, reason } = status.core;
    this.state.classList.toggle("live", state === "ready");
    if (status.mode === "off") setText(this.state, "switched off in this browser");
    else if (state === "ready" && status.storage === "memory")
      setText(this.state, "until this page closes");
    else if (state === "ready") setText(this.state, "every click counts");
    else if (state === "refused") setText(this.state, "recording, without numbers");
    else setText(this.state, "loading the numbers");
    const notes = [
      state === "refused" ? reason : "",
      status.mode === "on" && status.storage === "memory" ? status.storageReason : "",
    ];
    this.showBanner(notes.filter(Boolean).join(" "));
  }

  // Brings a row into view, by hand so that only the panel's own body scrolls.
  private look(id: string): void {
    const row = this.rows.find((candidate) => candidate.id === id)?.element;
    const body = this.shadowRoot?.getElementById("body");
    if (!row || !body) return;
    const [inner, outer] = [row.getBoundingClientRect(), body.getBoundingClientRect()];
    if (inner.top < outer.top) body.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) body.scrollTop += inner.bottom - outer.bottom;
  }

  private showBanner(text: string): void {
    this.banner.hidden = text === "";
    setText(this.banner, text);
  }

  private async toggleHeatmap(): Promise<void> {
    if (this.heatmap) {
      this.heatmap.remove();
      this.heatmapClosed();
      return;
    }
    try {
      this.heatmap = await openHeatmap(this.kind.value as HeatKind);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
      return;
    }
    this.heatmap.addEventListener("close", () => {
      this.heatmapClosed();
      this.heatmapButton.focus();
    });
    this.heatmapButton.setAttribute("aria-pressed", "true");
    // On a phone the sheet would hide what the map is drawn on.
    if (isNarrow()) this.collapse(true);
  }

  private heatmapClosed(): void {
    this.heatmap = null;
    this.heatmapButton.setAttribute("aria-pressed", "false");
  }

  private say(text: string): void {
    this.said.hidden = false;
    setText(this.said, text);
  }
}

// One KPI of the panel: made once, then only its texts change, so that what is open stays open.
class Row {
  readonly id: string;
  readonly element: HTMLElement;
  private readonly lead = el("span", { class: "lead none" }, "no data yet");
  private readonly rest: HTMLElement;
  private readonly interval = el("span", { class: "interval" });
  private readonly point = el("span", { class: "point" });
  private readonly end = el("span", { class: "end" });
  private readonly track = el(
    "span",
    { class: "track", "aria-hidden": "true", hidden: true },
    el("span", { class: "line" }, this.interval, this.point),
    this.end,
  );
  private readonly made = el("p", { class: "made" });
  private readonly tasks = el("tbody");
  private readonly table: HTMLTableElement;

  constructor(private readonly row: KpiRow) {
    this.id = row.id;
    this.rest = el("p", { class: "rest" }, row.hint);
    this.table = el(
      "table",
      { hidden: true },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "col" }, "Task"),
          el("th", { scope: "col" }, "Successes"),
          el("th", { scope: "col" }, "Time"),
        ),
      ),
      this.tasks,
    );
    this.element = el(
      "li",
      { "data-kpi": row.id },
      el("p", { class: "name" }, row.name, el("span", { class: "visually-hidden" }, ": ")),
      this.lead,
      this.track,
      this.rest,
      this.table,
      el("p", { class: "explanation" }, row.explanation),
      this.definition(),
    );
  }

  private definition(): HTMLElement {
    const { formula, unit, interval, source } = definitions[this.id] ?? {
      formula: "",
      unit: "",
      interval: "",
      source: "",
    };
    const fact = (name: string, text: string) =>
      text !== "" && el("div", {}, el("dt", {}, name), el("dd", {}, ...withCode(text)));
    return el(
      "details",
      {},
      el(
        "summary",
        {},
        "Definition",
        el("span", { class: "visually-hidden" }, ` of ${this.row.name}`),
      ),
      el(
        "dl",
        {},
        fact("Formula", formula),
        fact("Unit", unit),
        fact("Interval", interval),
        fact("Source", source),
        fact("Options", optionsOf(this.id)),
      ),
      this.made,
    );
  }

  show(report: Report): void {
    const kpi = report.kpis[this.row.id];
    if (!kpi) {
      this.clear();
      return;
    }
    const { lead, rest, track } = this.row.read({ ...kpi, value: kpi.value ?? null });
    if (lead === null) this.clear();
    else this.showReading(lead, rest, track);
    this.showMade(kpi);
    if (this.row.id === "task_success_rate") this.showTasks(report);
  }

  clear(): void {
    this.lead.classList.add("none");
    setText(this.lead, "no data yet");
    setText(this.rest, this.row.hint);
    this.rest.hidden = false;
    this.track.hidden = true;
    this.table.hidden = true;
  }

  private showReading(lead: string, rest: string, track: Track | undefined): void {
    const isNews = this.lead.textContent !== lead && !this.lead.classList.contains("none");
    this.lead.classList.remove("none");
    setText(this.lead, lead);
    setText(this.rest, rest);
    this.rest.hidden = rest === "";
    this.track.hidden = !track;
    if (track) {
      setText(this.end, track.end ?? "100\u00a0%");
      this.point.style.left = `${track.point * 100}%`;
      this.interval.hidden = !track.ci;
      if (track.ci) {
        this.interval.style.left = `${track.ci[0] * 100}%`;
        this.interval.style.width = `${(track.ci[1] - track.ci[0]) * 100}%`;
      }
    }
    if (isNews) this.flash();
  }

  private flash(): void {
    this.element.classList.remove("changed");
    // The animation starts again only in a frame that has seen the class gone.
    requestAnimationFrame(() => this.element.classList.add("changed"));
  }

  // Which version made the number, and with which options other than the defaults.
  private showMade({ definition: { id, version, options } }: Kpi): void {
    setText(this.made, definition(id, version, isRecord(options) ? options : {}));
  }

  private showTasks(report: Report): void {
    const rows = taskRows(report);
    this.table.hidden = rows.length === 0;
    this.tasks.replaceChildren(
      ...rows.map(({ task, success, time }) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, goalOf(task)),
          el("td", {}, success),
          el("td", {}, time),
        ),
      ),
    );
  }
}

// "dead_ms 2500, confidence 0.95": the defaults.
function optionsOf(id: string): string {
  return Object.entries(definitions[id]?.options ?? {})
    .map(([name, value]) => `\`${name}\` ${value}`)
    .join(", ");
}

// A text of the specification, in which `names` stand between backticks.
function withCode(text: string): Child[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? el("code", {}, part) : part));
}

const isPanelState = (value: unknown): value is "open" | "collapsed" =>
  value === "open" || value === "collapsed";

// All of our own work in this page: the handlers, and what is done when the page is idle.
const ownMilliseconds = ({ cost }: Status) =>
  Object.values(cost.perSignal).reduce((sum, { ms }) => sum + ms, 0);

const isNarrow = () => matchMedia("(max-width: 1079.98px)").matches;

customElements.define("insitu-panel", Panel);
