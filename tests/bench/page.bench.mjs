// SPDX-License-Identifier: MIT
// What Insitu costs a page: work of the main thread for each click and each step of the wheel, with
// the script and without it, by turns in one run. Real input through the DevTools protocol on a page
// of 2,000 elements whose clicks do what clicks of a shop do. Times are the machine's, so only the
// ratios are worth comparing; medians over rounds. The core is there and folds as it does on a site.
//
//   node tests/bench/page.bench.mjs [rounds]        7 unless told; dist/ must be built
import { launch, sleep, until } from "../e2e/helpers/browser.mjs";
import { html, startSite } from "../e2e/helpers/site.mjs";

const ROUNDS = Number(process.argv[2] ?? 7);
const CLICKS = 60;
const STEPS = 60;
const PAUSE_MS = 30; // between inputs: faster than people, slow enough for one frame each

// A list of products; a click puts one into the cart, tells so and keeps it.
const PAGE = `<style>li { display: inline-block; width: 180px; height: 120px; border: 1px solid } </style>
  <header>cart: <output id="count">0</output></header><main><ul>${Array.from(
    { length: 400 },
    (_, i) =>
      `<li><h3>Product ${i}</h3><p>text <b>${i}</b></p><button id="add-${i}" class="add">Add</button></li>`,
  ).join("")}</ul></main>
  <script>document.addEventListener("click", function (event) {
    var button = event.target.closest(".add");
    if (!button) return;
    var count = document.getElementById("count");
    count.textContent = +count.textContent + 1;
    button.textContent = "In the cart";
    button.closest("li").classList.toggle("in");
    sessionStorage.cart = count.textContent;
  })</script>`;

const browser = await launch();
const site = await startSite((path) => html({ body: PAGE, tag: path === "/with" }));

// Seconds of the main thread's tasks, and of scripts in them, up to now.
async function spent(devtools) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  return { tasks: of("TaskDuration"), scripts: of("ScriptDuration") };
}

async function round(path) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(site.origin + path);
  if (path === "/with") {
    // Loading is another matter than living with it.
    const ready = () => page.evaluate(() => insitu.status().core.state === "ready");
    await until(ready, "the core", 30_000);
    await page.evaluate(() => insitu.report());
  }
  const pause = () => sleep(PAUSE_MS);
  const click = async (i) => {
    const mouse = { x: 60 + (i % 5) * 184, y: 130, button: "left", clickCount: 1 };
    for (const type of ["mousePressed", "mouseReleased"]) {
      await devtools.send("Input.dispatchMouseEvent", { type, ...mouse });
    }
    await pause();
  };
  const wheel = async (i) => {
    const deltaY = i % STEPS < STEPS / 2 ? 120 : -120;
    const wheeled = { type: "mouseWheel", x: 500, y: 400, deltaX: 0, deltaY };
    // Answered only once the page has scrolled, which it may not at its end.
    devtools.send("Input.dispatchMouseEvent", wheeled).catch(() => {});
    await pause();
  };
  const cost = async (count, input) => {
    for (let i = 0; i < 5; i++) await input(i); // compiled by then
    const before = await spent(devtools);
    for (let i = 0; i < count; i++) await input(i);
    // What a click is watched for, what a timer holds, and the append that follows.
    await sleep(600);
    const after = await spent(devtools);
    const us = (name) => ((after[name] - before[name]) * 1e6) / count;
    return { tasks: us("tasks"), scripts: us("scripts") };
  };
  const result = { click: await cost(CLICKS, click), scroll: await cost(STEPS, wheel) };
  if (path === "/with") {
    const { kpis } = await page.evaluate(() => insitu.report());
    const clicks = kpis.number_of_clicks.value;
    if (clicks !== CLICKS + 5) throw new Error(`${clicks} clicks were seen, not ${CLICKS + 5}`);
  }
  await context.close();
  return result;
}

const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

try {
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) {
    // By turns, and each first as often as the other.
    const paths = i % 2 ? ["/with", "/without"] : ["/without", "/with"];
    const costs = {};
    for (const path of paths) costs[path] = await round(path);
    rounds.push(costs);
  }
  const row = (...cells) =>
    console.log(
      cells[0].padEnd(22) +
        cells
          .slice(1)
          .map((cell) => cell.padStart(14))
          .join(""),
    );
  row("main thread", "without, us", "with, us", "more, us", "ratio", "least", "most");
  for (const input of ["click", "scroll"]) {
    for (const part of ["tasks", "scripts"]) {
      const of = (path) => rounds.map((costs) => costs[path][input][part]);
      const ratios = rounds.map((c) => c["/with"][input][part] / c["/without"][input][part]);
      const [without, with_] = [median(of("/without")), median(of("/with"))];
      row(
        `per ${input}, ${part}`,
        ...[without, with_, with_ - without].map((us) => us.toFixed(0)),
        ...[median(ratios), Math.min(...ratios), Math.max(...ratios)].map((r) =>
          Number.isFinite(r) ? r.toFixed(2) : "-",
        ),
      );
    }
  }
  console.log(`${ROUNDS} rounds of ${CLICKS} clicks and ${STEPS} steps of the wheel`);
} finally {
  await browser.close();
  await site.close();
}
