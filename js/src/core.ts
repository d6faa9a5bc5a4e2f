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
  /** Gets what else has come with the core. Set by the owner. */
  _onFactory: (factory: CoreFactory) => void = () => {};
  private _loading: Promise<Analysis | undefined> | undefined;

  constructor(
    private readonly _loader: CoreLoader,
    private readonly _where: string | URL | undefined,
    private readonly _setup: AnalysisSetup,
  ) {}

  /** Resolves to what can be asked; rejects with the reason when the core is refused. Tries once. */
  async _load(): Promise<Analysis> {
    this._loading ??= this._start();
    const analysis = await this._loading;
    if (!analysis || this._state === "refused") throw new Error(this._reason);
    return analysis;
  }

  /** Gives up on the core. A crash is a trap, after which it cannot be trusted any more. */
  _refuse(reason: string): void {
    this._state = "refused";
    this._reason = `${reason} Capture goes on, events wait in the journal.`;
    this._setup.warn(this._reason);
  }

  private async _start(): Promise<Analysis | undefined> {
    this._state = "loading";
    try {
      return await this._make(false).catch((error: Error) => {
        // A file that is not there will not be there under another name either.
        if (typeof WebAssembly === "object" && error.name !== "CompileError") throw error;
        this._reason = `WebAssembly is refused (${error}), so the core runs as a larger and slower script. If it is the page's Content-Security-Policy: add 'wasm-unsafe-eval' to its script-src.`;
        return this._make(true);
      });
    } catch (error) {
      this._refuse(`The core could not be loaded: ${error}.`);
      return undefined;
    }
  }

  private async _make(asScript: boolean): Promise<Analysis> {
    // Where it is forbidden the real module need not be fetched, and its loader prints nothing.
    if (!asScript) new WebAssembly.Module(EMPTY_MODULE);
    const factory = await this._loader(this._where, asScript);
    this._onFactory(factory);
    const analysis = factory.analyse(await factory(), this._setup);
    this._state = "ready";
    return analysis;
  }
}
