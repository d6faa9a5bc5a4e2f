// SPDX-License-Identifier: MIT
// Takes what may name a person or open a door out of the texts of a page: e-mail addresses, numbers
// of phones, cards, accounts and people, IP addresses, UUIDs, hashes, keys and tokens.
//
// Every word with seven digits goes, so no card number needs its check digit looked at. What has no
// shape cannot be seen: a name, or a password made of words. So texts and values of elements are
// never read in the first place; this is for the few texts that are (docs/privacy.md).
//
// No expression here goes back over more than a few characters twice: time is linear in the text,
// whoever wrote it.

const MARK = ":id";
// Four times what a batch keeps of a text.
const MAX_CHARS = 1024;
// Numbers written in groups: a word ends where they are parted.
const NUMBERS = /[+(]?\d[\d\s().+-]{6,}\d/g;
const WORD = /[^\s/<>,;"()[\]{}|&?#=*]+/g;
// What words of a language or a program seldom have: digits beside letters, ABc, AbC.
const ODD = /\d(?=[a-z])|[a-z](?=\d)|\d(?=[A-Z])|[A-Z](?=\d|[A-Z][a-z])|[A-Z][a-z](?=[A-Z])/g;
const LONG = /[^\W_]{16}/;
// An address of a person or a handle; IPv6; IPv4 (words with more digits never come this far).
const ADDRESS = /@|%40|:.*:|\d\.\d+\.\d+\.\d/;

/** True when the word is of a kind that is cut out. O(length). */
export function isSecret(word: string): boolean {
  const count = (pattern: RegExp) => (word.match(pattern) || "").length;
  const digits = count(/\d/g);
  const odd = word.length > 7 ? count(ODD) : 0; // shorter ones open nothing
  return digits > 6 || odd > 2 || (digits * odd > 1 && LONG.test(word)) || ADDRESS.test(word);
}

/** At most that much of a text is looked at; a word that is cut through counts as secret. */
export function shorten(text: string): string {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}@` : text;
}

/** `text` with `:id` in place of everything that is cut out. O(1). */
export function scrub(text: string): string {
  const cut = (found: string) => (isSecret(found) ? MARK : found);
  return shorten(text).replace(WORD, cut).replace(NUMBERS, cut);
}
