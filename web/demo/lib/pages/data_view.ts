// SPDX-License-Identifier: MIT
// "Your data": everything that Insitu keeps of this visitor, readable; what was sent; and the ways
// to take it along or to be rid of it.

import type { Insitu, Stored } from "insitu";
import { dataStyle } from "../data_style.js";
import { el, need, setText } from "../dom.js";
import { download } from "../download.js";
import { bytes, count, plural } from "../format.js";
import { isOwnFile, type Request, watchRequests } from "../requests.js";
import { shadowOf } from "../shadow.js";
import { bytesKept, countsByType, detailsOf, eventsOf, type LogEvent } from "../stored.js";

const latestEvents = 8;
// Where Insitu remembers that a visitor wants to be left out.
const disabledKey = "insitu.disabled";

/** Fills #data-view. */
export function showData(insitu: Insitu | null): void {
  const view = new KeptData(insitu);
  shadowOf(need("#data-view"), dataStyle, ...view.parts);
  watchRequests((requests) => view.showRequests(requests));
  if (!insitu) {
    view.tell("Insitu did not load, so there is nothing to show.");
    return;
  }

  // Read once, so that tables that fill do not push away what has just got the focus; and again only
  // while it can be seen: reading everything is work.
  let filled = false;
  let seen = false;
  new IntersectionObserver((entries) => {
    seen = entries.some(({ isIntersecting }) => isIntersecting);
    if (seen) void view.refresh();
  }).observe(need("#data-view"));
  insitu.on("report", () => {
    if (seen || !filled) void view.refresh();
    filled = true;
  });
  document.addEventListener("fernweh:forget", () => void view.refresh());
}

class KeptData {
  readonly parts: HTMLElement[];
  private readonly sent = el("strong", { id: "sent" }, "0");
  private readonly sentText = el("span");
  private readonly requestList = el("ul");
  private readonly requestSummary = el("summary");
  private readonly kept = el("strong", { id: "kept" }, "–");
  private readonly keptText = el("span");
  private readonly types = el("tbody", { id: "types" });
  private readonly events = el("tbody", { id: "events" });
  private readonly sums = el("pre", { tabindex: 0, "aria-label": "The sums, as they are kept" });
  private readonly sumsSummary = el("summary");
  private readonly said = el("p", { role: "status", class: "said" });
  private readonly forgetButton = this.button("Forget everything", () => this.forget());
  private readonly stopButton = this.button("Stop measuring", () => this.stop());
  private stored: Stored | null = null;

  constructor(private readonly insitu: Insitu | null) {
    const sumsView = el("details", {}, this.sumsSummary, this.sums);
    // Much text that few look at: made when it is asked for.
    sumsView.addEventListener("toggle", () => this.drawSums(sumsView.open));
    this.parts = [
      el(
        "div",
        { class: "facts" },
        el(
          "section",
          { "aria-labelledby": "sent-title" },
          el("h3", { id: "sent-title" }, "Sent"),
          el("p", { class: "large" }, this.sent),
          el("p", {}, this.sentText),
          el("details", {}, this.requestSummary, this.requestList),
        ),
        el(
          "section",
          { "aria-labelledby": "kept-title" },
          el("h3", { id: "kept-title" }, "Kept in this browser"),
          el("p", { class: "large" }, this.kept),
          el("p", {}, this.keptText),
          sumsView,
        ),
      ),
      el(
        "div",
        { class: "tables" },
        table("What kind of events", ["Event", "How many"], this.types, "types"),
        table("The latest events", ["Time", "Event", "Page", "What of it"], this.events, "latest"),
      ),
      el(
        "div",
        { class: "buttons" },
        this.button("Download the events", () => this.exportEvents()),
        this.button("Download the report", () => this.exportReport()),
        this.forgetButton,
        this.stopButton,
      ),
      this.said,
    ];
    this.forgetButton.addEventListener("blur", () => this.askForget(false));
    this.showRequests([]);
    this.draw();
    this.showStop();
  }

  private button(label: string, work: () => void | Promise<void>): HTMLButtonElement {
    const made = el("button", { type: "button" }, label);
    made.addEventListener("click", () => {
      Promise.resolve(work()).catch((error) => {
        this.tell(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
      });
    });
    return made;
  }

  /** Reads what is kept and shows it. */
  async refresh(): Promise<void> {
    try {
      this.stored = (await this.insitu?.stored()) ?? null;
    } catch (error) {
      this.tell(error instanceof Error ? error.message : String(error));
      return;
    }
    this.draw();
  }

  private draw(): void {
    const { stored } = this;
    const events = eventsOf(stored);
    setText(this.kept, bytes(bytesKept(stored)));
    setText(this.keptText, keptSentence(stored, events.length));
    fill(
      this.types,
      countsByType(events).map(([type, number]) => [type, count(number)]),
      "Nothing yet.",
    );
    fill(
      this.events,
      events
        .slice(-latestEvents)
        .reverse()
        .map((event) => [timeOf(event), String(event.type), String(event.page), detailsOf(event)]),
      "Nothing yet.",
    );
    setText(this.sumsSummary, `The sums, ${bytes(stored?.bytes.sums ?? 0)}`);
    if (this.sums.textContent !== "") this.drawSums(true);
  }

  private drawSums(open: boolean): void {
    const { stored } = this;
    setText(this.sums, open ? JSON.stringify(stored?.sums ?? null, null, 1) : "");
  }

  /** Shows what the page has asked the network for. */
  showRequests(requests: readonly Request[]): void {
    const folder = new URL(".", document.baseURI).href;
    const foreign = requests.filter((request) => !isOwnFile(request, folder));
    const own = requests.length - foreign.length;
    const sentBytes = this.insitu?.status().bytes.sent ?? 0;
    setText(this.sent, bytes(sentBytes));
    setText(
      this.sentText,
      `${plural(foreign.length, "request")} other than for the page's own files, counted by the ` +
        "browser since this page opened.",
    );
    setText(this.requestSummary, `All ${plural(requests.length, "request")}`);
    this.requestList.replaceChildren(
      ...foreign.map(({ name, initiatorType }) =>
        el("li", { class: "foreign" }, `${initiatorType}: ${name}`),
      ),
      el("li", {}, `${plural(own, "file")} of this page:`),
      ...requests
        .filter((request) => isOwnFile(request, folder))
        .map(({ name }) => el("li", {}, name.slice(folder.length))),
    );
  }

  private async exportEvents(): Promise<void> {
    const text = (await this.insitu?.export("ndjson")) ?? "";
    download("insitu-log.ndjson", "application/x-ndjson", text);
    const events = text.split("\n").filter((line) => line !== "").length;
    this.tell(`${plural(events, "event")}, one per line, in your downloads.`);
  }

  private async exportReport(): Promise<void> {
    const report = await this.insitu?.report();
    if (!report) return;
    download("insitu-report.json", "application/json", `${JSON.stringify(report, null, 2)}\n`);
    this.tell(`${plural(Object.keys(report.kpis).length, "KPI")} with definition and interval.`);
  }

  // Two presses, because it cannot be undone.
  private async forget(): Promise<void> {
    if (!this.forgetButton.classList.contains("danger")) {
      this.askForget(true);
      return;
    }
    this.askForget(false);
    await this.insitu?.forget();
    document.dispatchEvent(new Event("fernweh:forget"));
    this.tell("Forgotten. Nothing measured so far is left in this browser.");
  }

  private askForget(asking: boolean): void {
    this.forgetButton.classList.toggle("danger", asking);
    setText(this.forgetButton, asking ? "Really forget?" : "Forget everything");
  }

  private stop(): void {
    if (this.insitu?.status().mode === "off") {
      try {
        localStorage.removeItem(disabledKey);
      } catch {
        // Then it was not kept there either, and a new page measures again.
      }
      location.reload();
      return;
    }
    this.insitu?.optOut();
    document.dispatchEvent(new Event("fernweh:forget"));
    this.showStop();
    this.tell("Stopped, and what was kept is erased. This browser will be left out from now on.");
  }

  private showStop(): void {
    const isOff = this.insitu?.status().mode === "off";
    setText(this.stopButton, isOff ? "Measure again" : "Stop measuring");
  }

  /** Says how something went, to all. */
  tell(text: string): void {
    setText(this.said, text);
  }
}

function keptSentence(stored: Stored | null, events: number): string {
  if (!stored) return "Nothing is measured in this browser, and nothing is kept.";
  const where =
    stored.storage === "local"
      ? "in this browser's own database, on this device"
      : "in the memory of this page, gone when it closes";
  const visitor = stored.visitor
    ? ` You are known as ${stored.visitor.key}, made up at random for this browser alone.`
    : "";
  return `${plural(events, "event")} and the sums made of them, ${where}.${visitor}`;
}

const timeOf = ({ t }: LogEvent) =>
  typeof t === "number" ? new Date(t).toTimeString().slice(0, 8) : "–";

function table(
  title: string,
  heads: readonly string[],
  body: HTMLElement,
  name: string,
): HTMLElement {
  return el(
    "div",
    { class: `scroll ${name}`, tabindex: 0, role: "region", "aria-label": title },
    el(
      "table",
      {},
      el("caption", {}, title),
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      body,
    ),
  );
}

// Draws the rows anew only when they have changed.
function fill(body: HTMLElement, rows: readonly (readonly string[])[], none: string): void {
  const shown = JSON.stringify(rows);
  if (body.dataset.rows === shown) return;
  body.dataset.rows = shown;
  body.replaceChildren(
    ...rows.map(([head, ...cells]) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, head ?? ""),
        ...cells.map((cell) => el("td", {}, cell)),
      ),
    ),
  );
  if (rows.length === 0) body.append(el("tr", {}, el("td", { colspan: 4 }, none)));
}
