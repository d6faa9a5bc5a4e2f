// SPDX-License-Identifier: MIT
// A log of visitors who click around on one page, /product, and the page's layout.

// [element, label, x, y, width, height, how often], CSS px of a page 1280 x 1500.
const elements = [
  ["#search", "textbox Search", 300, 20, 420, 44, 8],
  ["#go", "button Search", 730, 20, 90, 44, 6],
  ["#cart", "link Cart", 1140, 20, 100, 44, 3],
  ["nav>1", "link Laptops", 40, 100, 120, 36, 3],
  ["#hero", "Hero image", 40, 160, 1200, 380, 4],
  ["#buy", "button Add to cart", 820, 600, 220, 56, 14],
  ["#size", "combobox Größe", 820, 680, 220, 40, 4],
  ["#desc", "<b>Description</b> & more", 40, 600, 720, 420, 2],
  ["card1", "link Card 1", 40, 1100, 380, 300, 3],
  ["card2", "link \u05e9\u05dc\u05d5\u05dd \u202egnp.exe", 450, 1100, 380, 300, 2],
  ["card3", "link Card 3", 860, 1100, 380, 300, 3],
];

// The element in whose part of the sum of all weights this is.
function pick(place) {
  let end = 0;
  return elements.find((element) => {
    end += element[6];
    return place < end;
  });
}

// NDJSON; equal for equal numbers of visitors.
export function clickLog(visitors) {
  let seed = visitors;
  // mulberry32, in [0, 1)
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const total = elements.reduce((sum, element) => sum + element[6], 0);
  const lines = [];
  for (let v = 0; v < visitors; ++v) {
    let t = 1_767_225_600_000 + v * 1e6;
    let seq = 0;
    const add = (type, more) => {
      t += Math.floor(200 + uniform() * 4000);
      const common = { type, t, visitor: `v${v}`, session: `s${v}`, seq: seq++ };
      lines.push(JSON.stringify({ ...common, page: "/product", pv: 0, ...more }));
    };
    const width = v % 5 === 4 ? 1440 : 1280;
    const scale = width / 1280;
    add("page_view", { vw: width, vh: 720, dw: width, dh: 1500 });
    for (let clicks = Math.floor(uniform() * 5); clicks >= 0; --clicks) {
      const [element, , ex, ey, ew, eh] = pick(uniform() * total);
      const x = (ex + ew * ((uniform() + uniform()) / 2)) * scale;
      const y = ey + eh * ((uniform() + uniform()) / 2);
      const box = { ex: ex * scale, ey, ew: ew * scale, eh };
      add("move", { x, y });
      add("click", { x, y, element, ...box, interactive: element[0] === "#" });
      if (uniform() < 0.5) add("scroll", { y: Math.floor(uniform() * 780) });
      if (uniform() < 0.1) add("error", { kind: "js" });
    }
    add("heartbeat", {});
  }
  return `${lines.join("\n")}\n`;
}

// As the overlay exports it, a year later: one card is gone, another one is elsewhere.
export function layoutOf(page) {
  const boxes = elements
    .filter(([element]) => element !== "card3")
    .map(([element, label, x, y, w, h]) => ({ element, anchor: "", label, x, y, w, h }));
  boxes[8].y -= 60;
  const regions = [
    { element: "header", label: "banner", x: 0, y: 0, w: 1280, h: 84, landmark: true },
    { element: "main", label: "main", x: 20, y: 150, w: 1240, h: 1300, landmark: true },
  ];
  return { insitu_layout: 1, page, width: 1280, height: 1500, boxes: [...regions, ...boxes] };
}
