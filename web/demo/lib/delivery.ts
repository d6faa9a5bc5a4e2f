// SPDX-License-Identifier: MIT
// What delivery costs, and the order a visitor has placed in this tab.

import { isRecord, load, save } from "./store.js";

export type Delivery = "standard" | "express" | "pickup";

/** Goods from this many cents on travel free by standard delivery. */
export const freeFromCents = 10_000;

/** Cents for a way of delivery. */
export function deliveryCents(delivery: Delivery, goods: number): number {
  if (delivery === "pickup") return 0;
  if (delivery === "express") return 990;
  return goods >= freeFromCents ? 0 : 490;
}

export interface Order {
  id: string;
  cents: number;
  delivery: Delivery;
  /** What was bought, one text per line of the cart. */
  goods: string[];
}

const isOrders = (value: unknown): value is Order[] =>
  Array.isArray(value) && value.every((order) => isRecord(order) && Array.isArray(order.goods));

/** The orders of this tab, the latest first. */
export const orders = (): Order[] => load("orders", [], isOrders);

/** Keeps an order as the latest one. */
export function keepOrder(order: Order): void {
  save("orders", [order, ...orders()].slice(0, 20));
}
