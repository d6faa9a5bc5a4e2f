// SPDX-License-Identifier: MIT
// Secrets as people and machines make them, from a seed.
import { createHash } from "node:crypto";

// A generator of whole numbers below n that is the same everywhere (mulberry32).
export function random(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const DIGITS = "0123456789";
const SMALL = "abcdefghijklmnopqrstuvwxyz";
const LETTERS = SMALL + SMALL.toUpperCase();
const BASE64URL = `${LETTERS}${DIGITS}-_`;
const text = (pick, alphabet, length) =>
  Array.from({ length }, () => alphabet[pick(alphabet.length)]).join("");
const groups = (digits, size, between) =>
  digits.match(new RegExp(`.{1,${size}}`, "g")).join(between);

function card(pick) {
  const digits = [4, ...Array.from({ length: 14 }, () => pick(10))];
  const sum = digits.reduce(
    (all, digit, i) => all + (i % 2 ? digit : ((digit * 2) % 10) + (digit > 4)),
    0,
  );
  return [...digits, (10 - (sum % 10)) % 10].join("");
}

const hex = (pick, length) =>
  createHash("sha512")
    .update(String(pick(2 ** 31)))
    .digest("hex")
    .slice(0, length);

/** What the scrubber promises to find wherever it stands, each as a function of a generator. */
export const kinds = {
  address: (pick) =>
    `${text(pick, SMALL, 3 + pick(8))}${["", ".", "+", "_"][pick(4)]}${text(pick, SMALL, 2 + pick(6))}@${text(pick, SMALL, 4 + pick(8))}.${["org", "com", "de", "co.uk"][pick(4)]}`,
  card,
  "card in groups": (pick) => groups(card(pick), 4, " "),
  "card with dashes": (pick) => groups(card(pick), 4, "-"),
  account: (pick) => `DE${text(pick, DIGITS, 20)}`,
  phone: (pick) => `+${1 + pick(99)} ${100 + pick(900)} ${text(pick, DIGITS, 7)}`,
  "social security": (pick) =>
    `${text(pick, DIGITS, 3)}-${text(pick, DIGITS, 2)}-${text(pick, DIGITS, 4)}`,
  customer: (pick) => text(pick, DIGITS, 7 + pick(9)),
  uuid: (pick) => hex(pick, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
  hash: (pick) => hex(pick, [32, 40, 64][pick(3)]),
  session: (pick) => text(pick, BASE64URL, 43),
  "API key": (pick) => `sk_live_${text(pick, LETTERS + DIGITS, 40)}`,
  JWT: (pick) => [36, 80, 43].map((length) => `eyJ${text(pick, BASE64URL, length)}`).join("."),
  IPv4: (pick) => [1 + pick(254), pick(256), pick(256), pick(256)].join("."),
  IPv6: (pick) => Array.from({ length: 8 }, () => pick(65536).toString(16)).join(":"),
};
