// SPDX-License-Identifier: MIT
// Writes a log of a shop that does not exist, as large as wanted: for benchmarks and for trying
// things out. Equal arguments give equal bytes.
//
//   node tools/make_log.mjs [--bytes 100MB] [--seed 1] [--visitors N] [--out FILE]
//
// Without --out to standard output. KB, MB and GB are powers of 1000. The log ends with the first
// line that reaches --bytes, so the last client sessions are cut as in a log that still grows.
// Without --visitors there is one per 40 KB. Tests import eventLines().
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const kStart = Date.UTC(2026, 0, 5, 8);
const kSecond = 1000;
const kMinute = 60 * kSecond;
// Client sessions under way at the same time.
const kConcurrent = 64;
const kChunkChars = 1 << 18;
const kBytesPerVisitor = 40_000;

const pages = {
  "/": { height: 3200, next: ["/product", "/product", "/search", "/help"] },
  "/search": { height: 2400, next: ["/product", "/product", "/search"] },
  "/product": { height: 3900, next: ["/cart", "/product", "/search", "/"] },
  "/cart": { height: 1500, next: ["/checkout", "/checkout", "/product"] },
  "/checkout": { height: 1900, next: ["/thanks", "/thanks", "/cart"] },
  "/thanks": { height: 1100, next: ["/", "/account"] },
  "/help": { height: 2800, next: ["/", "/account"] },
  "/account": { height: 1700, next: ["/", "/signup"] },
  "/signup": { height: 1300, next: ["/", "/account"] },
};
const devices = {
  desktop: { vw: 1440, vh: 820 },
  tablet: { vw: 820, vh: 1100 },
  mobile: { vw: 390, vh: 760 },
};
const tasks = {
  "/search": { task: "find_product", optimal: 2, opportunities: 3 },
  "/checkout": { task: "buy", optimal: 3, opportunities: 6, spec_time_ms: 120_000 },
  "/signup": { task: "sign_up", optimal: 1, opportunities: 5 },
  "/help": { task: "get_help", optimal: 2, opportunities: 3, spec_time_ms: 60_000 },
};
const instruments = {
  csat: { answers: 1, scale: [1, 5] },
  nps: { answers: 1, scale: [0, 10] },
  ces: { answers: 1, scale: [1, 7] },
  seq: { answers: 1, scale: [1, 7] },
  sus: { answers: 10, scale: [1, 5] },
  umux_lite: { answers: 2, scale: [1, 7] },
};

// A stream of random numbers in [0, 1), and what is made of them (sfc32, Doty-Humphrey).
class Random {
  #a;
  #b;
  #c;
  #counter = 1;

  constructor(seed) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = 0x9e3779b9;
    for (let i = 0; i < 15; i++) this.uniform();
  }
  uniform() {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return (t >>> 0) / 2 ** 32;
  }
  chance(share) {
    return this.uniform() < share;
  }
  // An integer, low ... high.
  between(low, high) {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }
  pick(values) {
    return values[Math.floor(this.uniform() * values.length)];
  }
  // A waiting time around `mean`, at least 1: many short ones, few long ones.
  wait(mean) {
    return 1 + Math.floor(-Math.log(1 - this.uniform()) * mean);
  }
  tenth(low, high) {
    return Math.round((low + this.uniform() * (high - low)) * 10) / 10;
  }
}

// One client session: yields [t, line] in the order of t.
class Visit {
  #random;
  #t;
  #common;
  #seq = 0;
  #pv = -1;
  #page = "/";
  #shownAt = 0;
  #device;
  #size;
  #attempts = {};
  #nextId;

  // `nextId()` gives numbers for orders and tickets.
  constructor(random, t, visitor, session, nextId) {
    this.#random = random;
    this.#t = t;
    this.#common = `,"visitor":"${visitor}","session":"${session}","seq":`;
    this.#device = random.pick(["desktop", "desktop", "mobile", "mobile", "mobile", "tablet"]);
    this.#size = devices[this.#device];
    this.#nextId = nextId;
  }

  #line(type, fields) {
    let line = `{"type":"${type}","t":${this.#t}${this.#common}${this.#seq++}`;
    if (this.#pv >= 0) {
      const mono = this.#t - this.#shownAt;
      line += `,"page":"${this.#page}","pv":${this.#pv},"mono":${mono}`;
    }
    if (fields) line += `,${JSON.stringify(fields).slice(1, -1)}`;
    return [this.#t, `${line}}\n`];
  }
  #wait(mean) {
    this.#t += this.#random.wait(mean);
  }

  *lines() {
    const random = this.#random;
    yield this.#line("session_start", {
      segment: {
        device: this.#device,
        channel: random.pick(["direct", "search", "mail", "social", "ads"]),
        country: random.pick(["DE", "FR", "US", "JP"]),
        persona: random.pick(["browser", "buyer", "loyal"]),
        customer: random.chance(0.3) ? "returning" : "new",
      },
      variant: random.pick(["A", "B"]),
      clock_offset: random.between(-900, 900),
    });
    const parts = random.pick([1, 1, 1, 2, 2, 3]);
    for (let part = 0; part < parts; part++) {
      if (part > 0) this.#t += random.between(31, 300) * kMinute;
      yield* this.#part();
    }
    yield this.#line("session_end");
  }

  *#part() {
    const random = this.#random;
    let page = random.pick(["/", "/", "/product", "/search", "/help"]);
    const views = random.chance(0.3) ? 1 : random.between(2, 9);
    for (let view = 0; view < views; view++) {
      yield* this.#view(page);
      page = random.pick(pages[page].next);
    }
  }

  *#view(page) {
    const random = this.#random;
    const { vw, vh } = this.#size;
    const from = this.#pv < 0 || random.chance(0.05) ? null : this.#pv;
    this.#wait(300);
    this.#pv++;
    this.#page = page;
    this.#shownAt = this.#t;
    yield this.#line("page_view", { vw, vh, dw: vw, dh: pages[page].height, from });
    for (const [name, mean] of [
      ["TTFB", 300],
      ["LCP", 1900],
    ]) {
      if (random.chance(0.6)) yield this.#line("vital", { name, value: random.wait(mean) });
    }
    const task = tasks[page];
    const attempt = task && random.chance(0.7) ? this.#startTask(task) : undefined;
    if (attempt) yield attempt.line;
    for (let i = random.between(1, 12); i > 0; i--) yield* this.#act();
    if (page === "/checkout" || page === "/signup") yield* this.#fill(page.slice(1), attempt);
    if (page === "/cart") yield this.#line("cart", { action: "add" });
    if (page === "/checkout") yield this.#line("cart", { action: "checkout" });
    if (attempt) yield* this.#endTask(attempt);
    yield* this.#goal(page);
    if (random.chance(0.08)) yield* this.#lookAway();
    this.#wait(4 * kSecond);
    if (random.chance(0.2)) yield this.#line("heartbeat");
  }

  // Something people do all the time.
  *#act() {
    const random = this.#random;
    const { vw } = this.#size;
    const height = pages[this.#page].height;
    this.#wait(1500);
    const u = random.uniform();
    if (u < 0.2) {
      for (let i = random.between(2, 6); i > 0; i--) {
        this.#t += random.between(60, 160);
        yield this.#line("move", { x: random.tenth(0, vw), y: random.tenth(0, height) });
      }
    } else if (u < 0.5) {
      yield this.#line("scroll", { y: random.between(0, height - this.#size.vh) });
    } else if (u < 0.97) {
      yield* this.#click(random.tenth(0, vw), random.tenth(0, height));
    } else {
      yield this.#line("error", { kind: random.pick(["js", "http"]) });
    }
  }

  *#click(x, y) {
    const random = this.#random;
    const number = random.between(0, 24);
    const box = { ex: Math.floor(x / 80) * 80, ey: Math.floor(y / 40) * 40, ew: 80, eh: 40 };
    const click = { x, y, element: `button#${number}`, ...box, interactive: number % 4 !== 0 };
    if (number === 24) click.exempt = ["rage"];
    yield this.#line("click", click);
    if (random.chance(0.04)) {
      for (let i = random.between(1, 4); i > 0; i--) {
        this.#t += random.between(90, 1300);
        yield this.#line("click", { ...click, x: x + random.between(-9, 9) });
      }
    }
    if (random.chance(0.85)) {
      this.#wait(80);
      yield this.#line("mutation");
    }
  }

  #startTask(kind) {
    const number = this.#attempts[kind.task] ?? 0;
    this.#attempts[kind.task] = number + 1;
    const { task, ...more } = kind;
    return { task, number, line: this.#line("task_start", { task, attempt: number, ...more }) };
  }

  *#endTask({ task, number }) {
    const random = this.#random;
    this.#wait(8 * kSecond);
    const u = random.uniform();
    if (u < 0.1) return;
    const outcome = u < 0.75 ? "success" : u < 0.82 ? "partial" : u < 0.9 ? "failure" : "abandon";
    yield this.#line("task_end", { task, attempt: number, outcome });
    if (random.chance(0.1)) yield this.#survey("seq", { task, attempt: number });
  }

  *#fill(form, attempt) {
    const random = this.#random;
    for (const field of ["mail", "street", "city", "card"]) {
      this.#wait(2 * kSecond);
      yield this.#line("form", { form, field, action: "focus" });
      this.#wait(kSecond);
      yield this.#line("form", { form, field, action: "input" });
      if (attempt && random.chance(0.12)) {
        yield this.#line("error", {
          kind: random.pick(["user", "validation"]),
          task: attempt.task,
          attempt: attempt.number,
        });
      }
      this.#wait(3 * kSecond);
      yield this.#line("form", { form, field, action: "blur" });
      if (random.chance(0.08)) return;
    }
    yield this.#line("form", { form, action: "submit" });
  }

  #survey(instrument, more = {}) {
    const random = this.#random;
    const { answers, scale } = instruments[instrument];
    const [scale_min, scale_max] = scale;
    const values = Array.from({ length: answers }, () =>
      Math.max(random.between(scale_min, scale_max), random.between(scale_min, scale_max)),
    );
    return this.#line("survey", { instrument, answers: values, scale_min, scale_max, ...more });
  }

  // What a shop lives on.
  *#goal(page) {
    const random = this.#random;
    if (page === "/thanks") {
      const order = `o${this.#nextId()}`;
      yield this.#line("order", {
        order,
        value: random.between(500, 25_000),
        currency: "EUR",
        category: random.pick(["shoes", "books", "toys"]),
      });
      this.#wait(kSecond);
      if (random.chance(0.06))
        yield this.#line("refund", { order, value: random.between(500, 900) });
      if (random.chance(0.01)) yield this.#line("dispute", { order });
      if (random.chance(0.15)) yield this.#survey(random.pick(["csat", "nps", "ces", "sus"]));
    } else if (page === "/signup") {
      yield this.#line("conversion", { goal: random.pick(["signup", "activate"]) });
    } else if (page === "/help" && random.chance(0.4)) {
      const ticket = `t${this.#nextId()}`;
      for (const action of ["open", "response", "contact", "resolve"]) {
        yield this.#line("support", { ticket, action });
        this.#wait(kMinute);
        if (random.chance(0.15)) break;
      }
    } else if (page === "/product" && random.chance(0.05)) {
      yield this.#line("social", { action: random.pick(["share", "like", "follow", "review"]) });
    }
  }

  *#lookAway() {
    yield this.#line("visibility", { state: "hidden" });
    this.#wait(40 * kSecond);
    yield this.#line("visibility", { state: "visible" });
  }
}

// Yields the lines of the log, each with its line break, for ever.
export function* eventLines({ seed = 1, visitors = 1000 } = {}) {
  const random = new Random(seed);
  const sessions = new Map();
  let ids = 0;
  // A heap of visits by the time of their next line; equal times by the order of their opening.
  const heap = [];
  const isBefore = (a, b) => a.t < b.t || (a.t === b.t && a.order < b.order);
  const sink = (i) => {
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && isBefore(heap[child], heap[least])) least = child;
      }
      if (least === i) return;
      [heap[i], heap[least]] = [heap[least], heap[i]];
      i = least;
    }
  };
  let opened = 0;
  const open = (t) => {
    const number = random.between(0, visitors - 1);
    const session = sessions.get(number) ?? 0;
    sessions.set(number, session + 1);
    const name = `v${((number + 1) * 2654435761).toString(36)}`;
    const lines = new Visit(random, t, name, `s${session}`, () => ids++).lines();
    const [first, line] = lines.next().value;
    return { t: first, line, lines, order: opened++ };
  };
  for (let i = 0; i < kConcurrent; i++) heap.push(open(kStart + i * random.wait(kMinute)));
  heap.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  for (;;) {
    const first = heap[0];
    yield first.line;
    const next = first.lines.next();
    if (next.done) heap[0] = open(first.t + random.wait(5 * kMinute));
    else [first.t, first.line] = next.value;
    sink(0);
  }
}

// "100MB" -> 100000000; NaN if it is no size.
function parseBytes(text) {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)B?$/i.exec(text);
  if (!match) return Number.NaN;
  return Math.round(Number(match[1]) * { "": 1, K: 1e3, M: 1e6, G: 1e9 }[match[2].toUpperCase()]);
}

async function main() {
  const { values } = parseArgs({
    options: {
      bytes: { type: "string", default: "100MB" },
      seed: { type: "string", default: "1" },
      visitors: { type: "string" },
      out: { type: "string" },
    },
  });
  const bytes = parseBytes(values.bytes);
  const seed = Number(values.seed);
  const visitors = Number(values.visitors ?? Math.max(1, Math.round(bytes / kBytesPerVisitor)));
  if (!(bytes > 0)) throw new Error(`--bytes must be a size such as 100MB, not ${values.bytes}`);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error("--seed must be an integer from 0");
  if (!Number.isSafeInteger(visitors) || visitors < 1) throw new Error("--visitors must be from 1");

  const out = values.out ? createWriteStream(values.out) : process.stdout;
  // Whoever reads has seen enough.
  out.on("error", (error) => {
    if (error.code !== "EPIPE") console.error(`make_log: ${error.message}`);
    process.exit(error.code === "EPIPE" ? 0 : 1);
  });
  let written = 0;
  let chunk = "";
  for (const line of eventLines({ seed, visitors })) {
    chunk += line;
    written += line.length;
    if (chunk.length > kChunkChars || written >= bytes) {
      if (!out.write(chunk)) await once(out, "drain");
      chunk = "";
    }
    if (written >= bytes) break;
  }
  if (values.out) out.end();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  main().catch((error) => {
    console.error(`make_log: ${error.message}`);
    process.exitCode = 2;
  });
}
