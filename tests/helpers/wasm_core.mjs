// SPDX-License-Identifier: MIT
// The built core in Node, with the few calls tests and benchmarks need.
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadTs } from "../../tools/load_ts.mjs";

const dist = (name) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
// The core with all KPI families; INSITU_CORE names another build of the same module.
const path = process.env.INSITU_CORE ?? dist("insitu.core-full.mjs");
// The core that pages load unless they ask for another.
export const defaultCore = dist("insitu.core.mjs");

export const hasCore = existsSync(path);

export class WasmCore {
  // A fresh instance; `options` by their names in the KPI specification.
  static async make(options = {}, core = path) {
    const { default: factory } = await import(pathToFileURL(core).href);
    const { unpack } = await loadTs("js/src/unpack.ts");
    const { setOption } = await loadTs("js/src/set_option.ts");
    const { canonical } = await loadTs("js/src/canonical.ts");
    return new WasmCore(await factory(), { unpack, setOption, canonical }, options);
  }

  constructor(module, { unpack, setOption, canonical }, options) {
    this.module = module;
    this.unpack = unpack;
    this.setOption = setOption;
    this.canonical = canonical;
    for (const [name, value] of Object.entries(options)) this.set(name, value);
  }

  // Bytes to the transfer buffer.
  put(bytes) {
    const status = this.tryPut(bytes);
    if (status) throw new Error(`reserve(${bytes.length}) gives status ${status}`);
    return bytes.length;
  }
  tryPut(bytes) {
    const status = bytes.length > this.module.capacity() ? this.module.reserve(bytes.length) : 0;
    if (!status) this.module.HEAPU8.set(bytes, this.module.buffer());
    return status;
  }
  putText(text) {
    return this.put(new TextEncoder().encode(text));
  }

  set(name, value) {
    const status = this.setOption(this.module, (bytes) => this.tryPut(bytes), name, value);
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
  partial() {
    const { options, ...rest } = this.unpacked(this.module.partial());
    return this.canonical({ ...rest, options: this.canonical(options) }, true);
  }
  // Kinds by their number in src/report/report.h; without `state` all states together.
  heatmap(page, kind = 0, state) {
    const bytes = this.putText(page + (state ?? ""));
    const pageBytes = new TextEncoder().encode(page).length;
    return this.unpacked(this.module.heatmap(pageBytes, kind, +(state !== undefined), bytes));
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
