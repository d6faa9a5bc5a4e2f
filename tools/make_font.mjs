// SPDX-License-Identifier: MIT
// Draws src/heatmap/font.gen.h: the letters of heat pictures, from DejaVu Sans (Debian's
// fonts-dejavu-core) with Chromium's canvas. Run by hand when letters are to be added; the result
// is committed, because no two versions of a browser draw a letter exactly alike.
//
//   node tools/make_font.mjs
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const symbols = [..."–—‘’“”„†•…‹›€™←↑→↓−√∞≈≠≤≥■□▲△●○◆◇"].map((c) => c.codePointAt(0));
const ascii = range(32, 126);
// What the bold font does not have is taken from the regular one.
const fonts = [
  {
    name: "kRegular",
    css: '12px "DejaVu Sans"',
    codes: [...ascii, ...range(160, 383), ...symbols],
  },
  { name: "kBold", css: 'bold 15px "DejaVu Sans"', codes: ascii },
];

const installed = execFileSync("fc-list", ["DejaVu Sans"]).toString();
if (!installed) throw new Error("DejaVu Sans is not installed: apt-get install fonts-dejavu-core");

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage();
const drawn = await page.evaluate((fonts) => {
  const size = 48;
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return fonts.map(({ css, codes }) => {
    context.font = css;
    context.fillStyle = "#000";
    return codes.map((code) => {
      const text = String.fromCodePoint(code);
      context.clearRect(0, 0, size, size);
      context.fillText(text, 16, 32);
      const { data } = context.getImageData(0, 0, size, size);
      // 16 steps of opacity; what rounds to none is not part of the glyph.
      const alpha = (x, y) => Math.round(data[(y * size + x) * 4 + 3] / 17);
      let [left, top, right, bottom] = [size, size, 0, 0];
      for (let y = 0; y < size; ++y) {
        for (let x = 0; x < size; ++x) {
          if (!alpha(x, y)) continue;
          [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
          [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
        }
      }
      const [width, height] = [Math.max(0, right - left), Math.max(0, bottom - top)];
      const pixels = [];
      for (let i = 0; i < width * height; ++i) {
        pixels.push(alpha(left + (i % width), top + Math.floor(i / width)));
      }
      const advance = Math.round(context.measureText(text).width);
      return {
        code,
        advance,
        left: width ? left - 16 : 0,
        top: width ? top - 32 : 0,
        width,
        height,
        pixels,
      };
    });
  });
}, fonts);
await browser.close();

const wrap = (cells) => {
  const lines = [""];
  for (const cell of cells) {
    if (lines.at(-1).length + cell.length > 98) lines.push("");
    lines[lines.length - 1] += `${lines.at(-1) ? " " : ""}${cell},`;
  }
  return lines.map((line) => `    ${line}`).join("\n");
};

let text = `// SPDX-License-Identifier: MIT AND Bitstream-Vera
// Made by tools/make_font.mjs from DejaVu Sans 2.37. Do not edit.
//
// The shapes of the glyphs are those of DejaVu Sans, under the license in src/heatmap/font.LICENSE:
// Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. Bitstream Vera is a trademark of
// Bitstream, Inc. DejaVu changes are in public domain.
#pragma once

#include <cstdint>

namespace insitu::heatmap::font {

// A glyph's box, pixels: \`left\` from the pen, \`top\` from the base line (negative is above). Its
// pixels, row by row, are 4 bits each in the data, the first in the low half; glyphs follow each
// other there in whole bytes.
struct Glyph {
  std::uint16_t code;  // Unicode
  std::uint8_t advance;
  std::int8_t left;
  std::int8_t top;
  std::uint8_t width;
  std::uint8_t height;
};
`;
fonts.forEach(({ name, css }, index) => {
  const glyphs = drawn[index].sort((a, b) => a.code - b.code);
  const data = [];
  const rows = glyphs.map((glyph) => {
    for (let i = 0; i < glyph.pixels.length; i += 2) {
      data.push(glyph.pixels[i] | ((glyph.pixels[i + 1] ?? 0) << 4));
    }
    const { code, advance, left, top, width, height } = glyph;
    return `{${[code, advance, left, top, width, height].join(",")}}`;
  });
  text += `
// ${css.replaceAll('"', "")}; sorted by code.
inline constexpr Glyph ${name}Glyphs[] = {
${wrap(rows)}
};
inline constexpr std::uint8_t ${name}Data[] = {
${wrap(data.map(String))}
};
`;
  console.log(`${name}: ${glyphs.length} glyphs, ${data.length} bytes`);
});
text += "\n}  // namespace insitu::heatmap::font\n";
writeFileSync(fileURLToPath(new URL("../src/heatmap/font.gen.h", import.meta.url)), text);
