// SPDX-License-Identifier: MIT
// The built core in Node, with the few calls tests and benchmarks need.
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadTs } from "../../tools/load_ts.mjs";

// INSITU_CORE names another build of the same module.
const path =
  process.env.INSITU_CORE ?? fileURLToPath(new URL("../../dist/insitu.core.mjs", import.meta.url));

export const hasCore = existsSync(path);

export class WasmCore {
  // A fresh instance; `options` by their names in the KPI specification.
  static async make(options = {}) {
    const { default: factory } = await import(pathToFileURL(path).href);
    const { unpack } = await loadTs("js/src/unpack.ts");
    return new WasmCore(await factory(), unpack, options);
  }

  constructor(module, unpack, options) {
    this.module = module;
    this.unpack = unpack;
    for (const [name, value] of Object.entries(options)) this.set(name, value);
  }

  // Bytes to the transfer buffer.
  put(bytes) {
    if (bytes.length > this.module.capacity()) {
      const status = this.module.reserve(bytes.length);
      if (status) throw new Error(`reserve(${bytes.length}) gives status ${status}`);
    }
    this.module.HEAPU8.set(bytes, this.module.buffer());
    return bytes.length;
  }
  putText(text) {
    return this.put(new TextEncoder().encode(text));
  }

  set(name, value) {
    const bytes = new TextEncoder().encode(name).length;
    const texts = Array.isArray(value) ? value.map((item) => `${item}\x1f`).join("") : value;
    let status;
    if (typeof texts === "string") {
      status = this.module.setText(bytes, this.putText(name + texts));
    } else {
      this.putText(name);
      status = this.module.setNumber(bytes, value === null ? Number.NaN : Number(value));
    }
    if (status) throw new Error(`option ${name}: ${this.message(status)}`);
  }

  ingest(batch) {
    return this.module.ingest(this.put(batch));
  }

  unpacked(length) {
    const { module } = this;
    const pool = module.outputText();
    const text = new TextDecoder().decode(
      module.HEAPU8.subarray(pool, pool + module.outputTextBytes()),
    );
    const start = module.output() / 8;
    return this.unpack(module.HEAPF64.subarray(start, start + length), text.split("\0"));
  }
  message(status) {
    return this.unpacked(this.module.message(status));
  }
  report() {
    return this.unpacked(this.module.report(1));
  }
  heatmap(page) {
    return this.unpacked(this.module.heatmap(this.putText(page)));
  }
  events(batch) {
    return this.unpacked(this.module.events(this.put(batch)));
  }

  bytesOut(length) {
    const start = this.module.output();
    return this.module.HEAPU8.slice(start, start + length);
  }
  finalBatch() {
    return this.bytesOut(this.module.normalised());
  }
  save() {
    return this.bytesOut(this.module.save());
  }
  restore(state) {
    return this.module.restore(this.put(state));
  }
}
