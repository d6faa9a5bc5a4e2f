// SPDX-License-Identifier: MIT
// Type of the generated file dist/insitu.core-nowasm.mjs, which lies beside the bundles.
import type { CoreFactory } from "./core_module.js";

declare const factory: CoreFactory;
export default factory;
