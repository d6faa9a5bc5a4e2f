// SPDX-License-Identifier: MIT
// "Break it": four buttons that annoy on purpose, and beside each what Insitu has noticed of it.

import type { Insitu } from "insitu";
import { el, need, setText } from "../dom.js";
import { count, plural } from "../format.js";
import { say, shadowOf } from "../shadow.js";
import {
  countsOf,
  firedBetween,
  type Limits,
  limitsOf,
  type Press,
  type Signal,
} from "../signals.js";

interface Breaker {
  id: string;
  title: string;
  about: string;
  label: string;
  /** What will be noticed. */
  expects: string;
  /** The signal it is there for. */
  signal: Signal;
  /**
   * What the button does; `answer` is an empty place beside it. Called with each press; true when
   * that has answered it.
   */
  press(answer: HTMLElement): boolean;
}

const slowMs = 3000;
const stubbornPresses = 5;
// A signal comes a few seconds after its click; what is older has none to come.
const rememberedMs = 15_000;
// By then a signal that has not fired will not.
const watchedMs = 8000;

let stubborn = 0;
const breakers: readonly Breaker[] = [
  {
    id: "break-slow",
    title: "A slow answer",
    about: `Answers after ${slowMs / 1000} seconds, and shows nothing until then.`,
    label: "Is it in stock?",
    expects: "Expect a dead click.",
    signal: "dead",
    press: (answer) => {
      setTimeout(() => setText(answer, "Yes, it is in stock. Sorry for the wait."), slowMs);
      return false;
    },
  },
  {
    id: "break-dead",
    title: "A dead button",
    about: "Looks like a button and does nothing at all.",
    label: "Show the details",
    expects: "Expect a dead click.",
    signal: "dead",
    press: () => false,
  },
  {
    id: "break-script",
    title: "A script error",
    about: "The code behind it has a bug and throws.",
    label: "Use voucher",
    expects: "Expect an error click.",
    signal: "error",
    press: () => {
      throw new Error("The demo's button with a bug");
    },
  },
  {
    id: "break-rage",
    title: "A stubborn button",
    about: "Gives in at the fifth press only. Press it quickly.",
    label: "Open the tent",
    expects: "Expect a rage click.",
    signal: "rage",
    press: (answer) => {
      stubborn += 1;
      if (stubborn % stubbornPresses !== 0) return false;
      setText(answer, `Open at last, after ${plural(stubborn, "press", "presses")}. Mind the zip.`);
      return true;
    },
  },
];
const throwing = breakers.filter(({ signal }) => signal === "error").map(({ id }) => id);

const names: Readonly<Record<Signal, string>> = {
  dead: "Dead click",
  error: "Error click",
  rage: "Rage click",
};

const style = `
:host { display: block; }
p { margin: 0; }
b { display: block; }
p::before { content: "○ " / ""; }
p[data-state="watching"]::before { content: "◔ " / ""; }
p[data-state="fired"] { color: var(--rust); }
p[data-state="fired"]::before { content: "● " / ""; }
p::before { float: left; margin-right: 0.4em; }
`;

/** Fills #breakers. Without Insitu the buttons are there, and nobody notices. */
export function showBreakers(insitu: Insitu | null): void {
  const watches = new Map(breakers.map((breaker) => [breaker.id, new Watch(breaker)]));
  const pressed: Press[] = [];

  const items = breakers.map((breaker) => {
    const title = el("h3", { id: `${breaker.id}-title` }, breaker.title);
    const button = el(
      "button",
      {
        type: "button",
        class: "button small",
        id: breaker.id,
        "data-insitu-name": breaker.id,
        "aria-describedby": title.id,
      },
      breaker.label,
    );
    const answer = el("p", { class: "answer", role: "status" });
    const watch = watches.get(breaker.id);
    button.addEventListener("click", () => {
      if (insitu) {
        const now = performance.now();
        while (pressed[0] && now - pressed[0].at > rememberedMs) pressed.shift();
        pressed.push({ button: breaker.id, at: now });
        watch?.watching(limitsOf());
        if (breaker.signal === "dead") judgeSoon(insitu);
        document.dispatchEvent(
          new CustomEvent("fernweh:look", { detail: `${breaker.signal}_click_rate` }),
        );
      }
      if (!breaker.press(answer)) return;
      for (const press of pressed) if (press.button === breaker.id) press.answered = true;
    });
    return el(
      "li",
      { class: "card breaker" },
      title,
      el("p", { class: "hint" }, breaker.about),
      button,
      answer,
      watch?.element,
    );
  });
  need("#breakers").append(...items);
  if (!insitu) return;

  let before: ReturnType<typeof countsOf> | undefined;
  insitu.on("report", (report) => {
    const after = countsOf(report);
    const limits = limitsOf(report);
    const fired = before
      ? firedBetween(before, after, pressed, throwing, limits, performance.now())
      : [];
    before = after;
    for (const { signal, button } of fired) watches.get(button)?.fired(signal, limits);
  });
}

// A click is judged when something later is on record. A hand on a mouse brings that by itself; for
// keys and fingers the shop says now that this visit met a broken button.
function judgeSoon(insitu: Insitu): void {
  setTimeout(() => insitu.segment({ demo: "broken" }), limitsOf().deadMs + 100);
}

// What was noticed of one button.
class Watch {
  readonly element = el("div", { class: "watch", "data-insitu-ignore": "all" });
  private readonly name = el("b");
  private readonly text = el("span");
  private readonly line = el("p", {}, this.name, this.text);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly times: Record<Signal, number> = { dead: 0, error: 0, rage: 0 };

  constructor(private readonly breaker: Breaker) {
    shadowOf(this.element, style, this.line);
    setText(this.name, "Nothing yet");
    setText(this.text, breaker.expects);
  }

  watching(limits: Limits): void {
    if (this.line.dataset.state === "fired") return;
    this.line.dataset.state = "watching";
    setText(this.name, "Watching …");
    setText(this.text, rule(this.breaker.signal, limits));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.giveUp(limits), watchedMs);
  }

  // Every answer of the page counts, also that to a click elsewhere.
  private giveUp(limits: Limits): void {
    if (this.line.dataset.state !== "watching") return;
    delete this.line.dataset.state;
    setText(this.name, "Nothing this time");
    setText(
      this.text,
      this.breaker.signal === "dead"
        ? "Something moved on the page in time. Press it once more, then wait."
        : rule(this.breaker.signal, limits),
    );
  }

  fired(signal: Signal, limits: Limits): void {
    this.times[signal] += 1;
    this.line.dataset.state = "fired";
    const parts = (Object.keys(names) as Signal[])
      .filter((key) => this.times[key] > 0)
      .map((key) => plural(this.times[key], names[key].toLowerCase()));
    setText(this.name, `Noticed: ${parts.join(", ")}`);
    setText(this.text, finding(signal, limits));
    say(`${names[signal]} noticed. ${finding(signal, limits)}`);
  }
}

// "2,500 ms"
const ms = (value: number) => `${count(value)}\u00a0ms`;

// What makes the signal fire.
function rule(signal: Signal, { deadMs, errorMs, rageClicks, ragePx, rageMs }: Limits): string {
  if (signal === "dead") return `Nothing may answer for ${ms(deadMs)}.`;
  if (signal === "error") return `An error within ${ms(errorMs)} of the click.`;
  return `${rageClicks} clicks within ${ragePx}\u00a0px, each less than ${ms(rageMs)} after the one before.`;
}

// What has made it fire.
function finding(signal: Signal, { deadMs, errorMs, rageClicks, ragePx, rageMs }: Limits): string {
  if (signal === "dead") return `Nothing on the page answered within ${ms(deadMs)}.`;
  if (signal === "error") return `A script error came within ${ms(errorMs)} of the click.`;
  return (
    `${rageClicks} clicks or more within ${ragePx}\u00a0px, each less than ${ms(rageMs)} after the ` +
    "one before."
  );
}
