// SPDX-License-Identifier: MIT
// <insitu-panel>: the numbers of this browser, live, beside the shop they come from. A side panel on
// wide windows, a sheet at the bottom of narrow ones.

import type { Insitu, Kpi, Report, Status } from "insitu";
import { el, setText } from "./lib/dom.js";
import { bytes, clock, count, definition, milliseconds } from "./lib/format.js";
import { insituOfPage } from "./lib/insitu.js";
import { groups, type KpiRow, summary, taskRows } from "./lib/kpis.js";
import { panelStyle } from "./lib/panel_style.js";
import { isRecord, load, save } from "./lib/store.js";
import { goalOf } from "./lib/task_goals.js";
import type { HeatmapOverlay } from "./overlay.js";

// Someone who listens gets a sentence at most this often, with the latest numbers.
const tellAfterMs = 5000;

class Panel extends HTMLElement {
  private insitu: Insitu | null = null;
  private rows: Row[] = [];
  private told = "";
  private toTell = "";
  private tellTimer = 0;
  private heatmap: HeatmapOverlay | null = null;

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
  private readonly audible = el("p", { class: "heard", role: "status" });
  private readonly mini = {
    success: el("dd", {}, "–"),
    views: el("dd", {}, "–"),
    clicks: el("dd", {}, "–"),
  };
  private readonly heatmapButton = el(
    "button",
    { type: "button", "aria-pressed": "false" },
    "Heatmap",
  );
  private readonly forgetButton = el("button", { type: "button" }, "Forget everything");

  connectedCallback(): void {
    if (this.shadowRoot) return;
    this.insitu = insituOfPage();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(panelStyle);
    root.adoptedStyleSheets = [sheet];
    root.append(this.build());
    this.collapse(load("panel", isNarrow() ? "collapsed" : "open", isPanelState) === "collapsed");

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
    this.refresh();
    setInterval(() => {
      if (document.visibilityState === "visible") this.showStatus(insitu);
    }, 500);
    this.showStatus(insitu);
  }

  private build(): HTMLElement {
    const exportButton = el("button", { type: "button" }, "Export log");
    exportButton.addEventListener("click", () => void this.export());
    this.heatmapButton.addEventListener("click", () => this.toggleHeatmap());
    this.forgetButton.addEventListener("click", () => void this.forget());
    this.forgetButton.addEventListener("blur", () => this.askForget(false));
    this.toggle.addEventListener("click", () => {
      this.collapse(!this.hasAttribute("collapsed"));
      save("panel", this.hasAttribute("collapsed") ? "collapsed" : "open");
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
        el(
          "dl",
          { class: "mini" },
          miniFact("Tasks done", this.mini.success),
          miniFact("Pages", this.mini.views),
          miniFact("Clicks", this.mini.clicks),
        ),
        this.toggle,
      ),
      el("div", { class: "body", id: "body" }, this.banner, this.running, ...sections),
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
          ". Cost so far: ",
          this.cost,
          ".",
        ),
        el("div", { class: "buttons" }, this.heatmapButton, exportButton, this.forgetButton),
        this.said,
      ),
      this.audible,
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
    const { task_success_rate: success, page_views: views, number_of_clicks: clicks } = report.kpis;
    setText(
      this.mini.success,
      success?.n ? `${count(success.x ?? 0)} of ${count(success.n)}` : "–",
    );
    setText(this.mini.views, views?.value == null ? "–" : count(views.value));
    setText(this.mini.clicks, clicks?.value == null ? "–" : count(clicks.value));
    this.tell(report);
  }

  // Says the summary to those who cannot see it, when a task or an error changed it; not at once
  // and not each, so that it can be followed.
  private tell(report: Report): void {
    const { task_success_rate: success, js_error_rate: errors } = report.kpis;
    const news = `${success?.x}/${success?.n}/${errors?.x}`;
    // The numbers that a page begins with are no news.
    if (this.told === "" || this.told === news) {
      this.told = news;
      return;
    }
    this.told = news;
    this.toTell = summary(report);
    this.tellTimer ||= setTimeout(() => {
      this.tellTimer = 0;
      setText(this.audible, this.toTell);
    }, tellAfterMs);
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

  private toggleHeatmap(): void {
    if (this.heatmap) {
      this.heatmap.remove();
      this.heatmapClosed();
      return;
    }
    if (!customElements.get("insitu-heatmap")) {
      this.say("The heatmap did not load.");
      return;
    }
    this.heatmap = document.createElement("insitu-heatmap") as HeatmapOverlay;
    this.heatmap.addEventListener("close", () => {
      this.heatmapClosed();
      this.heatmapButton.focus();
    });
    this.heatmapButton.setAttribute("aria-pressed", "true");
    // On a phone the sheet would hide what the map is drawn on.
    if (isNarrow()) this.collapse(true);
    document.body.append(this.heatmap);
  }

  private heatmapClosed(): void {
    this.heatmap = null;
    this.heatmapButton.setAttribute("aria-pressed", "false");
  }

  private async export(): Promise<void> {
    try {
      const text = (await this.insitu?.export("ndjson")) ?? "";
      const url = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
      el("a", { href: url, download: "insitu-log.ndjson" }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      const events = text.split("\n").filter((line) => line !== "").length;
      this.say(`${count(events)} events, one per line, in your downloads.`);
    } catch (error) {
      this.say(`There is no log to export: ${reasonOf(error)}`);
    }
  }

  // Two presses, because it cannot be undone.
  private async forget(): Promise<void> {
    if (!this.forgetButton.classList.contains("danger")) return this.askForget(true);
    this.askForget(false);
    try {
      await this.insitu?.forget();
      document.dispatchEvent(new Event("fernweh:forget"));
      for (const row of this.rows) row.clear();
      this.say("Forgotten. Nothing measured so far is left in this browser.");
      this.refresh();
    } catch (error) {
      this.say(`That did not work: ${reasonOf(error)}`);
    }
  }

  private askForget(asking: boolean): void {
    this.forgetButton.classList.toggle("danger", asking);
    setText(this.forgetButton, asking ? "Really forget?" : "Forget everything");
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
  private readonly track = el(
    "span",
    { class: "track", "aria-hidden": "true", hidden: true },
    this.interval,
    this.point,
  );
  private readonly definition = el("p", { class: "definition" });
  private readonly tasks = el("tbody");
  private readonly table: HTMLTableElement;

  constructor(private readonly row: KpiRow) {
    this.id = row.id;
    this.rest = el("span", { class: "rest" }, row.hint);
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
      {},
      el(
        "details",
        {},
        el(
          "summary",
          {},
          el("span", { class: "name" }, row.name),
          this.lead,
          this.track,
          this.rest,
        ),
        el("div", { class: "more" }, el("p", {}, row.explanation), this.table, this.definition),
      ),
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
    this.showDefinition(kpi);
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

  private showReading(
    lead: string,
    rest: string,
    track: ReturnType<KpiRow["read"]>["track"],
  ): void {
    const isNews = this.lead.textContent !== lead && !this.lead.classList.contains("none");
    this.lead.classList.remove("none");
    setText(this.lead, lead);
    setText(this.rest, rest);
    this.rest.hidden = rest === "";
    this.track.hidden = !track;
    if (track) {
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

  private showDefinition({ definition: { id, version, options } }: Kpi): void {
    setText(this.definition, definition(id, version, isRecord(options) ? options : {}));
  }

  private showTasks(report: Report): void {
    const rows = taskRows(report);
    this.table.hidden = rows.length === 0;
    this.tasks.replaceChildren(
      ...rows.map(({ task, success, time }) =>
        el("tr", {}, el("th", { scope: "row" }, task), el("td", {}, success), el("td", {}, time)),
      ),
    );
  }
}

const isPanelState = (value: unknown): value is "open" | "collapsed" =>
  value === "open" || value === "collapsed";

// All of our own work in this page: the handlers, and what is done when the page is idle.
const ownMilliseconds = ({ cost }: Status) =>
  Object.values(cost.perSignal).reduce((sum, { ms }) => sum + ms, 0);

const isNarrow = () => matchMedia("(max-width: 1079.98px)").matches;

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

customElements.define("insitu-panel", Panel);
