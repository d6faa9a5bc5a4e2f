// SPDX-License-Identifier: MIT
// What the API takes: for who refuses the rest (instance.ts) and who explains why (explain.ts).

/** The names of the options of init(). */
export const OPTIONS =
  /^(site|storage|core|keepLog|consent|page|pageViews|goals|kpi|moves|debug|onError|endpoint|transformUpload)$/;
/** Answers of one questionnaire. */
export const MAX_ANSWERS = 64;
/** Keys of a segment. */
export const MAX_SEGMENT = 16;
