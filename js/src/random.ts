// SPDX-License-Identifier: MIT
// Random keys. They name a browser or a document among others; they are no secrets.

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  try {
    return crypto.getRandomValues(bytes);
  } catch {
    return bytes.map(() => Math.random() * 256);
  }
}

/** Key of a document: a whole number in 1 ... 2^53. */
export function documentKey(): number {
  return randomBytes(6).reduce((key, byte) => key * 256 + byte, 1);
}

/** Key of a visitor or an upload: 100 random bits as 20 letters and digits. */
export function randomKey(): string {
  return [...randomBytes(20)].map((byte) => BASE32[byte % 32]).join("");
}
