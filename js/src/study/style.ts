// SPDX-License-Identifier: MIT
// Style of the heatmap and its panel, for their shadow root.

export const style = `
:host {
  all: initial !important;
  position: fixed !important;
  inset: 0 !important;
  z-index: 2147483646 !important;
  display: block !important;
  width: auto !important;
  height: auto !important;
  margin: 0 !important;
  padding: 0 !important;
  border: 0 !important;
  overflow: visible !important;
  background: none !important;
  pointer-events: none !important;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif !important;
  color: #16212a !important;
}
*, *::before { box-sizing: border-box; }
[hidden] { display: none !important; }
.dim { position: absolute; inset: 0; background: rgb(255 255 255 / 22%); backdrop-filter: saturate(0.7); }
.live { position: absolute; left: 0; top: 0; }
.board { position: absolute; inset: 0; overflow: auto; background: #fff; pointer-events: auto; }
.board canvas { display: block; margin: 0; }
.panel {
  --back: #fff; --ink: #16212a; --soft: #55636f; --line: #d5dce1; --wash: #f1f4f6; --strong: #0d6560; --warn: #8a3a12;
  position: absolute;
  display: flex;
  flex-direction: column;
  gap: 8px;
  width: min(400px, calc(100% - 24px));
  max-height: calc(100% - 24px);
  overflow: auto;
  padding: 14px 16px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--back);
  color: var(--ink);
  box-shadow: 0 10px 40px rgb(10 25 35 / 28%);
  pointer-events: auto;
  text-align: start;
}
@media (prefers-color-scheme: dark) {
  .panel { --back: #12191e; --ink: #e8edf0; --soft: #a8b4bd; --line: #34414a; --wash: #1c262c; --strong: #6fd8cf; --warn: #f6b48d; color-scheme: dark; }
}
.panel[data-corner="0"] { left: 12px; bottom: calc(12px + var(--insitu-bottom, 0px)); }
.panel[data-corner="1"] { left: 12px; top: 12px; }
.panel[data-corner="2"] { right: 12px; top: 12px; }
.panel[data-corner="3"] { right: 12px; bottom: calc(12px + var(--insitu-bottom, 0px)); }
.panel:focus { outline: none; }
.panel:focus-visible, :focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
.head { display: flex; align-items: flex-start; gap: 6px; }
.head h2 { flex: 1; }
h2, p, ul, table, dl, dd { margin: 0; padding: 0; }
h2 { font-size: 16px; line-height: 1.3; overflow-wrap: anywhere; }
button, select, .file {
  min-height: 30px;
  padding: 0 10px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--back);
  color: inherit;
  font: inherit;
  font-size: 13px;
  cursor: pointer;
}
.file { display: inline-flex; align-items: center; position: relative; }
.file input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
.file:focus-within { outline: 3px solid var(--strong); outline-offset: 2px; }
button:hover, select:hover, .file:hover { border-color: var(--strong); }
button[aria-pressed="true"] { border-color: var(--strong); color: var(--strong); font-weight: 600; }
.controls { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 10px; }
.controls label { display: flex; flex-direction: column; gap: 2px; font-size: 12px; color: var(--soft); min-width: 0; }
.controls select { width: 100%; color: var(--ink); }
.body { display: contents; }
.apart { margin-top: 6px; }
.row { display: flex; flex-wrap: wrap; gap: 6px; }
.soft { color: var(--soft); font-size: 13px; }
.warn { color: var(--warn); }
.sentence { overflow-wrap: anywhere; }
.ramp { display: block; width: 100%; height: 12px; border-radius: 3px; border: 1px solid var(--line); }
.scale { display: flex; justify-content: space-between; font-size: 11px; color: var(--soft); }
.key { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12px; color: var(--soft); align-items: center; }
.key span { display: inline-flex; align-items: center; gap: 5px; }
.dot { width: 14px; height: 14px; border-radius: 50%; background: #216e78; border: 2px solid #fff; outline: 1px solid #10252b55; }
.dot.first { border-radius: 2px; transform: rotate(45deg) scale(0.8); }
.dot.hollow { background: none; border: 2px dashed currentColor; outline: none; }
details { border-top: 1px solid var(--line); padding-top: 6px; }
summary { cursor: pointer; font-weight: 600; min-height: 24px; }
.scroller { overflow: auto; max-height: 260px; margin-top: 6px; }
table { width: 100%; border-collapse: collapse; font-size: 12px; }
th, td { padding: 4px 6px; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { position: sticky; top: 0; background: var(--back); color: var(--soft); font-weight: 600; }
tbody th { font-weight: 400; overflow-wrap: anywhere; min-width: 110px; }
td { white-space: nowrap; font-variant-numeric: tabular-nums; }
ul { padding-inline-start: 18px; font-size: 13px; margin-top: 4px; }
kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; font: inherit; font-size: 12px; background: var(--wash); }
@media (forced-colors: active) { .panel, button, select { border: 1px solid; } }
`;
