// SPDX-License-Identifier: MIT
// What tools/build_js.mjs makes of picture.ts.
export { pictures } from "./picture.js";
