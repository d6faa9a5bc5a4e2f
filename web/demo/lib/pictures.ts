// SPDX-License-Identifier: MIT
// The product pictures: flat drawings as plain data, made into inline SVG. View box 240 x 180.

import { svg } from "./dom.js";

type Shape = readonly [
  tag: "path" | "circle" | "ellipse" | "rect" | "line",
  attributes: Readonly<Record<string, string | number>>,
];

const line = (d: string, stroke: string, width = 3): Shape => [
  "path",
  {
    d,
    stroke,
    fill: "none",
    "stroke-width": width,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  },
];
const area = (d: string, fill: string): Shape => ["path", { d, fill }];
const ground: Shape = ["ellipse", { cx: 120, cy: 150, rx: 96, ry: 9, fill: "#00000018" }];

const ink = "#23332e";
const pine = "#2f6b57";
const moss = "#5b9279";
const mint = "#a9cdb8";
const sand = "#e7d6b4";
const ochre = "#d08a3c";
const rust = "#b4532f";
const night = "#2d4268";
const sky = "#7d9cc0";
const steel = "#8d9a9b";
const pale = "#f3efe4";

const pictures: Readonly<Record<string, readonly Shape[]>> = {
  "hochland-3": [
    ground,
    ["circle", { cx: 196, cy: 42, r: 15, fill: "#f0b95b" }],
    area("M18 148 C22 92 44 62 84 60 L176 66 C204 74 220 106 224 148 Z", rust),
    area("M18 148 C22 92 44 62 84 60 C112 74 124 108 126 148 Z", "#c96a42"),
    area("M44 148 C47 112 58 88 84 84 C104 96 112 120 113 148 Z", ink),
    area("M44 148 C47 112 58 88 84 84 C76 104 72 124 72 148 Z", sand),
    line("M130 62 C152 82 162 112 164 148 M176 66 C194 86 202 116 204 148", "#8e3f22", 3),
    line("M18 148 L6 154 M224 148 L235 154", ink, 2),
  ],
  "etappe-38": [
    ground,
    area("M84 52 C84 28 156 28 156 52 L156 62 L84 62 Z", ink),
    line("M104 34 C104 20 136 20 136 34", ink, 5),
    ["rect", { x: 72, y: 46, width: 96, height: 104, rx: 22, fill: pine }],
    area(
      "M72 68 C72 50 84 40 98 40 L142 40 C156 40 168 50 168 68 L168 80 C140 90 100 90 72 80 Z",
      moss,
    ),
    ["rect", { x: 86, y: 98, width: 68, height: 42, rx: 12, fill: "#24574a" }],
    line("M94 110 L146 110", ochre, 3),
    ["rect", { x: 112, y: 74, width: 16, height: 20, rx: 4, fill: ochre }],
    ["rect", { x: 58, y: 92, width: 16, height: 46, rx: 8, fill: "#24574a" }],
    ["rect", { x: 166, y: 92, width: 16, height: 46, rx: 8, fill: "#24574a" }],
    ["rect", { x: 168, y: 76, width: 9, height: 34, rx: 4, fill: sky }],
  ],
  "daune-zero": [
    ground,
    area(
      "M30 122 C26 92 46 74 74 78 L182 92 C210 96 222 112 218 130 C214 146 200 150 184 150 L70 150 C48 150 33 142 30 122 Z",
      night,
    ),
    area(
      "M30 122 C26 92 46 74 74 78 C94 82 104 98 104 116 C104 138 90 150 70 150 C48 150 33 142 30 122 Z",
      sky,
    ),
    ["ellipse", { cx: 66, cy: 114, rx: 22, ry: 24, fill: "#20304f" }],
    ["ellipse", { cx: 64, cy: 118, rx: 15, ry: 14, fill: pale }],
    line(
      "M122 86 C132 104 132 132 124 149 M152 90 C162 108 162 134 154 149 M182 94 C191 110 191 136 184 149",
      "#4a6696",
      3,
    ),
    line("M104 116 L219 124", ochre, 3),
  ],
  segel: [
    ground,
    ["circle", { cx: 52, cy: 40, r: 14, fill: "#f0b95b" }],
    line("M70 62 L62 150 M186 52 L194 150", ink, 4),
    area("M22 96 L70 58 L186 48 L222 84 L150 74 L92 82 Z", ochre),
    area("M70 58 L186 48 L150 74 L92 82 Z", "#e3a85c"),
    line("M22 96 L8 148 M222 84 L234 146", ink, 2),
    line("M104 150 L104 128 L132 128 L132 150 M98 128 L138 128", "#7b5a35", 4),
  ],
  "brise-2": [
    ground,
    ["circle", { cx: 190, cy: 44, r: 15, fill: "#f0b95b" }],
    area("M26 148 C44 92 84 44 120 44 C156 44 196 92 214 148 Z", moss),
    area("M26 148 C44 92 84 44 120 44 C106 78 98 112 96 148 Z", pine),
    area("M120 58 C104 88 98 116 98 148 L150 148 C146 112 136 84 120 58 Z", ink),
    area("M120 58 C136 84 146 112 150 148 L172 148 C162 108 144 78 120 58 Z", mint),
    line("M26 148 C44 92 84 44 120 44 C156 44 196 92 214 148", "#1f4a3c", 3),
    line("M26 148 L10 154 M214 148 L230 154", ink, 2),
  ],
  funke: [
    ground,
    ["rect", { x: 88, y: 112, width: 64, height: 38, rx: 8, fill: pine }],
    ["rect", { x: 88, y: 122, width: 64, height: 12, fill: sand }],
    ["rect", { x: 112, y: 96, width: 16, height: 18, rx: 3, fill: steel }],
    line("M128 104 L158 104", steel, 5),
    ["circle", { cx: 162, cy: 104, r: 7, fill: rust }],
    line("M120 96 L82 84 M120 96 L158 84 M120 96 L120 84", ink, 4),
    area(
      "M96 84 C92 72 104 72 102 62 C112 68 110 76 116 70 C118 62 124 62 122 54 C134 62 130 72 136 72 C140 66 144 72 144 84 Z",
      ochre,
    ),
    ["rect", { x: 70, y: 26, width: 100, height: 40, rx: 8, fill: steel }],
    ["rect", { x: 70, y: 26, width: 100, height: 9, rx: 4, fill: "#b9c3c3" }],
    line("M170 38 L204 34", ink, 6),
  ],
  glimm: [
    ["ellipse", { cx: 104, cy: 150, rx: 74, ry: 8, fill: "#00000018" }],
    area("M142 92 L236 50 L236 138 L142 104 Z", "#f6d98a"),
    area("M142 95 L236 74 L236 116 L142 102 Z", "#fbeebf"),
    [
      "ellipse",
      { cx: 86, cy: 96, rx: 62, ry: 44, fill: "none", stroke: night, "stroke-width": 14 },
    ],
    [
      "ellipse",
      {
        cx: 86,
        cy: 96,
        rx: 62,
        ry: 44,
        fill: "none",
        stroke: sky,
        "stroke-width": 3,
        "stroke-dasharray": "10 7",
      },
    ],
    ["rect", { x: 114, y: 70, width: 40, height: 56, rx: 12, fill: ink }],
    ["circle", { cx: 142, cy: 98, r: 16, fill: "#fdf6da" }],
    ["circle", { cx: 142, cy: 98, r: 8, fill: "#f0b95b" }],
    ["rect", { x: 122, y: 64, width: 16, height: 8, rx: 3, fill: rust }],
  ],
  emil: [
    ground,
    line("M158 70 C198 66 198 128 156 124", night, 12),
    area("M66 46 L166 46 L158 138 C157 146 150 150 142 150 L90 150 C82 150 75 146 74 138 Z", night),
    area("M66 46 L96 46 L100 150 L90 150 C82 150 75 146 74 138 Z", "#3c557f"),
    ["ellipse", { cx: 116, cy: 46, rx: 50, ry: 11, fill: pale }],
    ["ellipse", { cx: 116, cy: 47, rx: 43, ry: 7, fill: "#6b4a32" }],
    ["circle", { cx: 112, cy: 84, r: 2, fill: pale }],
    ["circle", { cx: 134, cy: 98, r: 2.4, fill: pale }],
    ["circle", { cx: 122, cy: 118, r: 1.8, fill: pale }],
    ["circle", { cx: 144, cy: 128, r: 1.6, fill: pale }],
    ["circle", { cx: 146, cy: 76, r: 1.7, fill: pale }],
    ["circle", { cx: 104, cy: 134, r: 2, fill: pale }],
    line(
      "M100 30 C94 22 106 18 100 8 M120 28 C114 20 126 16 120 6 M138 30 C132 22 144 18 138 8",
      steel,
      3,
    ),
  ],
};

/** The picture of a product, decorative (the name stands beside it); empty for an unknown id. */
export function picture(id: string): SVGSVGElement {
  const shapes = (pictures[id] ?? []).map(([tag, attributes]) => svg(tag, attributes));
  return svg(
    "svg",
    { viewBox: "0 0 240 180", "aria-hidden": "true", focusable: "false" },
    ...shapes,
  );
}
