// SPDX-License-Identifier: MIT
// The fingerprint of an element: what of it is likely to hold on other visits, at other sizes and
// after the page was changed, as one short text. resolve.ts finds the element again by it. This
// comes with the core (core_module.ts), and runs at a click before the handlers of the page.
//
// Texts of the page never leave as texts: a fingerprint has only hashes of them, of 20 bits, each
// shared by a millionth of all texts. docs/privacy.md says what that does and does not hide.
import { above, elementKey, IGNORE, isPrivatePlace, MASK, NAME } from "./element.js";
import { frameOf } from "./frames.js";
import { scrub } from "./scrub.js";

/**
 * What a fingerprint is made of; what an element has not is left out. All but `kind`, `x` and `l` are
 * hashes as hash() and textHash() give them.
 */
export interface Parts {
  /** Role or tag, and the type of a field or button. */
  kind: string;
  /** The name that the site gave it: data-insitu-name, data-testid. */
  n?: string;
  /** Its id, when it has no digits. */
  i?: string;
  /** Its accessible name, of a text the begin. */
  t?: string;
  /** The first text of the row, list item or article that it is in. */
  r?: string;
  /** The heading, legend or caption it stands under. */
  c?: string;
  /** The path that it links to. */
  h?: string;
  /** The name attribute of a field. */
  f?: string;
  /** The file name of its image, without digits. */
  s?: string;
  /** The landmark it is in. */
  l?: string;
  /** Number of the tab panel or slide it is in, among its siblings; from 1. */
  x?: string;
  /** The frame it is in. */
  w?: string;
  /** "1": another one in the same row, or under the same heading, looks the same. */
  z?: string;
}

/** Parts that several elements of a page may share. */
export type SharedPart = "n" | "t" | "h" | "f" | "s";

const DIGITS = "0123456789abcdefghijklmnopqrstuv";
const MAX_TEXT = 40;
const MAX_TEXT_NODES = 24;
const MAX_TAG = 24;
// Reading is bounded whatever the page is like: levels up from the element, siblings before each of
// them, elements that are compared.
const MAX_LEVELS = 8;
const MAX_SIBLINGS = 8;
const MAX_COMPARED = 400;
const MAX_WALKED = 60;

const IS_HEADING = /^(h[1-6]|legend|caption)$/;
const ROW = /^(tr|li|article|row|listitem|treeitem)$/;
const LANDMARKS: Readonly<Record<string, string>> = {
  navigation: "nav",
  banner: "header",
  contentinfo: "footer",
  complementary: "aside",
};
const LANDMARK = /^(main|nav|header|footer|aside|dialog|search|form)$/;
const FIELD = /^(input|select|textarea)$/;
const COMPARABLE = /^(a|button|summary|label|img|area|input|select|textarea)$/;
// What is written by visitors, or is no text at all.
const UNREADABLE = /^(textarea|select|script|style|noscript|template|iframe)$/;

/** 20 bits of a text as four characters. FNV-1a (Fowler, Noll, Vo 1991) with a last mixing. */
export function hash(text: string): string {
  return characters(bits(text) >>> 12);
}

/**
 * The same of a text that people read: case and white space do not count, secrets are cut out
 * before (scrub.ts), and 3 of the 20 bits are of its digits alone, so that sameWords() can tell
 * "Cart (2)" from "Cart (3)" or not. "" for a text without anything.
 */
export function textHash(text: string): string {
  const clean = scrub(text).toLowerCase().replace(/\s+/g, " ").trim().slice(0, MAX_TEXT);
  if (!clean) return "";
  const digits = clean.replace(/\D+/g, " ");
  const words = clean.replace(/\d+/g, "").trim();
  return characters(((bits(words) >>> 15) << 3) | (bits(digits) >>> 29));
}

/** True when two text hashes differ at most in digits of their texts. */
export function sameWords(a: string, b: string): boolean {
  // The three bits are in the last character.
  return a.slice(0, 3) === b.slice(0, 3) && isSameHigh(a[3], b[3]);
}

function isSameHigh(a = "", b = ""): boolean {
  return DIGITS.indexOf(a) >> 3 === DIGITS.indexOf(b) >> 3;
}

function bits(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  value ^= value >>> 12;
  return Math.imul(value, 0x297a2d39) >>> 0;
}

function characters(value: number): string {
  return [15, 10, 5, 0].map((shift) => DIGITS[(value >> shift) & 31]).join("");
}

/** Role or tag of an element, with the type of a field or button; at most 24 characters. */
export function kindOf(element: Element): string {
  const { localName } = element;
  const type = /^(input|button)$/.test(localName) && element.getAttribute("type");
  return scrub(((role(element) || localName) + (type ? `.${type}` : "")).slice(0, MAX_TAG))
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, "");
}

/** The parts of an element, but for `z`. O(depth), and bounded in what is read of the page. */
export function partsOf(element: Element): Parts {
  return partsAround(element)[0];
}

// The parts, and the row or the element under a heading that it is in.
function partsAround(element: Element): [Parts, Element | null] {
  let row: Element | null = null;
  let section: Element | null = null;
  const parts: Parts = { kind: kindOf(element) };
  const add = (part: keyof Parts, value: string | undefined) => {
    if (value) parts[part] = value;
  };
  const hashed = (value: string | null) => (value ? hash(value) : "");
  add("n", hashed(ownName(element)));
  const id = element.getAttribute("id") ?? "";
  if (/^\D+$/.test(id) && isOnlyOne(element, id)) add("i", hash(id));
  const isPrivate = isPrivatePlace(element);
  if (!isPrivate) {
    add("t", textHash(nameOf(element).text));
    add("h", hashed(linkPath(element)));
    if (FIELD.test(element.localName)) add("f", hashed(element.getAttribute("name")));
    add("s", hashed(imageOf(element)));
  }
  const frame = frameOf(element);
  if (frame) add("w", hash(elementKey(frame)));

  // Up to the landmark.
  let level = 0;
  for (let at: Element | null = element; at && at.localName !== "body"; at = above(at)) {
    const is = role(at) || at.localName;
    if (!isPrivate && level < MAX_LEVELS) {
      if (!parts.c && level) {
        add("c", textHash(headingIn(at)));
        section = at;
      }
      if (!parts.c) {
        add("c", textHash(headingBefore(at)));
        section = at.parentElement;
      }
    }
    if (at !== element && !isPrivate && !parts.r && ROW.test(is)) {
      add("r", textHash(readText(at, 1)));
      row = at;
    }
    if (!parts.x && (is === "tabpanel" || at.getAttribute("aria-roledescription") === "slide")) {
      add("x", String(panelNumber(at)));
    }
    const landmark = LANDMARKS[is] ?? is;
    if (at !== element && LANDMARK.test(landmark)) {
      add("l", landmark);
      break;
    }
    level++;
  }
  return [parts, parts.r ? row : parts.c ? section : null];
}

/**
 * The fingerprint of an element: parts one after the other, parted by "|", each led by its letter; an
 * upper-case letter tells that other elements of the page seem to share this part. At most 90
 * characters, mostly about 40. As partsOf(), and O(elements of its tag), 400 of them at most.
 */
export function anchorOf(element: Element): string {
  const [{ kind, ...rest }, around] = partsAround(element);
  const root = element.getRootNode() as ParentNode;
  const texts = Object.entries(rest).map(([part, value]) => {
    const shared = /[nthfs]/.test(part) && isShared(element, part as SharedPart, root);
    return (shared ? part.toUpperCase() : part) + value;
  });
  const look = rest.n ? "n" : rest.t ? "t" : undefined;
  if (
    look &&
    texts.some((text) => text.startsWith(look.toUpperCase())) &&
    (!around || isShared(element, look, around))
  )
    texts.push("z1");
  return [kind, ...texts].join("|");
}

/** The parts of a fingerprint, and which of them others shared. Whatever the text is. */
export function parseAnchor(anchor: string): { parts: Parts; shared: ReadonlySet<string> } {
  const [kind = "", ...rest] = anchor.split("|");
  const parts: Parts = { kind };
  const shared = new Set<string>();
  for (const text of rest) {
    const letter = text.charAt(0);
    const part = letter.toLowerCase();
    if (!/^[nitrchfslxwz]$/.test(part)) continue;
    parts[part as keyof Parts] = text.slice(1);
    if (letter !== part) shared.add(part);
  }
  return { parts, shared };
}

/**
 * The keys of what is open over the page: dialogs, modal elements, popovers, expanded menus and
 * panels that float; at most three of them, joined by " + ". "" when nothing is. Of popovers only
 * those that `clicked` is in, if it is given: a click elsewhere has closed the others already.
 */
export function stateOf(doc: Document, clicked?: Element): string {
  // One after the other: browsers have a short way for each, and none for a list of them.
  const open = ([] as Element[]).concat(
    ...OPEN.map((selector) => Array.from(doc.querySelectorAll(selector))),
  );
  if (HAS_POPOVERS && clicked) {
    for (let at: Element | null = clicked; at; at = above(at)) {
      if (at.matches(POPOVER)) open.push(at);
    }
  } else if (HAS_POPOVERS) open.push(...Array.from(doc.querySelectorAll(POPOVER)));
  const over = open.filter(
    (element) => isOver(element) && !/all/.test(element.getAttribute(IGNORE) ?? ""),
  );
  // A dialog that is modal by itself and by attribute is one; so is a menu in it with its button.
  const keys = new Set(over.map((element) => elementKey(controlled(element) ?? element)));
  return [...keys].slice(0, 3).join(" + ");
}

/** Fingerprint of what was clicked, and what was open then. Throws nothing. */
export function describe(element: Element): readonly [anchor: string, state: string] | [] {
  try {
    const own = element.ownerDocument;
    const states = [document, ...(own === document ? [] : [own])].map((doc) =>
      stateOf(doc, element),
    );
    return [anchorOf(element), states.filter(Boolean).join(" + ")];
  } catch {
    return [];
  }
}

const OPEN = ["dialog[open]", "[aria-modal=true]", "[aria-expanded=true]"];
const POPOVER = ":popover-open";
const HAS_POPOVERS = isSelector(POPOVER);

function isSelector(text: string): boolean {
  try {
    document.createElement("p").matches(text);
    return true;
  } catch {
    return false;
  }
}

function controlled(element: Element): Element | null {
  if (element.getAttribute("aria-expanded") !== "true") return null;
  const id = element.getAttribute("aria-controls") ?? element.getAttribute("aria-owns");
  return id ? element.ownerDocument.getElementById(id) : null;
}

// Sections that open within the page are no state of it: all their combinations would be states.
function isOver(element: Element): boolean {
  if (element.getAttribute("aria-expanded") !== "true") return isShown(element);
  const panel = controlled(element);
  if (!panel) return element.hasAttribute("aria-haspopup");
  const { position } = getComputedStyle(panel);
  return (position === "fixed" || position === "absolute") && isShown(panel);
}

const isShown = (element: Element) => element.getClientRects().length > 0;

function role(element: Element): string {
  return element.getAttribute("role")?.trim().split(" ")[0]?.toLowerCase() ?? "";
}

const ownName = (element: Element) =>
  element.getAttribute(NAME) || element.getAttribute("data-testid");

const rootOf = (element: Element) => element.getRootNode() as Document | ShadowRoot;

function isOnlyOne(element: Element, id: string): boolean {
  const root = rootOf(element);
  return root.querySelectorAll(`#${CSS.escape(id)}`).length === 1;
}

// The accessible name, about as browsers compute it (accname-1.2), and the attribute it is from.
function nameOf(element: Element): { text: string; from: string } {
  const root = rootOf(element);
  const by = element.getAttribute("aria-labelledby");
  if (by) {
    const texts = by.split(/\s+/).map((id) => {
      const other = root.getElementById?.(id);
      return other ? readText(other) : "";
    });
    return { text: texts.join(" "), from: "aria-labelledby" };
  }
  const attribute = ["aria-label", "alt"].find((name) => element.getAttribute(name));
  if (attribute) return { text: element.getAttribute(attribute) ?? "", from: attribute };
  if (FIELD.test(element.localName)) {
    const label = (element as HTMLInputElement).labels?.[0];
    if (label) return { text: readText(label), from: "label" };
  } else {
    const text = readText(element);
    if (text) return { text, from: "" };
    const alt = element.querySelector?.("[alt],[aria-label]");
    const inner = alt?.getAttribute("aria-label") || alt?.getAttribute("alt");
    if (inner) return { text: inner, from: "" };
  }
  const last = ["title", "placeholder"].find((name) => element.getAttribute(name));
  return { text: (last && element.getAttribute(last)) || "", from: last ?? "" };
}

// The begin of what can be read in an element; with `most` texts at most. Nothing of what visitors
// write, nor of what is masked.
function readText(element: Element, most = MAX_TEXT_NODES): string {
  let text = "";
  let left = most;
  // In shadow trees too, where innerText and TreeWalker do not come.
  const read = (node: Node): void => {
    for (let child = node.firstChild; child && left > 0; child = child.nextSibling) {
      if (child.nodeType === 3) {
        const found = (child.nodeValue ?? "").slice(0, 4 * MAX_TEXT).trim();
        if (!found) continue;
        text += ` ${found}`;
        if (--left === 0 || text.length > MAX_TEXT) left = 0;
      } else if (child.nodeType === 1 && isReadable(child as Element)) {
        read((child as Element).shadowRoot ?? child);
      }
    }
  };
  if (isReadable(element)) read(element);
  return text;
}

function isReadable(element: Element): boolean {
  const editable = element.getAttribute("contenteditable");
  return (
    !UNREADABLE.test(element.localName) &&
    (editable === null || editable === "false") &&
    !element.hasAttribute(MASK) &&
    !/all|heat/.test(element.getAttribute(IGNORE) ?? "")
  );
}

function linkPath(element: Element): string {
  if (!/^(a|area)$/.test(element.localName)) return "";
  const href = element.getAttribute("href");
  if (!href || /^(#|javascript:|mailto:|tel:|data:)/i.test(href)) return "";
  try {
    const { host, pathname } = new URL(href, element.baseURI);
    return scrub((host === location.host ? "" : host) + pathname);
  } catch {
    return "";
  }
}

function imageOf(element: Element): string {
  const image =
    element.localName === "img" ? element : element.querySelector?.(":scope img,:scope use");
  const source =
    image?.getAttribute("src") ?? image?.getAttribute("href") ?? image?.getAttribute("xlink:href");
  if (!source || source.startsWith("data:")) return "";
  return source
    .replace(/^([^#]+?)[?].*/, "$1")
    .replace(/^.*\//, "")
    .replace(/\d+/g, "");
}

// The nearest heading among the siblings before it.
function headingBefore(element: Element): string {
  let at = element.previousElementSibling;
  for (let i = 0; at && i < MAX_SIBLINGS; i++, at = at.previousElementSibling) {
    if (isHeading(at)) return readText(at);
  }
  return "";
}

// The first heading in it, when it is near its begin: querySelector() would walk through all of a
// large table that has none.
function headingIn(element: Element): string {
  let left = MAX_WALKED;
  const find = (parent: Element): Element | null => {
    for (let at = parent.firstElementChild; at && left-- > 0; at = at.nextElementSibling) {
      const found = isHeading(at) ? at : find(at);
      if (found) return found;
    }
    return null;
  };
  const heading = find(element);
  return heading ? readText(heading) : "";
}

const isHeading = (element: Element) =>
  IS_HEADING.test(element.localName) || element.getAttribute("role") === "heading";

function panelNumber(panel: Element): number {
  let number = 1;
  const is = role(panel);
  for (let at = panel.previousElementSibling; at; at = at.previousElementSibling) {
    if (at.localName === panel.localName && role(at) === is) number++;
  }
  return number;
}

// True when another element in `within` of the same tag has the same, or when that would take too
// long to know.
function isShared(element: Element, part: SharedPart, within: ParentNode): boolean {
  const read = readerOf(element, part);
  if (!read) return true;
  const own = read(element);
  // The document keeps what it has counted by tag; shadow trees have no such list.
  const { localName } = element;
  const all =
    (within as Element).getElementsByTagName?.(localName) ?? within.querySelectorAll(localName);
  if (all.length > MAX_COMPARED) return true;
  return Array.prototype.some.call(all, (other) => other !== element && read(other) === own);
}

function readerOf(element: Element, part: SharedPart): ((other: Element) => unknown) | undefined {
  if (part === "n") return ownName;
  if (part === "h") return (other) => other.getAttribute("href");
  if (part === "f") return (other) => other.getAttribute("name");
  if (part === "s") return imageOf;
  if (!COMPARABLE.test(element.localName)) return undefined;
  const { from } = nameOf(element);
  if (/^(label|aria-labelledby)$/.test(from)) return (other) => nameOf(other).text;
  return from ? (other) => other.getAttribute(from) : (other) => other.textContent?.trim();
}
