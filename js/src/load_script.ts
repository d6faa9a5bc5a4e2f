// SPDX-License-Identifier: MIT
// Gets the core for the script-tag build: a script beside our own, or else a module.
import type { CoreFactory, CoreLoader } from "./core_module.js";

/** `own` is our own script element, null when the page has hidden it. */
export function scriptLoader(own: HTMLScriptElement | null): CoreLoader {
  // Read at once: the page may move or remove the element later.
  const { src, nonce } = own || ({} as Partial<HTMLScriptElement>);
  const base = src || location.href;
  return async (where, asScript) => {
    let url = new URL(where || "insitu.core.js", base).href;
    if (url.endsWith("/")) url += "insitu.core.js";
    if (asScript) url = url.replace(/(?=\.m?js$)/, "-nowasm");
    try {
      return await inject(url, nonce);
    } catch {
      // Trusted Types refuse a script's src; an import they let pass.
      return (await import(url.replace(/\.js$/, ".mjs"))).default;
    }
  };
}

function inject(url: string, nonce: string | undefined): Promise<CoreFactory> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script") as HTMLScriptElement & {
      insituCore?: CoreFactory | null;
    };
    script.insituCore = null; // is there even if the script is not: the mark of ours
    const done = () => {
      script.remove();
      if (script.insituCore) resolve(script.insituCore);
      else reject(new Error(`${url} did not load`));
    };
    script.onload = script.onerror = done;
    if (nonce) script.nonce = nonce;
    script.src = url;
    document.head.append(script);
  });
}
