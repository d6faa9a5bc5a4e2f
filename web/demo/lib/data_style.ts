// SPDX-License-Identifier: MIT
// Style of the data view, for its shadow root; colours are those of the page.

export const dataStyle = `
:host { display: grid; gap: 16px; }
*, *::before, *::after { box-sizing: border-box; }
h3, p, ul, pre { margin: 0; padding: 0; }
h3 { font-size: 1rem; }
.facts, .tables { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr)); align-items: start; }
.tables { grid-template-columns: minmax(0, 1fr) minmax(0, 2.4fr); }
section, .scroll {
  padding: 16px 18px;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--card);
  min-width: 0;
}
.large { font-size: 1.9rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
caption { text-align: left; font-weight: 600; font-size: 1rem; padding-bottom: 6px; }
th, td { padding: 5px 12px 5px 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); white-space: nowrap; }
thead th { border: 0; color: var(--soft); font-weight: 400; }
tbody th { font-weight: 600; font-variant-numeric: tabular-nums; }
.types td, .types th:nth-child(2) { text-align: right; padding-right: 0; font-variant-numeric: tabular-nums; }
.latest td:last-child { color: var(--soft); min-width: 14em; white-space: normal; overflow-wrap: anywhere; }
summary { display: flex; align-items: center; min-height: 44px; width: fit-content; color: var(--pine); text-decoration: underline; text-underline-offset: 0.2em; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "▸" / ""; margin-right: 0.5em; }
[open] > summary::before { content: "▾" / ""; }
ul { padding-left: 1.2em; font-size: 0.875rem; overflow-wrap: anywhere; }
.foreign { color: var(--rust); font-weight: 600; }
pre { max-height: 320px; overflow: auto; padding: 10px; border: 1px solid var(--line); border-radius: 8px; font: 12px/1.45 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }
.buttons { display: flex; flex-wrap: wrap; gap: 10px; }
button {
  min-height: 44px;
  padding: 0 18px;
  border: 1px solid var(--soft);
  border-radius: 999px;
  background: var(--card);
  color: var(--ink);
  font: 600 0.95rem/1.2 var(--sans);
  cursor: pointer;
}
button:hover { border-color: var(--pine); }
button.danger { border-color: var(--rust); color: var(--rust); }
:focus-visible { outline: 3px solid var(--ochre); outline-offset: 3px; border-radius: 4px; }
.said { min-height: 1.55em; }
@media (max-width: 960px) {
  .tables { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 720px) {
  .buttons button { flex: 1 1 auto; }
}
`;
