// SPDX-License-Identifier: MIT
// What Fernweh sells: eight products, with the words and facts the pages show.

export type Category = "Shelter" | "Packs" | "Sleep" | "Kitchen" | "Light";

export interface Product {
  id: string;
  name: string;
  /** What the thing is, in two or three words; the shop's search for "a tent" goes by `isTent`. */
  what: string;
  category: Category;
  isTent: boolean;
  /** Minor units (cents) of EUR. */
  cents: number;
  /** One line for the list. */
  line: string;
  /** Two short paragraphs for the product page. */
  story: readonly string[];
  facts: readonly (readonly [string, string])[];
}

export const categories: readonly Category[] = ["Shelter", "Packs", "Sleep", "Kitchen", "Light"];

export const products: readonly Product[] = [
  {
    id: "hochland-3",
    name: "Hochland 3",
    what: "Three-person tent",
    category: "Shelter",
    isTent: true,
    cents: 34900,
    line: "Tunnel tent with room for boots, packs and a wet dog.",
    story: [
      "Three people sleep side by side, and the porch is long enough to cook in while it rains. " +
        "Pitch it from the outside in four minutes; the inner tent hangs ready and stays dry.",
      "The poles are colour-coded and every zip has a loop that gloved fingers find.",
    ],
    facts: [
      ["Weight", "3.4 kg"],
      ["Packed", "48 × 18 cm"],
      ["Water column", "5,000 mm"],
      ["Season", "Spring to autumn"],
    ],
  },
  {
    id: "etappe-38",
    name: "Etappe 38",
    what: "Touring backpack",
    category: "Packs",
    isTent: false,
    cents: 12900,
    line: "38 litres, one big opening, no straps that flap.",
    story: [
      "Made for hut tours of three to five days. The back panel unzips like a suitcase, so what " +
        "you need is never at the bottom.",
      "The hip belt carries the weight, a stowed rain cover keeps the rest dry.",
    ],
    facts: [
      ["Weight", "1.2 kg"],
      ["Volume", "38 l"],
      ["Back length", "42 to 52 cm"],
      ["Fabric", "Recycled polyamide"],
    ],
  },
  {
    id: "daune-zero",
    name: "Daune Zero",
    what: "Down sleeping bag",
    category: "Sleep",
    isTent: false,
    cents: 21900,
    line: "Warm to freezing, packs to the size of a loaf.",
    story: [
      "Comfortable down to 0 °C, with a collar that closes without waking the neighbour. The foot " +
        "box is cut wide for people who sleep on their side.",
      "Filled with certified down that can be traced back to the farm.",
    ],
    facts: [
      ["Weight", "790 g"],
      ["Comfort", "0 °C"],
      ["Length", "Up to 1.90 m"],
      ["Packed", "26 × 17 cm"],
    ],
  },
  {
    id: "segel",
    name: "Segel",
    what: "Tarp with two poles",
    category: "Shelter",
    isTent: false,
    cents: 8900,
    line: "A roof for the evening. No walls, no floor, no zips.",
    story: [
      "Three by three metres of shade or rain cover, with twelve loops and two poles that double " +
        "as walking sticks. Not a tent: mosquitoes may come and go as they please.",
      "One person sets it up in the time the water takes to boil.",
    ],
    facts: [
      ["Weight", "1.1 kg"],
      ["Size", "3 × 3 m"],
      ["Water column", "3,000 mm"],
      ["Poles", "2, aluminium"],
    ],
  },
  {
    id: "brise-2",
    name: "Brise 2",
    what: "Two-person tent",
    category: "Shelter",
    isTent: true,
    cents: 18900,
    line: "A light dome that stands on its own, rock or sand.",
    story: [
      "Two doors, two porches: nobody climbs over anybody at night. It stands without a single " +
        "peg, so you can lift it and move it until the ground is flat.",
      "Light enough to carry for a week, sturdy enough for the weather that was not forecast.",
    ],
    facts: [
      ["Weight", "2.1 kg"],
      ["Packed", "42 × 14 cm"],
      ["Water column", "4,000 mm"],
      ["Season", "Spring to autumn"],
    ],
  },
  {
    id: "funke",
    name: "Funke",
    what: "Gas stove",
    category: "Kitchen",
    isTent: false,
    cents: 5400,
    line: "Boils a litre in three minutes, simmers when asked.",
    story: [
      "A burner the size of a matchbox with a windshield that clips to the pot. The valve goes all " +
        "the way from a whisper to a roar, so porridge is possible.",
      "Fits every screw cartridge; the legs fold without tools.",
    ],
    facts: [
      ["Weight", "96 g"],
      ["Output", "2,800 W"],
      ["Boils 1 l", "3 min 10 s"],
      ["Folded", "8 × 5 cm"],
    ],
  },
  {
    id: "glimm",
    name: "Glimm",
    what: "Headlamp",
    category: "Light",
    isTent: false,
    cents: 3900,
    line: "One button, three lights, forty hours.",
    story: [
      "Wide for the camp, far for the path, red for reading a map without waking anyone. One long " +
        "press locks it, so it does not light up the inside of your pack.",
      "Charges by USB-C and shows in five steps how much is left.",
    ],
    facts: [
      ["Weight", "74 g"],
      ["Brightness", "400 lm"],
      ["Runs", "Up to 40 h"],
      ["Protection", "IPX6"],
    ],
  },
  {
    id: "emil",
    name: "Emil",
    what: "Enamel mug",
    category: "Kitchen",
    isTent: false,
    cents: 1450,
    line: "Coffee at dawn, soup at noon, toothbrush at night.",
    story: [
      "Steel, enamelled twice, with a rolled rim that does not burn your lip. It survives falls, " +
        "fires and dishwashers; the chips it gets are called memories.",
      "Holds 350 ml, and a second one stacks inside.",
    ],
    facts: [
      ["Weight", "130 g"],
      ["Volume", "350 ml"],
      ["Material", "Enamelled steel"],
      ["Colour", "Night blue"],
    ],
  },
];

/** The product with this id; undefined when there is none. */
export function productById(id: string | null): Product | undefined {
  return products.find((product) => product.id === id);
}

export type Order = "featured" | "cheapest" | "dearest" | "name";

export interface Selection {
  category: Category | "all";
  /** Highest price in cents; null: any. */
  maxCents: number | null;
  order: Order;
}

/** The products of a selection, in its order; equal ones stay as they are listed. */
export function select({ category, maxCents, order }: Selection): Product[] {
  const found = products.filter(
    (product) =>
      (category === "all" || product.category === category) &&
      (maxCents === null || product.cents <= maxCents),
  );
  if (order === "cheapest") found.sort((a, b) => a.cents - b.cents);
  if (order === "dearest") found.sort((a, b) => b.cents - a.cents);
  if (order === "name") found.sort((a, b) => a.name.localeCompare(b.name, "en"));
  return found;
}

/** Whether a product solves the first task: "Find a tent under 200 €". */
export function isTentUnder200(product: Product): boolean {
  return product.isTent && product.cents < 20000;
}
