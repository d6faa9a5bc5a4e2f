// SPDX-License-Identifier: MIT
// Finds the elements that were clicked once in the page as it is now, by their fingerprints. An
// element is found only when nothing else fits; what could be another one is not found, or is told
// to be found by its position.
import { kindOf, type Parts, parseAnchor, partsOf, sameWords } from "../anchor.js";
import { documents, frameOf } from "../frames.js";
import { keyOf } from "./shown.js";

/** What is known of an element that was clicked. */
export interface Recorded {
  element: string;
  /** "" where no fingerprint was taken (before the core had come). */
  anchor: string;
}

/**
 * How an element was found: by the name that the site gave it, its id, its accessible name, the
 * path it links to, the name of the field, its image; or only by its position among elements that
 * look alike, which may be another one on a page that has changed.
 */
export type How = "name" | "id" | "label" | "link" | "field" | "image" | "position";

export interface Found<T extends Recorded> {
  recorded: T;
  /** null: not found. */
  element: Element | null;
  how: How | null;
  /** Why it was not found. */
  why: "" | "gone" | "ambiguous";
}

export interface Resolution<T extends Recorded> {
  /** In the order of what was asked for. */
  found: Found<T>[];
  /** The page as a whole looks translated: hardly any label is found, so labels were not asked. */
  translated: boolean;
}

const TIERS: readonly [part: keyof Parts, how: How][] = [
  ["n", "name"],
  ["i", "id"],
  ["t", "label"],
  ["h", "link"],
  ["f", "field"],
  ["s", "image"],
];
const TEXTS: readonly (keyof Parts)[] = ["t", "r", "c"];
// What tells elements apart that share a part, strongest first.
const CONTEXT: readonly (keyof Parts)[] = ["n", "i", "h", "f", "s", "r", "t", "c", "x", "l"];
// As few labels as that are found on a page in another language.
const TRANSLATED_SHARE = 0.25;
const TRANSLATED_LABELS = 4;

interface Candidate {
  readonly element: Element;
  readonly key: string;
  readonly parts: Parts;
}

/** All elements of a page, in the order of the document, with their fingerprints when asked for. */
class Index {
  private readonly byKind = new Map<string, Element[]>();
  private readonly made = new Map<string, Candidate[]>();
  private readonly keys = new Map<string, Element[]>();

  constructor(doc: Document) {
    for (const element of elementsOf(doc)) {
      const kind = kindOf(element);
      const list = this.byKind.get(kind);
      if (list) list.push(element);
      else this.byKind.set(kind, [element]);
    }
  }

  of(kind: string): readonly Candidate[] {
    let made = this.made.get(kind);
    if (!made) {
      const elements = this.byKind.get(kind) ?? [];
      made = elements.map((element) => ({
        element,
        key: keyOf(element),
        parts: partsOf(element),
      }));
      this.made.set(kind, made);
    }
    return made;
  }

  /** All elements of that key, of any kind. */
  withKey(key: string): readonly Element[] {
    if (!this.keys.size) {
      for (const list of this.byKind.values()) {
        for (const element of list) {
          const own = keyOf(element);
          const same = this.keys.get(own);
          if (same) same.push(element);
          else this.keys.set(own, [element]);
        }
      }
    }
    return this.keys.get(key) ?? [];
  }
}

/** Every element of a page: open shadow trees and frames that may be read too, but nothing of ours. */
export function elementsOf(doc: Document): Element[] {
  const result: Element[] = [];
  const add = (root: Document | ShadowRoot) => {
    for (const element of Array.from(root.querySelectorAll("*"))) {
      if (element.localName === "insitu-heatmap") continue;
      result.push(element);
      if (element.shadowRoot) add(element.shadowRoot);
    }
  };
  for (const each of documents(doc)) add(each);
  return result;
}

/** O(elements of the page + recorded * (elements of its kind + labels that are gone)). Nothing is changed in the page. */
export function resolve<T extends Recorded>(
  recorded: readonly T[],
  doc: Document = document,
): Resolution<T> {
  const index = new Index(doc);
  const parsed = recorded.map((each) => ({ each, ...parseAnchor(each.anchor) }));
  const labels = new Map<string, boolean>();
  for (const { parts } of parsed) {
    if (!parts.t) continue;
    const { t } = parts;
    labels.set(
      `${parts.kind}|${t}`,
      index.of(parts.kind).some(({ parts: its }) => its.t && sameWords(t, its.t)),
    );
  }
  const seen = [...labels.values()].filter(Boolean).length;
  const translated = labels.size >= TRANSLATED_LABELS && seen < labels.size * TRANSLATED_SHARE;
  const renamed = new Map<string, string>();
  for (const [label, isThere] of translated ? [] : labels) {
    if (isThere) continue;
    const series = parsed
      .map(({ parts }) => parts)
      .filter(({ kind, t }) => t && `${kind}|${t}` === label);
    renamed.set(label, newLabel(series, index, labels));
  }
  return {
    found: parsed.map(({ each, parts, shared }) => {
      const result = each.anchor
        ? find(
            each.element,
            parts,
            shared,
            index.of(parts.kind),
            translated,
            renamed.get(`${parts.kind}|${parts.t}`),
          )
        : findByKey(each.element, index.withKey(each.element));
      return { recorded: each, ...result };
    }),
    translated,
  };
}

type Result = Pick<Found<Recorded>, "element" | "how" | "why">;
const no = (why: "gone" | "ambiguous"): Result => ({ element: null, how: null, why });
const yes = ({ element }: { element: Element }, how: How): Result => ({ element, how, why: "" });

function agrees(part: keyof Parts, a: string, b: string | undefined): boolean {
  if (!b) return false;
  return part === "t" || part === "r" || part === "c" ? sameWords(a, b) : a === b;
}

function find(
  key: string,
  parts: Parts,
  shared: ReadonlySet<string>,
  kind: readonly Candidate[],
  translated: boolean,
  newName: string | undefined,
): Result {
  const asked = (part: keyof Parts) => parts[part] && !(translated && TEXTS.includes(part));
  // Another name or id of the site's is another element, whatever else it looks like.
  const pool = kind.filter(
    ({ parts: its }) =>
      (its.w ?? "") === (parts.w ?? "") &&
      !(parts.n && its.n && parts.n !== its.n) &&
      !(parts.i && its.i && parts.i !== its.i),
  );
  const tiers = TIERS.flatMap(([part, how]) => {
    const value = parts[part];
    const same =
      value && asked(part) ? pool.filter(({ parts: its }) => agrees(part, value, its[part])) : [];
    return same.length ? [{ part, how, same }] : [];
  });
  for (const { part, how, same } of tiers) {
    if (same[0] && same.length === 1 && !shared.has(part)) return yes(same[0], how);
  }
  // Others share it, here or where it was recorded: what is around has to tell.
  const [tier] = tiers;
  if (tier) return among(tier.same, key, parts, tier.part, tier.how, (part) => !!asked(part));
  if (newName) {
    const [only, ...others] = beside(parts, pool).filter(({ parts: its }) => its.t === newName);
    return only && !others.length ? yes(only, "position") : no(only ? "ambiguous" : "gone");
  }
  // Only the place is left. With a label that is gone it would be the place of something else.
  if (asked("t")) return no("gone");
  const there = pool.filter((each) => each.key === key);
  const fitting = there.filter(({ parts: its }) =>
    (["r", "c"] as const).every((part) => {
      const value = parts[part];
      return !value || !asked(part) || !its[part] || agrees(part, value, its[part]);
    }),
  );
  const [only] = fitting;
  if (only && fitting.length === 1) return yes(only, "position");
  return no(fitting.length ? "ambiguous" : "gone");
}

/** Those in the same row, or where there are no rows under the same heading. */
function beside(parts: Parts, kind: readonly Candidate[]): readonly Candidate[] {
  const part = parts.r ? "r" : "c";
  const value = parts[part];
  return value ? kind.filter(({ parts: its }) => agrees(part, value, its[part])) : [];
}

/**
 * The label that a series of controls has now, one in each row or card ("Add" that was renamed to
 * "Buy" in all of them): the only label there that was not recorded; "" when that is not sure.
 */
function newLabel(
  series: readonly Parts[],
  index: Index,
  labels: ReadonlyMap<string, boolean>,
): string {
  const found = new Set<string>();
  let rows = 0;
  for (const parts of series) {
    const fitting = beside(parts, index.of(parts.kind)).filter(
      ({ parts: { kind, t } }) => t && !labels.has(`${kind}|${t}`),
    );
    if (fitting.length > 1) return "";
    for (const { parts: its } of fitting) if (its.t) found.add(its.t);
    rows += fitting.length;
  }
  return rows > 1 && found.size === 1 ? ([...found][0] ?? "") : "";
}

function among(
  same: readonly Candidate[],
  key: string,
  parts: Parts,
  tier: keyof Parts,
  how: How,
  asked: (part: keyof Parts) => boolean,
): Result {
  let left = same;
  let told = false; // something around it, or in it, tells it from the others
  for (const part of CONTEXT) {
    const value = parts[part];
    if (!value || part === tier || !asked(part)) continue;
    const fitting = left.filter(({ parts: its }) => agrees(part, value, its[part]));
    if (fitting.length) {
      // Of two that look the same in the same place neither row nor heading tells.
      const tells = /[rc]/.test(part) ? !parts.z : fitting.length < left.length;
      told ||= tells;
      left = fitting;
    } else if (part === "r" || (part === "c" && !parts.r) || part === "x") {
      // The row, or what it stands under, is not there: these are the others.
      return no("gone");
    }
  }
  const [first] = left;
  if (first && left.length === 1 && told) return yes(first, how);
  // Where only numbers differ ("Slide 1", "Slide 2") they and the place have to agree.
  if (left.length > 1 && parts.t && asked("t") && !parts.z) {
    left = left.filter(({ parts: its }) => its.t === parts.t);
    const there = left.filter((each) => each.key === key);
    if (left.length === 1 && there[0]) return yes(there[0], how);
  }
  const there = left.filter((each) => each.key === key);
  const [only] = there;
  if (only && there.length === 1) return yes(only, "position");
  return no("ambiguous");
}

// Of clicks without a fingerprint. The site's own names and ids are as good as one.
function findByKey(key: string, fitting: readonly Element[]): Result {
  const last = key.slice(key.lastIndexOf(">") + 1);
  const [element] = fitting;
  if (!element) return no("gone");
  if (fitting.length > 1) return no("ambiguous");
  const named = element.getAttribute("data-insitu-name") === last;
  if (last.startsWith("#") && !frameOf(element)) return yes({ element }, "id");
  return yes({ element }, named ? "name" : "position");
}
