// SPDX-License-Identifier: MIT
// Writes the seeds of the fuzz targets `batch` and `state`: node tests/fuzz/make_corpus.mjs
// Run it again when the wire format changes; what fuzzing finds is added by hand under its own name.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { BatchWriter, batchesOfLog } from "../helpers/encode_batch.mjs";

const here = new URL("corpus/", import.meta.url);
const kStart = 1_767_225_600_000;

function write(target, name, bytes) {
  mkdirSync(new URL(`${target}/`, here), { recursive: true });
  writeFileSync(new URL(`${target}/${name}`, here), bytes);
}

// ---- batch: real ones, from scenarios and from tabs

const scenarios = JSON.parse(
  readFileSync(new URL("../fixtures/vectors/event_scenario.json", import.meta.url), "utf8"),
);
for (const id of [
  "tasks-p",
  "tabs-three-p",
  "scroll-depth-p",
  "heatmap-p",
  "surveys-p",
  "conversion-session-p",
  "orders-p",
  "support-p",
  "forms-p",
  "vitals-p",
  "retention-p",
  "thrash-yes-p",
  "rage-confirmed-p",
  "social-p",
]) {
  const { events } = scenarios.find((scenario) => scenario.id === id).input;
  write("batch", id.replace(/-p$/, ""), Buffer.concat(batchesOfLog(events)));
}

const tab = (document, previous, t) => {
  const batch = new BatchWriter({ document, previous });
  batch.event({
    type: "session_start",
    t,
    segment: { device: "mobile", persona: "p" },
    variant: "B",
    clock_offset: 5,
  });
  batch.event({
    type: "page_view",
    t,
    pv: 0,
    mono: 0,
    page: "/",
    vw: 9,
    vh: 6,
    dw: 9,
    dh: 99,
    from: previous ? -1 : null,
  });
  batch.event({ type: "task_start", t: t + 10, pv: 0, task: "buy", attempt: 0, optimal: 3 });
  batch.event({
    type: "click",
    t: t + 20,
    pv: 0,
    mono: 20,
    x: 5,
    y: 5,
    element: "b",
    exempt: ["rage"],
    interactive: true,
  });
  batch.event({ type: "error", t: t + 25, pv: 0, kind: "user" });
  batch.event({ type: "page_view", t: t + 30, pv: 1, page: "/b", from: 0 });
  batch.event({ type: "scroll", t: t + 40, pv: 1, y: 7 });
  batch.event({ type: "visibility", t: t + 50, pv: 1, state: "hidden" });
  batch.event({ type: "task_end", t: t + 60, pv: 1, task: "buy", attempt: 0, outcome: "success" });
  return batch.finish();
};
write("batch", "one_tab", tab(11, 0, kStart));
write(
  "batch",
  "tabs_reload_and_pause",
  Buffer.concat([
    tab(11, 0, kStart),
    tab(22, 0, kStart + 5),
    tab(33, 11, kStart + 100),
    tab(44, 33, kStart + 9e6),
  ]),
);

const lists = new BatchWriter({ document: 5 });
lists.event({
  type: "survey",
  t: kStart,
  instrument: "sus",
  answers: [1, null, 5],
  scale_min: 1,
  scale_max: 5,
  topics: ["a", "b", "price"],
  sentiment: -1,
  task: "buy",
  attempt: 0,
});
lists.event({
  type: "order",
  t: kStart + 1,
  order: "1",
  value: 100,
  currency: "EUR",
  category: "c",
});
lists.event({ type: "conversion", t: kStart + 2, goal: "signup" });
lists.event({ type: "vital", t: kStart + 3, name: "LCP", value: 1200.5 });
lists.event({ type: "form", t: kStart + 4, form: "f", field: "x", action: "blur" });
write("batch", "lists", lists.finish());

const odd = new BatchWriter({ document: 5 });
odd.event({ type: "click", t: kStart, pv: 3, x: Number.NaN, y: 1e308 });
odd.event({
  type: "page_view",
  t: kStart - 5,
  page: "",
  pv: 9,
  dw: 5e-324,
  dh: 5e-324,
  vh: 5e-324,
});
odd.event({ type: "click", t: kStart, pv: 9, x: 0, y: 0 });
odd.event({ type: "task_end", t: 0, task: "", attempt: -1 });
const oddBytes = odd.finish();
write("batch", "odd_values", oddBytes);

const unknown = Uint8Array.from(tab(11, 0, kStart));
new DataView(unknown.buffer).setUint16(32, 999, true);
write("batch", "unknown_type", unknown);
write("batch", "cut", tab(11, 0, kStart).slice(0, 200));
write("batch", "empty", new BatchWriter().finish());

const ends = new BatchWriter();
ends.context("v", "s", 0);
ends.event({ type: "page_view", t: kStart, page: "/", pv: 0, vh: 5, dh: 5, dw: 5 });
ends.end();
ends.event({ type: "heartbeat", t: kStart + 1 });
ends.context("w", "s", 2 ** 53);
ends.event({ type: "heartbeat", t: kStart + 1 });
ends.context("v", "s", 1);
ends.end();
write("batch", "contexts_and_ends", ends.finish());

// ---- state: edits of 4 bytes each (state.fuzz.cpp), after the number of the state

write("state", "untouched", Uint8Array.of(0));
write("state", "untouched_other", Uint8Array.of(1));
write("state", "cut_in_half", Uint8Array.of(0, 6, 3, 0, 0));
write("state", "one_byte", Uint8Array.of(0, 0, 2, 0, 255));
for (let edit = 0; edit < 6; edit++) {
  const edits = [edit % 2];
  for (let i = 0; i < 4; i++)
    edits.push(edit, (i * 3 + edit) % 12, (i * 64) % 256, edit === 1 ? 7 : 1);
  write("state", `edits_${edit}`, Uint8Array.from(edits));
}
