// SPDX-License-Identifier: MIT
// Uploads: what the sums of this browser have grown by is taken into the outbox, and sent from there
// until a server has it. Every part of a sum is sent with one id; a server that counts each id once
// has exactly the partial of this browser, whatever fails in between: docs/decisions/0011. Bundled
// with the core, as analysis.ts is.
import type { Analysis } from "../analysis.js";
import { canonical } from "../canonical.js";
import { randomKey } from "../random.js";
import { type Journal, nameOf, type State } from "../rows.js";
import type { UploadStatus } from "../types.js";
import { type Box, boxOf, PACE, STATE, TAKEN } from "./box.js";
import { difference, halves, type Members, saysNothing } from "./difference.js";
import { type Pace, pauseBefore, REQUEST_MS, slowed } from "./pace.js";

const TAKE_MS = 30_000;
const TAKE_TRIES = 3;
// What may wait. Beyond that the sums wait, which grow no larger by it.
const MAX_ROWS = 50;
const MAX_BYTES = 512 << 10;
// A request that may outlive its document has at most 64 KiB, shared with those of the page.
const MAX_BODY = 48 << 10;
const MAX_TEXT = 1 << 20;
// Larger ones would leave the page too little of that room while they are under way.
const KEEPALIVE_BODY = 16 << 10;

/** What uploads need from the shell. Names are whole ones: another bundle hands them in. */
export interface UploadHost {
  readonly endpoint: string;
  readonly site: string;
  readonly transform: ((partial: UploadPartial) => UploadPartial | null) | undefined;
  /** False as long as nothing may be sent. */
  allowed(): boolean;
  /** The journal that holds. */
  journal(): Promise<Journal>;
  /** Folds everything that is stored. */
  fold(): Promise<Analysis>;
  idle(work: () => unknown): void;
  on(target: EventTarget, type: string, handle: (event: Event) => void): void;
  warn(sentence: string): void;
}

/** A partial as `transformUpload` sees it. */
export type UploadPartial = Record<string, unknown>;

/** The surroundings; tests hand in others. */
export interface World {
  now(): number;
  /** 0 ... 1. */
  random(): number;
  later(work: () => void, ms: number): unknown;
  cancel(timer: unknown): void;
  online(): boolean;
  fetch(url: string, request: RequestInit): Promise<Response>;
}

export interface Uploads {
  /** The sums may have changed. */
  wake(): void;
  /** Takes what is new and tries to send. Resolves when that is done; a failure is only noted. */
  flush(): Promise<void>;
  /** Everything so far is being erased: what is under way must not be kept. */
  forget(): void;
  status(): UploadStatus;
  /** Bytes handed to the network by this document. */
  bytes(): number;
}

interface Taken {
  /** Sums that belong together: the state's visitor and how often its numbers have started again. */
  of: string;
  /** Which state they were. */
  at: string | undefined;
  text: string;
}

const browser: World = {
  now: () => Date.now(),
  random: () => Math.random(),
  later: (work, ms) => setTimeout(work, ms),
  cancel: (timer) => clearTimeout(timer as number),
  online: () => navigator.onLine !== false,
  fetch: (url, request) => fetch(url, request),
};

export function createUploads(host: UploadHost, world: World = browser): Uploads {
  let pending = 0;
  let sent = 0;
  let refused = 0;
  let bytes = 0;
  let lastError = "";
  let nextTry = 0; // 0: nothing waits for its time
  let sending: { body: Uint8Array; lasting: boolean; control: AbortController } | undefined;
  let leaving = false;

  let epoch = 0; // changes when everything is erased
  let journal: Journal | undefined;
  let box: Box;

  // ---- taking

  let changed = false; // since the last time something was taken
  let takenAt = Number.NEGATIVE_INFINITY;

  const take = async (): Promise<void> => {
    const own = epoch;
    for (let tries = 0; tries < TAKE_TRIES; tries++) {
      const analysis = await host.fold();
      changed = false;
      const found = await box(STATE, (cells) => {
        const of = lineOf(cells.get(STATE), analysis);
        const taken = cells.get(TAKEN) as Taken | undefined;
        const at = analysis.at();
        // undefined: another tab has folded meanwhile.
        if (of === undefined) return undefined;
        return { of, at, taken, text: taken && taken.at === at ? "" : analysis.partial() };
      });
      if (!found) continue;
      const { of, at, taken, text } = found;
      if (!text) return;
      const before = taken?.of === of ? (JSON.parse(taken.text) as Members) : undefined;
      const grown = difference(JSON.parse(text), before);
      if (saysNothing(grown)) return;
      takenAt = world.now();
      let shown: Members | null;
      try {
        shown = transformed(grown);
      } catch (failure) {
        changed = true;
        return host.warn(`transformUpload failed, nothing is sent, it is tried again: ${failure}`);
      }
      const rows = await pack(shown);
      if (own !== epoch || !host.allowed()) return;
      const size = rows.reduce((sum, [, body]) => sum + body.length, 0);
      const isTaken = await box(
        STATE,
        (cells, write) => {
          const latest = cells.get(TAKEN) as Taken | undefined;
          const same = latest?.of === taken?.of && latest?.at === taken?.at;
          if (!same || lineOf(cells.get(STATE), analysis) !== of || analysis.at() !== at) {
            return false;
          }
          const waiting = [...cells].filter(([key]) => typeof key === "string");
          const full =
            waiting.length + rows.length > MAX_ROWS ||
            waiting.reduce((sum, [, body]) => sum + (body as Uint8Array).length, size) > MAX_BYTES;
          // Nothing is lost by waiting: the sums go on growing, and with them what is taken next.
          if (full && waiting.length) changed = true;
          else {
            for (const [key, body] of rows) write(key, body);
            write(TAKEN, { of, at, text });
            pending = waiting.length + rows.length;
          }
          return true;
        },
        true,
      );
      if (isTaken) return;
    }
    changed = true;
  };

  // Throws what the site's function throws.
  const transformed = (partial: Members): Members | null => {
    if (!host.transform) return partial;
    const { version, options } = partial;
    // As text and back: whatever it hands out becomes plain, now and not later.
    const shown = JSON.parse(JSON.stringify(host.transform(partial as UploadPartial)));
    if (shown === null) return null;
    if (typeof shown !== "object" || Array.isArray(shown)) {
      throw new TypeError("it must give a partial or null");
    }
    return { ...shown, version, options };
  };

  const pack = async (partial: Members | null): Promise<[key: string, body: Uint8Array][]> => {
    if (!partial || saysNothing(partial)) return [];
    const id = randomKey();
    const now = world.now();
    const day = new Date(now).toISOString().slice(0, 10);
    const envelope = { insitu: 1, id, site: host.site, day, partial };
    const plain = new TextEncoder().encode(canonical(envelope, true));
    const body = await zipped(plain);
    if (body.length > MAX_BODY || plain.length > MAX_TEXT) {
      const both = halves(partial);
      if (both) return [...(await pack(both[0])), ...(await pack(both[1]))];
    }
    return [[now.toString(36).padStart(9, "0") + id, body]];
  };

  // ---- sending

  // One request, if there is something to send and it may be made now; true when that went well.
  const send = async (): Promise<boolean> => {
    nextTry = 0;
    if (leaving || !world.online()) return false;
    const own = epoch;
    const found = await box(PACE, (cells, write) => {
      const keys = [...cells.keys()].filter((each) => typeof each === "string").sort();
      pending = keys.length;
      const pace = cells.get(PACE) as Pace | undefined;
      const now = world.now();
      const pause = pauseBefore(pace, now);
      const [key] = keys;
      if (key === undefined) return undefined;
      if (pause) {
        nextTry = now + pause;
        return undefined;
      }
      // The lease of the line: whoever comes while the request is under way waits that long.
      write(PACE, { ...pace, until: now + REQUEST_MS + 1000 });
      return { key, body: cells.get(key) as Uint8Array };
    });
    if (!found || own !== epoch || !host.allowed()) return false;
    const { status, retryAfterMs, error } = await post(found.body);
    // Erased meanwhile: writing would bring the store back.
    if (own !== epoch) return false;
    const isSent = status >= 200 && status < 300;
    const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 429;
    if (isSent) sent++;
    else if (error !== "") lastError = error;
    await box(PACE, (cells, write) => {
      if ((isSent || isRefused) && cells.has(found.key)) {
        write(found.key, undefined);
        pending = Math.max(0, pending - 1);
      }
      const pace = cells.get(PACE) as Pace | undefined;
      const isFailed = !isSent && !isRefused && error !== "";
      write(PACE, slowed(pace, world.now(), isFailed, isRefused, retryAfterMs, world.random()));
    });
    if (isRefused) {
      refused++;
      host.warn(`The server has refused an upload for good with ${status}; it is dropped.`);
    }
    return true;
  };

  // status 0: no answer. error "": nobody's fault.
  const post = async (body: Uint8Array) => {
    const lasting = body.length <= KEEPALIVE_BODY;
    const own = { body, lasting, control: new AbortController() };
    const timeout = world.later(() => own.control.abort(), REQUEST_MS);
    sending = own;
    try {
      const response = await world.fetch(host.endpoint, requestOf(own));
      const { status } = response;
      const error = status < 300 ? "" : `The server answered ${status}.`;
      // Unread it would keep the connection.
      response.body?.cancel().catch(() => {});
      return { status, error, retryAfterMs: after(response.headers.get("retry-after"), world) };
    } catch (failure) {
      const error = leaving && own.control.signal.aborted ? "" : `There was no answer: ${failure}`;
      return { status: 0, error, retryAfterMs: 0 };
    } finally {
      sending = undefined;
      world.cancel(timeout);
    }
  };

  const requestOf = ({ body, lasting, control }: NonNullable<typeof sending>): RequestInit => {
    bytes += body.length;
    return {
      method: "POST",
      // A type of no consequence: another origin is not asked first whether it minds.
      headers: { "content-type": "text/plain" },
      body: body as BodyInit,
      keepalive: lasting,
      signal: control.signal,
      credentials: "omit",
      // The address of the page may say more than its route.
      referrerPolicy: "strict-origin",
      // A redirected POST may arrive as a GET somewhere else, with an answer that looks fine.
      redirect: "error",
    };
  };

  // ---- when

  let timer: unknown;
  let timerAt = Number.POSITIVE_INFINITY;
  let queue: Promise<void> = Promise.resolve();

  // `now`: takes what is new even if that was just done.
  const pass = async (now: boolean): Promise<void> => {
    if (!host.allowed()) return;
    const held = await host.journal();
    if (held !== journal) {
      journal = held;
      box = boxOf(held);
    }
    if (now || (changed && world.now() >= takenAt + TAKE_MS)) {
      try {
        await take();
      } catch (failure) {
        changed = true;
        lastError = `${failure}`;
      }
    }
    while (host.allowed() && (await send()));
  };
  const run = (now: boolean): Promise<void> => {
    queue = queue
      .then(() => pass(now))
      .catch((failure) => {
        lastError = `${failure}`;
        nextTry = world.now() + TAKE_MS;
      })
      .then(plan);
    return queue;
  };
  const plan = () => {
    if (!host.allowed()) return;
    const take = changed ? Math.max(takenAt + TAKE_MS, world.now()) : Number.POSITIVE_INFINITY;
    const at = nextTry ? Math.min(take, nextTry) : take;
    if (at >= timerAt) return;
    if (timer !== undefined) world.cancel(timer);
    timerAt = at;
    timer = world.later(
      () => {
        timer = undefined;
        timerAt = Number.POSITIVE_INFINITY;
        host.idle(() => run(false));
      },
      // Timers take no more than 31 bits; nor does anybody wait that long.
      Math.min(Math.max(0, at - world.now()), 2 ** 30),
    );
  };

  host.on(globalThis, "online", () => void run(false));
  host.on(globalThis, "visibilitychange", () => {
    // On the way out there is no time: what is new waits for the next document.
    if (document.visibilityState === "hidden" && !leaving) void run(true);
  });
  host.on(globalThis, "pagehide", () => {
    leaving = true;
    if (!sending || sending.lasting) return;
    // An ordinary request under way would cost the page its back/forward cache.
    const { body, control } = sending;
    control.abort();
    const last = { body, lasting: true, control: new AbortController() };
    // With the same id; whether it arrives is found out by sending it once more.
    if (host.allowed()) world.fetch(host.endpoint, requestOf(last)).catch(() => {});
  });
  host.on(globalThis, "pageshow", () => {
    leaving = false;
    void run(false);
  });

  void run(false);
  return {
    wake() {
      changed = true;
      if (world.now() >= takenAt + TAKE_MS) host.idle(() => run(false));
      else plan();
    },
    flush: () => run(true),
    forget() {
      epoch++;
      pending = nextTry = 0;
      journal = undefined;
      changed = false;
      takenAt = Number.NEGATIVE_INFINITY;
      sending?.control.abort();
    },
    status() {
      const wait = nextTry - world.now();
      let state: UploadStatus["state"] = wait > 0 ? "waiting" : "idle";
      if (sending) state = "sending";
      if (!world.online()) state = "offline";
      if (!host.allowed()) state = "held";
      return { state, pending, sent, refused, lastError, nextTryMs: Math.max(0, wait) };
    },
    bytes: () => bytes,
  };

  // Which sums the engine holds; undefined when it is not at `state`, the stored one.
  function lineOf(state: unknown, analysis: Analysis): string | undefined {
    if (journal?.kind === "memory") return "";
    const { visitor, restarts = 0 } = (state ?? {}) as Partial<State>;
    return state && nameOf(state as State) === analysis.at() ? `${visitor}:${restarts}` : undefined;
  }
}

async function zipped(plain: Uint8Array): Promise<Uint8Array> {
  if (typeof CompressionStream !== "function") return plain;
  const stream = new Blob([plain as BlobPart]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// ms of a Retry-After header: seconds or a date.
function after(header: string | null, world: World): number {
  if (!header) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - world.now();
  return ms > 0 ? ms : 0;
}
