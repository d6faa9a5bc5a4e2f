// SPDX-License-Identifier: MIT
// The shopping cart: which products and how many. Kept in this tab by store.ts.

import { type Product, productById } from "./catalog.js";
import { isRecord, load, save } from "./store.js";

export interface Line {
  product: Product;
  quantity: number;
}

/** Most pieces of one product in a cart. */
export const mostPieces = 9;

type Quantities = Record<string, number>;

const isQuantities = (value: unknown): value is Quantities =>
  isRecord(value) && Object.values(value).every((n) => Number.isInteger(n) && Number(n) > 0);

const read = (): Quantities => load("cart", {}, isQuantities);

function write(quantities: Quantities): void {
  save("cart", quantities);
  document.dispatchEvent(new Event("fernweh:cart"));
}

/** The lines of the cart, in the order they were put in. Products no longer sold are left out. */
export function lines(): Line[] {
  return Object.entries(read()).flatMap(([id, quantity]) => {
    const product = productById(id);
    return product ? [{ product, quantity }] : [];
  });
}

/** Pieces in the cart. */
export function pieces(): number {
  return lines().reduce((sum, { quantity }) => sum + quantity, 0);
}

/** What the goods cost, in cents, without delivery. */
export function goodsCents(): number {
  return lines().reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0);
}

/** Adds pieces of a product, up to `mostPieces` of it. */
export function add(id: string, quantity: number): void {
  const quantities = read();
  quantities[id] = Math.min((quantities[id] ?? 0) + quantity, mostPieces);
  write(quantities);
}

/** Sets how many pieces of a product there are; 0 takes it out. */
export function setQuantity(id: string, quantity: number): void {
  const quantities = read();
  if (quantity <= 0) delete quantities[id];
  else quantities[id] = Math.min(quantity, mostPieces);
  write(quantities);
}

export function empty(): void {
  write({});
}
