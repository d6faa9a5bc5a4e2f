// SPDX-License-Identifier: MIT
// What was clicked: a stable key, whether it answers clicks, and what rules take the click out of.

import { frameOf } from "./frames.js";
import { scrub } from "./scrub.js";

/** The part of Element that keys are made from. */
export interface KeyNode {
  readonly localName: string;
  readonly parentElement: KeyNode | null;
  readonly previousElementSibling: KeyNode | null;
  getAttribute(name: string): string | null;
  /** Of a shadow tree's top element: leads to its host. */
  readonly parentNode?: unknown;
  readonly ownerDocument?: unknown;
}

const MAX_KEY = 80;

export const NAME = "data-insitu-name";
export const IGNORE = "data-insitu-ignore";
export const MASK = "data-insitu-mask";
export const SCROLL_ROOT = "data-insitu-scroll-root";

/** Bits of a click record's `exempt` (src/events/events.json). */
export const EXEMPT_RAGE = 1;
export const EXEMPT_DEAD = 2;
/** These are none of it: the click has no place, and is no click at all. */
export const IGNORE_HEAT = 4;
export const IGNORE_ALL = 8;

// Tags and roles.
const LANDMARK =
  /^(main|nav(igation)?|header|footer|aside|dialog|banner|contentinfo|complementary|search)$/;
const BY_NATURE = /^(button|input|select|textarea|label|summary|option)$/;
const ROLE =
  /^(button|link|checkbox|radio|switch|tab|menuitem.*|option|treeitem|slider|spinbutton|combobox|textbox|searchbox)$/;
// Fields where clicking again, or without a visible answer, is the way they work.
const BUTTON_LIKE = /^(button|submit|reset|checkbox|radio|image)$/;
const NEVER_DEAD = /^(select|label|canvas|video|audio|embed|object)$/;
const FIELD_ROLE = /^(textbox|searchbox|spinbutton|slider)$/;
// Clicked over and over by design: what steps, turns pages ("Next", "Next slide"), or is a key of a
// pad of numbers.
const STEPPER = /^((next|prev(ious)?|(in|de)cre(ase|ment))( [^ ]+){0,2}|[<>+\-−–‹›«»←→]|\d{1,3})$/i;

/** The element above, out of shadow trees and frames too; null at the top. */
export function above<T extends KeyNode>(node: T): T | null {
  if (node.parentElement) return node.parentElement as T;
  const { host } = (node.parentNode || {}) as { host?: T };
  return host || (frameOf(node) as T | null);
}

/**
 * A short key that names the same element on every visit, at most 80 characters: the site's own
 * name for it, a stable id (one without digits), else the path of roles or tags with their number
 * among their kind, up from the element to the nearest one of these or landmark; in a frame after the key of the frame. Never from
 * text or values. O(depth and number of siblings).
 */
export function elementKey(node: KeyNode): string {
  let path = "";
  for (let at: KeyNode | null = node; at && !/^(html|body)$/.test(at.localName); at = above(at)) {
    // Not at.id: in a form that is the field of this name, if there is one.
    const id = at.getAttribute("id") || "";
    const anchor = at.getAttribute(NAME) || (/^\D+$/.test(id) ? `#${id}` : "");
    path = (anchor || part(at)) + (path && `>${path}`);
    if (anchor || [at.localName, role(at)].some((kind) => LANDMARK.test(kind))) break;
  }
  const frame = frameOf(node) as KeyNode | null;
  return ((frame ? `${elementKey(frame)}>` : "") + (scrub(path) || node.localName)).slice(-MAX_KEY);
}

/** True when the element answers clicks by its nature. */
export function isInteractive(node: KeyNode): boolean {
  const { localName } = node;
  return (
    BY_NATURE.test(localName) ||
    isLink(node) ||
    (/^(audio|video)$/.test(localName) && node.getAttribute("controls") !== null) ||
    ROLE.test(role(node)) ||
    node.getAttribute("onclick") !== null ||
    isEditable(node)
  );
}

/** Bits that the element itself, when it or something in it is clicked, takes the click out of. */
export function exemptions(node: KeyNode): number {
  const { localName } = node;
  if (localName === "textarea" || isEditable(node) || FIELD_ROLE.test(role(node))) {
    return EXEMPT_RAGE | EXEMPT_DEAD;
  }
  if (localName === "input") {
    const like = BUTTON_LIKE.test(node.getAttribute("type") || "");
    return like ? 0 : EXEMPT_RAGE | EXEMPT_DEAD;
  }
  if (NEVER_DEAD.test(localName)) return EXEMPT_DEAD;
  // Also covers download and target: the browser answers, not the page.
  return isLink(node) ? EXEMPT_DEAD : 0;
}

/** Bits that the element asks for by `data-insitu-ignore`. */
export function ignored(node: KeyNode): number {
  const value = node.getAttribute(IGNORE) || "";
  return ["rage", "dead", "heat", "all"].reduce(
    (bits, word, i) => (value.includes(word) ? bits | (1 << i) : bits),
    0,
  );
}

/** What is selected in a document; nothing for elements, which tell of the selections in fields. */
export function selectionOf(target: Document): Selection | null {
  const selection = target.getSelection && target.getSelection();
  return selection && !selection.isCollapsed ? selection : null;
}

/** True when nobody is to know where in the element a pointer was. */
export function isPrivatePlace(node: KeyNode): boolean {
  for (let at: KeyNode | null = node; at; at = above(at)) {
    if (at.getAttribute(MASK) !== null || ignored(at) & (IGNORE_HEAT | IGNORE_ALL)) return true;
  }
  return false;
}

/** True when this is what a stepper or pager says on its buttons. The label goes nowhere else. */
export function isStepper(label: string | null): boolean {
  return STEPPER.test((label || "").trim());
}

/** True when the element can be written in as it is, such as the box of a comment. */
export function isEditable(node: KeyNode): boolean {
  const value = node.getAttribute("contenteditable");
  return value !== null && value !== "false";
}

function isLink(node: KeyNode): boolean {
  return /^(a|area)$/.test(node.localName) && node.getAttribute("href") !== null;
}

function role(node: KeyNode): string {
  return (node.getAttribute("role") || "").trim().toLowerCase().replace(/\s.*/s, "");
}

function part(node: KeyNode): string {
  const { localName } = node;
  const type = /^(input|button)$/.test(localName) && node.getAttribute("type");
  let number = 1;
  for (let at = node.previousElementSibling; at; at = at.previousElementSibling) {
    if (at.localName === localName) number++;
  }
  return (
    (role(node) || localName) +
    (type ? `[${type.toLowerCase()}]` : "") +
    (number > 1 ? `:${number}` : "")
  );
}
