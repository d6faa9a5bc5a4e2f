// SPDX-License-Identifier: MIT
// The core's life in a page: loaded when asked for, as WebAssembly or else as the same core in a
// script, refused for good when it cannot run.
import type { Analysis, AnalysisSetup } from "./analysis.js";
import type { CoreFactory, CoreLoader } from "./core_module.js";

const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

export class Core {
  _state: "waiting" | "loading" | "ready" | "refused" = "waiting";
  /** Why it is refused, or runs as a script; and what to do. */
  _reason = "";
  private _loading: Promise<Analysis> | undefined;

  /** `onFactory` gets what else has come with the core. */
  constructor(
    private readonly _loader: CoreLoader,
    private readonly _where: string | URL | undefined,
    private readonly _setup: AnalysisSetup,
    private readonly _onFactory: (factory: CoreFactory) => void,
  ) {}

  /** Resolves to what can be asked; rejects with the reason when the core is refused. Tries once. */
  async _load(): Promise<Analysis> {
    this._loading ||= this._start();
    const analysis = await this._loading;
    if (this._state === "refused") throw new Error(this._reason);
    return analysis;
  }

  /** Gives up on the core. A crash is a trap, after which it cannot be trusted any more. */
  _refuse(reason: string): void {
    this._state = "refused";
    this._reason = `${reason} Capture goes on.`;
    this._setup.warn(this._reason);
  }

  private async _start(): Promise<Analysis> {
    this._state = "loading";
    try {
      return await this._make().catch((error: Error) => {
        // A file that is not there will not be there under another name either.
        if (typeof WebAssembly === "object" && error.name !== "CompileError") throw error;
        return this._make(error);
      });
    } catch (error) {
      this._refuse(`The core could not be loaded: ${error}.`);
      return undefined as never;
    }
  }

  // `refusal`: why WebAssembly is none, so that the core has to be a script.
  private async _make(refusal?: Error): Promise<Analysis> {
    // Where it is forbidden the real module need not be fetched, and its loader prints nothing.
    if (!refusal) new WebAssembly.Module(EMPTY_MODULE);
    const factory = await this._loader(this._where, !!refusal);
    if (refusal) this._reason = factory.explain("wasm", [refusal]).join();
    this._onFactory(factory);
    const analysis = factory.analyse(await factory(), this._setup);
    this._state = "ready";
    return analysis;
  }
}
