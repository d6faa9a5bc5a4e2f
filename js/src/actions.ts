// SPDX-License-Identifier: MIT
// Words that the event model knows, in the API and in attributes.

export const ACTIONS = {
  cart: ["add", "remove", "checkout"],
  social: ["share", "follow", "like", "comment", "referral", "review"],
  support: ["open", "contact", "response", "resolve", "reopen"],
  error: ["user", "validation", "http"],
} as const;

export type Action<K extends keyof typeof ACTIONS> = (typeof ACTIONS)[K][number];
