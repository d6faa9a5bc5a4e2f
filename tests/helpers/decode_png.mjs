// SPDX-License-Identifier: MIT
// A PNG of 8-bit RGBA (PNG specification, 3rd edition, W3C 2025), as `insitu heatmap` writes it.
import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";

export function decodePng(bytes) {
  assert.equal(bytes.toString("latin1", 0, 8), "\x89PNG\r\n\x1a\n");
  let width;
  let height;
  const data = [];
  for (let at = 8; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const chunk = bytes.subarray(at + 8, at + 8 + size);
    if (type === "IHDR") {
      [width, height] = [chunk.readUInt32BE(0), chunk.readUInt32BE(4)];
      // 8 bits, RGBA, no interlace.
      assert.deepEqual([chunk[8], chunk[9], chunk[12]], [8, 6, 0]);
    }
    if (type === "IDAT") data.push(chunk);
    at += size + 12;
  }
  const lines = inflateSync(Buffer.concat(data));
  const stride = width * 4;
  const rgba = new Uint8Array(stride * height);
  for (let y = 0; y < height; ++y) {
    const filter = lines[y * (stride + 1)];
    for (let x = 0; x < stride; ++x) {
      const at = y * stride + x;
      const left = x < 4 ? 0 : rgba[at - 4];
      const above = y === 0 ? 0 : rgba[at - stride];
      const before = x < 4 || y === 0 ? 0 : rgba[at - stride - 4];
      const guesses = [0, left, above, (left + above) >> 1, paeth(left, above, before)];
      rgba[at] = lines[y * (stride + 1) + 1 + x] + guesses[filter];
    }
  }
  return { width, height, rgba };
}

function paeth(left, above, before) {
  const guess = left + above - before;
  const [a, b, c] = [left, above, before].map((value) => Math.abs(guess - value));
  if (a <= b && a <= c) return left;
  return b <= c ? above : before;
}
