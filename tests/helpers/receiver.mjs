// SPDX-License-Identifier: MIT
// A receiving server as a site would run one: it counts every id once, and adds up what it has. It
// can fail in every way a server and a network can.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { nativeCli } from "./native_cli.mjs";

const MAX_BODY = 64 << 10;
const MAX_TEXT = 1 << 20;

const HANG_MS = 5000;

// What an answer can be. "after" means that the server has the upload and the browser is not told.
export const FAILURES = ["500", "429", "dropBefore", "dropAfter", "hangAfter"];

// Starts a server that answers each POST as `mode` says: "ok", one of FAILURES, "400", "413", "404",
// "slow", "hang" (for ever) or a function that gives one of them. `answer` is called for anything else than a POST.
// Gives { url, origin, mode, retryAfter, requests, kept, repeated, bytes, problems, sum(), close() };
// mode and retryAfter can be changed at any time.
export async function startReceiver({ answer } = {}) {
  const kept = new Map(); // envelopes by id
  const receiver = { mode: "ok", requests: [], kept, repeated: 0, bytes: 0, problems: [] };

  const take = (request, body) => {
    const zipped = body[0] === 0x1f && body[1] === 0x8b;
    const text = zipped ? gunzipSync(body, { maxOutputLength: MAX_TEXT }).toString() : `${body}`;
    const envelope = JSON.parse(text);
    assert.ok(body.length <= MAX_BODY, `a body of ${body.length} bytes`);
    assert.deepEqual(Object.keys(envelope), ["day", "id", "insitu", "partial", "site"]);
    assert.equal(envelope.insitu, 1);
    assert.match(envelope.id, /^[a-z2-7]{20}$/);
    assert.match(envelope.day, /^\d{4}-\d\d-\d\d$/);
    assert.equal(request.headers["content-type"], "text/plain");
    assert.equal(request.headers.cookie, undefined);
    receiver.bytes += body.length;
    // A repeat is the same upload, byte for byte.
    if (kept.has(envelope.id)) {
      receiver.repeated++;
      assert.equal(kept.get(envelope.id).text, text);
    } else kept.set(envelope.id, { ...envelope, zipped, bytes: body.length, text });
  };

  const server = createServer((request, response) => {
    const chunks = [];
    request.on("error", () => {});
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method !== "POST") {
        if (answer) return answer(request, response);
        return response.writeHead(405).end();
      }
      const mode = typeof receiver.mode === "function" ? receiver.mode() : receiver.mode;
      receiver.requests.push({ mode, at: Date.now(), headers: request.headers });
      const headers = { "access-control-allow-origin": "*" };
      if (mode === "dropBefore") return request.socket.destroy();
      if (receiver.retryAfter) headers["retry-after"] = receiver.retryAfter;
      else if (mode === "429") headers["retry-after"] = "1";
      if (/^\d+$/.test(mode)) return response.writeHead(Number(mode), headers).end();
      try {
        take(request, Buffer.concat(chunks));
      } catch (error) {
        receiver.problems.push(String(error));
      }
      if (mode === "dropAfter") return request.socket.destroy();
      if (mode === "hang") return undefined;
      if (mode === "hangAfter") return setTimeout(() => request.socket.destroy(), HANG_MS);
      setTimeout(() => response.writeHead(204, headers).end(), mode === "slow" ? 1000 : 0);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  receiver.origin = `http://127.0.0.1:${server.address().port}`;
  receiver.url = `${receiver.origin}/insitu`;
  // The partials of all uploads, added up by the native command: canonical JSON.
  receiver.sum = () => merge([...kept.values()].map(({ partial }) => partial));
  receiver.close = () =>
    new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  return receiver;
}

// Partials as objects, added up by the native command; "" of none.
export function merge(partials) {
  if (!partials.length) return "";
  const folder = mkdtempSync(join(tmpdir(), "insitu-merge-"));
  try {
    const paths = partials.map((partial, i) => {
      const path = join(folder, `${i}.json`);
      writeFileSync(path, JSON.stringify(partial));
      return path;
    });
    const done = spawnSync(nativeCli, ["merge", ...paths], { maxBuffer: 1 << 28 });
    if (done.status) throw new Error(`insitu merge: ${done.stderr}`);
    return done.stdout.toString().trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
