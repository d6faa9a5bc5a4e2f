// SPDX-License-Identifier: MIT
// The core's life in a page: loaded when asked for, refused for good when it cannot run.
import type { Analysis, AnalysisSetup } from "./analysis.js";
import type { CoreFactory, CoreLoader } from "./core_module.js";

const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

export class Core {
  _state: "waiting" | "loading" | "ready" | "refused" = "waiting";
  /** Why it is refused, and what to do. */
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
      // Where it is forbidden the real module need not be fetched, and its loader prints nothing.
      new WebAssembly.Module(EMPTY_MODULE);
    } catch (error) {
      this._refuse(
        typeof WebAssembly === "object"
          ? `The page's Content-Security-Policy refuses WebAssembly: add 'wasm-unsafe-eval' to its script-src. (${error})`
          : "WebAssembly is switched off in this browser.",
      );
      return undefined;
    }
    try {
      const factory = await this._loader(this._where);
      this._onFactory(factory);
      const analysis = factory.analyse(await factory(), this._setup);
      this._state = "ready";
      return analysis;
    } catch (error) {
      this._refuse(`The core could not be loaded: ${error}.`);
      return undefined;
    }
  }
}
