// SPDX-License-Identifier: MIT
// How visitors get on with forms: which field they go to, that they enter something, and that the
// form is sent. What they enter is never read, of no field.
//
// Only fields of a form count: without one nothing tells when it is sent. A field is an input that
// takes one (no button), a select, a textarea, or a contenteditable element with a name of its own
// (data-insitu-name). Radios of one name are one field, and going from one to another stays in it.
// Sent is what fires a submit event: by a button, the Enter key or requestSubmit().
//
// Keys are the site's name for the element, its name attribute, or as those of clicks. A form that
// has only a place in its page as a key gets the page into it: in the next page it is another one.
import type { Capture } from "../capture.js";
import { above, elementKey, IGNORE_ALL, ignored, isEditable, MASK, NAME } from "../element.js";
import { form } from "../events.gen.js";
import { ID } from "../page.js";

const NO_FIELD = /^(button|submit|reset|image)$/;
const OWN_ID = /^#[^>]+$/;

export function forms(capture: Capture): void {
  const { _listen, _writer } = capture;
  const formKeys = new WeakMap<Element, string>();
  let target: Element | undefined; // of the latest event
  let place: [form: string, field: string] | undefined; // where that is
  let typed = false; // there, since the focus

  const write = (action: string, [formKey, field]: readonly string[]) => {
    capture._write(form, formKey, field, action);
  };

  const formKeyOf = (element: Element): string => {
    let key = formKeys.get(element);
    if (!key) {
      key = elementKey(element);
      if (!element.hasAttribute(NAME)) {
        key = nameOf(element) || (OWN_ID.test(key) ? key : `${_writer._page} ${key}`);
      }
      formKeys.set(element, key);
    }
    return key;
  };

  // The keys of a field or form, undefined where nothing may be told.
  const placeOf = (element: Element): typeof place => {
    let field = element;
    let owner: Element | undefined;
    for (let at: Element | null = element; at; at = above(at)) {
      if (ignored(at) & IGNORE_ALL) return undefined;
      if (at.localName === "form") owner ||= at;
      if (at.hasAttribute(MASK)) {
        field = at;
        owner &&= at;
      }
    }
    owner ||= (element as HTMLInputElement).form || undefined;
    if (!owner) return undefined;
    const named = field === element && nameOf(element);
    const radio = named && (element as HTMLInputElement).type === "radio";
    const key = radio || (named && !field.hasAttribute(NAME)) ? named : elementKey(field);
    return [formKeyOf(owner), key];
  };

  const leave = () => {
    if (place) write("blur", place);
    target = place = undefined;
    typed = false;
  };
  // Goes to the field that the event is at. True when it is another one than before.
  const enter = (at: Element): boolean => {
    if (at === target) return false;
    const found = isField(at) ? placeOf(at) : undefined;
    const stays = `${found}` === `${place}`;
    if (!stays) leave();
    target = at;
    place = found;
    return !stays;
  };

  const handlers: Record<string, (at: Element, event: Event) => void> = {
    focusin(at, event) {
      // Moves within a shadow tree, and what is sent there, never come out of it.
      for (const root of event.composedPath()) {
        if (!(root instanceof ShadowRoot)) continue;
        for (const [type, run] of runs) _listen._add(root, type, run);
      }
      if (enter(at) && place) write("focus", place);
    },
    focusout(_, event) {
      // Where another element gets the focus, that one tells whether the field was left.
      if (!(event as FocusEvent).relatedTarget) leave();
    },
    submit(at) {
      const found = placeOf(at);
      if (found) write("submit", [found[0], ""]);
    },
    input(at) {
      enter(at);
      if (!place || typed) return;
      typed = true;
      write("input", place);
    },
  };
  const runs = Object.entries(handlers).map(([type, handle]) => {
    const run = (event: Event) => {
      if (event.isTrusted) handle(event.composedPath()[0] as Element, event);
    };
    return [type, _listen._on(document, type, run)] as const;
  });
}

function isField(element: Element): boolean {
  const { localName } = element;
  return localName === "input"
    ? !NO_FIELD.test((element as HTMLInputElement).type)
    : /^(select|textarea)$/.test(localName) || (element.hasAttribute(NAME) && isEditable(element));
}

// The name attribute, if it does not name one thing among many, as quantity[4711] does.
function nameOf(element: Element): string | null {
  const name = element.getAttribute("name");
  return name && !ID.test(name) ? name : null;
}
