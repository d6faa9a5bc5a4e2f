// SPDX-License-Identifier: MIT
// The core's life in a page: loaded when asked for, as WebAssembly or else as the same core in a
// script, refused for good when it cannot run.
import type { Analysis, AnalysisSetup } from "./analysis.js";
import type { CoreFactory, CoreLoader } from "./core_module.js";

const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

export interface Core {
  _state: "waiting" | "loading" | "ready" | "refused";
  /** Why it is refused, or runs as a script; and what to do. */
  _reason: string;
  /** Resolves to what can be asked; rejects with the reason when the core is refused. Tries once. */
  _load(): Promise<Analysis>;
  /** Gives up on the core. A crash is a trap, after which it cannot be trusted any more. */
  _refuse(reason: string): void;
}

/** `onFactory` gets what else has come with the core. */
export function createCore(
  loader: CoreLoader,
  where: string | URL | undefined,
  setup: AnalysisSetup,
  onFactory: (factory: CoreFactory) => void,
): Core {
  let loading: Promise<Analysis> | undefined;

  // `refusal`: why WebAssembly is none, so that the core has to be a script.
  const make = async (refusal?: Error): Promise<Analysis> => {
    // Where it is forbidden the real module need not be fetched, and its loader prints nothing.
    if (!refusal) new WebAssembly.Module(EMPTY_MODULE);
    const factory = await loader(where, !!refusal);
    if (refusal) core._reason = factory.explain("wasm", [refusal]).join();
    onFactory(factory);
    const analysis = factory.analyse(await factory(), setup);
    core._state = "ready";
    return analysis;
  };

  const start = async (): Promise<Analysis> => {
    core._state = "loading";
    try {
      return await make().catch((error: Error) => {
        // A file that is not there will not be there under another name either.
        if (typeof WebAssembly === "object" && error.name !== "CompileError") throw error;
        return make(error);
      });
    } catch (error) {
      core._refuse(`The core could not be loaded: ${error}.`);
      return undefined as never;
    }
  };

  const core: Core = {
    _state: "waiting",
    _reason: "",
    async _load() {
      loading ||= start();
      const analysis = await loading;
      if (core._state === "refused") throw new Error(core._reason);
      return analysis;
    },
    _refuse(reason) {
      core._state = "refused";
      core._reason = `${reason} Capture goes on.`;
      setup.warn(core._reason);
    },
  };
  return core;
}
