// SPDX-License-Identifier: MIT
// Covers js/src/element.ts: keys, what answers clicks, and what rules take clicks out of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTs } from "../../tools/load_ts.mjs";

const { elementKey, exemptions, ignored, isInteractive, isStepper } =
  await loadTs("js/src/element.ts");

// A tree from nested arrays: [tag, attributes, ...children].
function tree([localName, attributes, ...children], parentElement = null, host = null) {
  const node = {
    localName,
    id: attributes.id ?? "",
    parentElement,
    previousElementSibling: null,
    children: [],
    getAttribute: (name) => attributes[name] ?? null,
    parentNode: parentElement ?? { host },
  };
  for (const child of children) {
    const made = tree(child, node);
    made.previousElementSibling = node.children.at(-1) ?? null;
    node.children.push(made);
  }
  return node;
}
// The node at the end of a path of child numbers.
const at = (root, ...path) => path.reduce((node, i) => node.children[i], root);
const html = (...body) => tree(["html", {}, ["body", {}, ...body]]);

const keys = {
  "the site's name wins": [
    html(["button", { id: "buy", "data-insitu-name": "buy now" }]),
    [0, 0],
    "buy now",
  ],
  "a stable id": [html(["main", {}, ["button", { id: "buy" }]]), [0, 0, 0], "#buy"],
  "an id with a digit is not stable": [html(["button", { id: "b7" }]), [0, 0], "button"],
  "a landmark ends the path": [
    html(["div", {}, ["main", {}, ["p", {}], ["p", {}, ["em", {}]]]]),
    [0, 0, 0, 1, 0],
    "main>p:2>em",
  ],
  "a role of a landmark ends the path": [
    html(["div", { id: "x1", role: "navigation" }, ["a", { href: "/" }]]),
    [0, 0, 0],
    "navigation>a",
  ],
  "a named region": [
    html(["section", { "data-insitu-name": "hero" }, ["a", {}], ["a", {}]]),
    [0, 0, 1],
    "hero>a:2",
  ],
  "numbers count the same tag only": [
    html(["div", {}], ["p", {}], ["div", {}, ["b", {}]]),
    [0, 2, 0],
    "div:2>b",
  ],
  "role instead of tag": [html(["div", { role: "Button main" }]), [0, 0], "button"],
  "the type of buttons and fields": [
    html(["form", {}, ["input", { type: "EMAIL" }], ["button", { type: "submit" }]]),
    [0, 0, 0],
    "form>input[email]",
  ],
  "the page itself": [html(), [0], "body"],
};

for (const [name, [root, path, key]] of Object.entries(keys)) {
  test(`key: ${name}`, () => assert.equal(elementKey(at(root, ...path)), key));
}

test("key: at most 80 characters, the end of the path", () => {
  let nested = ["b", {}];
  for (let i = 0; i < 40; i++) nested = ["section", {}, nested];
  let node = html(nested);
  while (node.children.length) node = node.children[0];
  const key = elementKey(node);
  assert.equal(key.length, 80);
  assert.ok(key.endsWith("section>b"));
});

test("key: leads out of shadow trees to their hosts", () => {
  const host = at(html(["main", {}, ["my-card", {}]]), 0, 0, 0);
  const inside = tree(["button", {}], null, host);
  assert.equal(elementKey(inside), "main>my-card>button");
});

test("key: never from text or values", () => {
  const node = at(
    html(["input", { value: "secret", placeholder: "secret", title: "secret" }]),
    0,
    0,
  );
  assert.equal(elementKey(node), "input");
});

const one = (tag, attributes = {}) => tree([tag, attributes]);

test("what answers clicks by its nature", () => {
  const yes = [
    ["button"],
    ["input"],
    ["select"],
    ["textarea"],
    ["summary"],
    ["label"],
    ["a", { href: "" }],
    ["div", { role: "tab" }],
    ["div", { role: "menuitemradio" }],
    ["div", { onclick: "x()" }],
    ["p", { contenteditable: "" }],
    ["video", { controls: "" }],
  ];
  const no = [
    ["a"],
    ["div"],
    ["img"],
    ["video"],
    ["p", { contenteditable: "false" }],
    ["div", { role: "note" }],
  ];
  for (const node of yes) assert.equal(isInteractive(one(...node)), true, JSON.stringify(node));
  for (const node of no) assert.equal(isInteractive(one(...node)), false, JSON.stringify(node));
});

test("what elements take clicks out of", () => {
  const [none, dead, both] = [0, 2, 3];
  const cases = [
    [none, "button"],
    [none, "div"],
    [none, "a"],
    [none, "input", { type: "submit" }],
    [none, "input", { type: "checkbox" }],
    [both, "input"],
    [both, "input", { type: "email" }],
    [both, "input", { type: "number" }],
    [both, "input", { type: "range" }],
    [both, "textarea"],
    [both, "p", { contenteditable: "true" }],
    [both, "div", { role: "spinbutton" }],
    [none, "div", { role: "button" }],
    [dead, "a", { href: "/x" }],
    [dead, "a", { href: "/f.zip", download: "" }],
    [dead, "select"],
    [dead, "label"],
    [dead, "canvas"],
    [dead, "video"],
  ];
  for (const [expected, ...node] of cases) {
    assert.equal(exemptions(one(...node)), expected, JSON.stringify(node));
  }
});

test("data-insitu-ignore", () => {
  const bits = (value) => ignored(tree(["button", { "data-insitu-ignore": value }]));
  assert.equal(bits(undefined), 0);
  assert.equal(bits("rage"), 1);
  assert.equal(bits("dead heat"), 2 | 4);
  assert.equal(bits("all"), 8);
});

test("steppers and pagers", () => {
  const yes = ["Next", " previous ", "Next slide", "increase the quantity"];
  for (const label of [...yes, "+", "−", "–", "<", "›", "»", "7", "12"]) {
    assert.equal(isStepper(label), true, label);
  }
  const no = ["Buy", "", null, "Nextcloud", "Next time I will buy this one", "1999", "+ Add"];
  for (const label of no) assert.equal(isStepper(label), false, label);
});
