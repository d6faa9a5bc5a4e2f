// SPDX-License-Identifier: MIT
// Frames whose documents may be read count as part of the page: their clicks and moves are seen, at
// their place in the page. Frames of other origins are not looked into, and a frame that carries an
// Insitu of its own is left to that one. A frame that is scaled counts as unscaled.

/** A window whose Insitu came as a module has this property; that of a script tag is a global. */
export const MARK: unique symbol = Symbol.for("insitu") as never;

/** `doc`, and the documents of all frames in it that may be read and are ours to watch. */
export function documents(doc: Document = document): Document[] {
  const all = [doc];
  for (const frame of doc.querySelectorAll<HTMLIFrameElement>("iframe,frame")) {
    const { contentDocument, contentWindow } = frame;
    // Before a frame is loaded nobody knows whether an Insitu comes with it.
    const isLoaded = contentDocument && contentDocument.readyState === "complete";
    if (isLoaded && contentWindow && !hasInsitu(contentWindow)) {
      all.push(...documents(contentDocument));
    }
  }
  return all;
}

function hasInsitu(view: Window): boolean {
  return MARK in view || typeof (view as { insitu?: unknown }).insitu === "function";
}

/** The frame in which a node lies; null for nodes of this document. */
export function frameOf(node: { readonly ownerDocument?: unknown }): Element | null {
  const { defaultView } = (node.ownerDocument || {}) as Partial<Document>;
  return defaultView && defaultView !== window ? defaultView.frameElement : null;
}

/**
 * What to add to the client coordinates of `element`'s document to get those of the page. The
 * content of `scrollRoot` counts as unrolled (page.ts).
 */
export function originOf(element: Element, scrollRoot: Element | null): [x: number, y: number] {
  let x = scrollX;
  let y = scrollY;
  let at = element;
  for (let frame = frameOf(at); frame; frame = frameOf(at)) {
    const box = frame.getBoundingClientRect();
    x += box.left + frame.clientLeft;
    y += box.top + frame.clientTop;
    at = frame;
  }
  if (scrollRoot && scrollRoot !== at && scrollRoot.contains(at)) {
    x += scrollRoot.scrollLeft;
    y += scrollRoot.scrollTop;
  }
  return [x, y];
}
