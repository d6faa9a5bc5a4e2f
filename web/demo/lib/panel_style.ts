// SPDX-License-Identifier: MIT
// Style of the live panel, for its shadow root.

export const panelStyle = `
:host {
  --back: #ffffff;
  --ink: #16212a;
  --soft: #55636f;
  --line: #e1e6ea;
  --wash: #f3f6f7;
  --bar: #21918c;
  --strong: #0d6560;
  --warn: #8a3a12;
  --warn-wash: #fdeee4;
  position: fixed;
  z-index: 25;
  inset: 0 0 0 auto;
  width: 364px;
  color: var(--ink);
  font: 14px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  text-align: left;
}
@media (prefers-color-scheme: dark) {
  :host {
    --back: #11171b;
    --ink: #e8edf0;
    --soft: #a3afb8;
    --line: #2a343b;
    --wash: #1a2227;
    --bar: #3fb8af;
    --strong: #6fd8cf;
    --warn: #f6b48d;
    --warn-wash: #3a2418;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, ul, dl, dd, table { margin: 0; padding: 0; }
ul { list-style: none; }
button {
  min-height: 36px;
  padding: 0 12px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--back);
  color: var(--ink);
  font: 600 13px/1.2 inherit;
  font-family: inherit;
  cursor: pointer;
}
button:hover { border-color: var(--strong); }
button[aria-pressed="true"] { background: var(--strong); border-color: var(--strong); color: var(--back); }
button.danger { border-color: var(--warn); color: var(--warn); }
:focus-visible { outline: 3px solid var(--bar); outline-offset: 2px; border-radius: 6px; }

.panel {
  display: flex;
  flex-direction: column;
  height: 100%;
  background: var(--back);
  border-left: 1px solid var(--line);
}
.head {
  display: flex;
  align-items: center;
  gap: 10px;
  flex: none;
  padding: 12px 12px 12px 18px;
  border-bottom: 1px solid var(--line);
}
.head { flex-wrap: wrap; }
.title { flex: 1; min-width: 0; }
h2 { font-size: 15px; line-height: 1.3; }
.state { color: var(--soft); font-size: 12px; }
.live::before {
  content: "";
  display: inline-block;
  width: 8px;
  height: 8px;
  margin-right: 6px;
  border-radius: 50%;
  background: var(--bar);
}
.toggle { flex: none; }
.mini { display: flex; flex: 1 0 100%; justify-content: space-between; gap: 8px; margin: 0; }
.mini div { display: grid; flex: 1; }
.mini dt { color: var(--soft); font-size: 12px; }
.mini dd { font-size: 20px; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }

.body { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 0 0 10px; }
.banner {
  margin: 12px 14px 0;
  padding: 10px 12px;
  border-radius: 8px;
  background: var(--warn-wash);
  color: var(--warn);
}
.running {
  display: flex;
  align-items: center;
  gap: 8px;
  margin: 12px 14px 0;
  padding: 8px 12px;
  border-radius: 8px;
  background: var(--wash);
}
.running span:first-child { flex: 1; min-width: 0; }
.clock { font: 600 15px/1 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }

h3 {
  padding: 16px 18px 4px;
  color: var(--soft);
  font-size: 11px;
  letter-spacing: 0.08em;
  text-transform: uppercase;
}
li {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 1px 12px;
  align-items: baseline;
  padding: 8px 18px 4px;
  border-bottom: 1px solid var(--line);
}
li > * { grid-column: 1 / -1; }
li > .name { grid-column: 1; font-weight: 600; }
li > .lead { grid-column: 2; }
.rest, .explanation { color: var(--soft); font-size: 12.5px; }
.explanation { color: var(--ink); }
summary {
  display: flex;
  align-items: center;
  min-height: 24px;
  width: fit-content;
  color: var(--strong);
  font-size: 12px;
  cursor: pointer;
  list-style: none;
}
summary::-webkit-details-marker { display: none; }
summary::before { content: "+" / ""; display: inline-block; width: 1.1em; }
details[open] > summary::before { content: "\\2212" / ""; }
summary:hover { text-decoration: underline; }
details dl { display: grid; gap: 4px; padding: 2px 0 4px; font-size: 12.5px; overflow-wrap: anywhere; }
details dt { color: var(--soft); font-size: 11.5px; }
code { font: 0.95em ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }
a { color: var(--strong); text-underline-offset: 0.2em; }
select {
  flex: 1 1 60%;
  min-height: 36px;
  min-width: 0;
  padding: 0 8px;
  border: 1px solid var(--soft);
  border-radius: 8px;
  background: var(--back);
  color: var(--ink);
  font: inherit;
}
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.lead {
  font-size: 16px;
  font-weight: 650;
  font-variant-numeric: tabular-nums;
  text-align: right;
}
.lead.none { color: var(--soft); font-size: 13px; font-weight: 400; }
.changed .lead { animation: flash 1.2s ease-out; }
@keyframes flash { from { color: var(--bar); } }

.track { display: flex; align-items: center; gap: 8px; height: 16px; }
.line { position: relative; flex: 1; height: 14px; margin-left: 6px; }
.line::before {
  content: "";
  position: absolute;
  inset: 6px 0;
  border-radius: 1px;
  background: var(--line);
}
.end { color: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.interval {
  position: absolute;
  top: 4px;
  height: 6px;
  min-width: 2px;
  border-radius: 3px;
  background: var(--bar);
  opacity: 0.55;
}
.point {
  position: absolute;
  top: 1px;
  width: 12px;
  height: 12px;
  margin-left: -6px;
  border: 2px solid var(--back);
  border-radius: 50%;
  background: var(--strong);
}
.made { color: var(--soft); font: 11.5px/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: 12.5px; }
th, td { padding: 3px 0 3px 10px; text-align: right; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th { color: var(--soft); font-weight: 400; }
th:first-child { padding-left: 0; text-align: left; }
tbody th { color: var(--ink); }

.foot {
  flex: none;
  display: grid;
  gap: 8px;
  padding: 10px 12px 12px;
  border-top: 1px solid var(--line);
  background: var(--wash);
}
.cost { font-size: 12.5px; color: var(--soft); }
.cost b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
.buttons { display: flex; flex-wrap: wrap; gap: 6px; }
.buttons button { flex: 1 1 auto; padding: 0 8px; white-space: nowrap; }
.said { font-size: 12.5px; }

@media (min-width: 1080px) {
  :host([collapsed]) { inset: auto 0 24px auto; width: auto; }
  :host([collapsed]) .panel { height: auto; border: 1px solid var(--line); border-right: 0; border-radius: 12px 0 0 12px; box-shadow: 0 8px 30px rgb(0 0 0 / 16%); }
  :host([collapsed]) .head { border: 0; }
  :host([collapsed]) .body, :host([collapsed]) .foot, :host([collapsed]) .mini { display: none; }
}
@media (max-width: 1079.98px) {
  :host { inset: auto 0 0 0; width: auto; }
  .panel {
    height: auto;
    max-height: min(72vh, 640px);
    border: 0;
    border-top: 1px solid var(--line);
    border-radius: 16px 16px 0 0;
    box-shadow: 0 -8px 30px rgb(0 0 0 / 16%);
    overflow: hidden;
  }
  :host([collapsed]) .panel { border-radius: 0; box-shadow: none; }
  .head { min-height: 60px; padding: 8px 10px 8px 16px; }
  :host([collapsed]) .body, :host([collapsed]) .foot { display: none; }
  :host([collapsed]) .title { flex: none; }
  :host([collapsed]) .state { display: none; }
  :host([collapsed]) .head { flex-wrap: nowrap; }
  :host([collapsed]) .mini { order: -1; flex: 1; justify-content: space-evenly; }
  :host([collapsed]) .mini div { text-align: center; }
  .mini dt { font-size: 11px; }
  .mini dd { font-size: 16px; }
  select, summary { min-height: 44px; }
  button { min-height: 44px; }
}
@media (max-width: 480px) {
  :host([collapsed]) .title { display: none; }
}
@media (prefers-reduced-motion: reduce) { .changed .lead { animation: none; } }
@media (forced-colors: active) {
  .interval { background: Highlight; opacity: 1; }
  .point { background: CanvasText; }
  .line::before { background: GrayText; }
}
`;
