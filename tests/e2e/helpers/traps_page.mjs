// SPDX-License-Identifier: MIT
// A page full of what is easily taken for a rage or dead click. `?clock` changes by itself, `?poll`
// asks its server all the time.
import { html } from "./site.mjs";

const head = `<style>
  body { margin: 0; font: 14px/1.4 sans-serif }
  main > * { display: block; margin: 2px 8px }
  button { height: 20px; padding: 0 6px; width: 160px }
  #rail { width: 200px; overflow-x: auto; white-space: nowrap }
  #rail b { display: inline-block; width: 150px }
  canvas { width: 100px; height: 20px; background: #eee }
  main { columns: 3 }
</style>`;

const body = `<main>
  <p><output id="sum">0</output> <output id="shown">page 1</output> <output id="clock"></output></p>
  <button id="plus">+</button>
  <button id="next-page" aria-label="Next page"><svg width="9" height="9"></svg></button>
  <button id="next-slide">next slide</button>
  <button id="rail-button">show more</button>
  <div id="rail"><b>one</b><b>two</b><b>three</b><b>four</b><b>five</b><b>six</b><b>seven</b></div>
  <button id="seven">7</button>
  <p id="prose">Some words to be read and selected</p>
  <input id="field">
  <p id="editable" contenteditable>write here</p>
  <a id="download" href="data:text/plain,x" download="x.txt">download</a>
  <button id="export">export</button>
  <a id="link" href="#there"><b>link</b></a>
  <label id="label">Agree <input type="checkbox"></label>
  <input id="check" type="checkbox">
  <select id="choice"><option>one</option></select>
  <canvas width="100" height="20"></canvas>
  <button id="out" data-insitu-ignore="rage dead">taken out</button>
  <button id="menu">menu</button><div id="entries" hidden>entries</div>
  <button id="open-dialog">dialog</button><dialog>Sure?</dialog>
  <button id="open-popover" popovertarget="pop">popover</button><div id="pop" popover>Hi</div>
  <details><summary>more</summary>and more</details>
  <button id="focuses">focus</button>
  <button id="selects">select</button>
  <button id="scrolls">to the end</button>
  <button id="pushes">open</button>
  <form><input id="needed" required><button id="refused">send</button></form>
  <button id="vanishes">close</button>
  <button id="late">think</button>
  <my-card></my-card>
  <button id="dead">dead</button>
  <button id="beacon">counted</button>
  <button id="busy">busy</button>
  <button id="asks">ask</button>
  <button id="slow">ask slowly</button>
  <button id="breaks">break</button>
</main>
<div style="height: 2000px"></div>
<script>
  const $ = (id) => document.getElementById(id);
  const on = (id, act, type = "click") => $(id).addEventListener(type, act);
  let n = 0;
  const say = () => { $("shown").textContent = \`page \${++n}\`; };
  on("plus", () => { $("sum").textContent = ++n; });
  for (const id of ["next-page", "next-slide", "seven", "busy"]) on(id, say);
  on("rail-button", () => { $("rail").scrollLeft += 100; });
  on("export", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["x"]));
    link.download = "x.txt";
    link.click();
  });
  on("menu", () => { $("entries").hidden = false; }, "pointerdown");
  on("open-dialog", () => document.querySelector("dialog").showModal());
  on("focuses", () => $("field").focus());
  on("selects", () => getSelection().selectAllChildren($("prose")));
  on("scrolls", () => scrollTo(0, 500));
  on("pushes", () => history.pushState({}, "", "/elsewhere"));
  on("vanishes", () => $("vanishes").remove());
  on("late", () => setTimeout(say, 1500));
  on("beacon", () => navigator.sendBeacon("/count"));
  on("asks", () => fetch("/asked"));
  on("slow", () => fetch("/slow/" + what));
  on("breaks", () => { throw new Error("broken"); });
  const root = document.querySelector("my-card").attachShadow({ mode: "open" });
  root.innerHTML = "<button>in a shadow</button><i>nothing</i>";
  root.querySelector("button").onclick = () => { root.querySelector("button").textContent = "done"; };
  const what = location.search.slice(1);
  if (what === "clock") {
    setInterval(() => { $("clock").textContent = new Date().toISOString(); }, 1000);
    // A page that is still filling itself, and goes on to another route.
    setTimeout(() => history.pushState({}, "", "/traps/2?clock"), 1000);
    setTimeout(say, 2500);
    setTimeout(say, 4000);
    // One that is drawn anew each time.
    setInterval(() => { $("shown").nextSibling.after(document.createElement("i")); $("shown").parentNode.querySelector("i + i")?.remove(); }, 900);
  }
  if (what === "poll") setInterval(() => fetch(\`/state?\${Date.now()}\`), 1000);
</script>`;

export const trapsPage = html({ head, body });
