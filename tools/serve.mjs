// SPDX-License-Identifier: MIT
// Static server for the demo, for development and for browser tests. Loopback only, no cache.
//
//   node tools/serve.mjs [--port 8080] [--root <folder>]... [--csp <policy or name>]
//
// What is where:   /            web/demo, then dist/demo (its bundled scripts)
//                  /insitu/     dist
//                  /<folder>/   web/<folder>, then dist/<folder> (console, examples)
// --root replaces what is served at /; /insitu/ stays.
//
// A Content-Security-Policy for every page: --csp. For one page: ?csp=<name>, with a name below.
// Tests import serve() and get a free port.
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const repository = fileURLToPath(new URL("..", import.meta.url));

export const policies = {
  // A careful site that allows WebAssembly.
  strict: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'",
  // The same, older: WebAssembly is refused.
  nowasm: "default-src 'self'; script-src 'self'; object-src 'none'",
};

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".ndjson": "application/x-ndjson; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

// Starts the server. port 0 takes a free one; roots replace the demo at /; csp is a policy, or the
// name of one above. Gives { url, server, close() }; rejects when the port is taken.
export async function serve({ port = 0, roots, csp = "" } = {}) {
  const mounts = mountTable(roots);
  const server = createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    const url = new URL(request.url, "http://localhost");
    const file = find(mounts, url.pathname);
    if (!file) {
      response.writeHead(404, { "content-type": types[".txt"] }).end("not found\n");
      return;
    }
    if (file.redirect) {
      response.writeHead(302, { location: file.redirect + url.search }).end();
      return;
    }
    const policy = policies[url.searchParams.get("csp")] ?? policies[csp] ?? csp;
    response.writeHead(200, {
      "content-type": types[extname(file.path)] ?? "application/octet-stream",
      "content-length": file.size,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...(policy && { "content-security-policy": policy }),
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file.path).pipe(response);
  });
  await new Promise((done, failed) => {
    server.once("error", failed).listen(port, "127.0.0.1", done);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    server,
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

// [prefix, folders] pairs, the longest prefix first.
function mountTable(roots) {
  const at = (path) => join(repository, path);
  const mounts = [["/insitu/", [at("dist")]]];
  if (existsSync(at("web"))) {
    for (const entry of readdirSync(at("web"), { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      mounts.push([`/${entry.name}/`, [at(`web/${entry.name}`), at(`dist/${entry.name}`)]]);
    }
  }
  mounts.push(["/", roots?.map((root) => resolve(root)) ?? [at("web/demo"), at("dist/demo")]]);
  return mounts;
}

function find(mounts, pathname) {
  let path;
  try {
    path = normalize(decodeURIComponent(pathname));
  } catch {
    return null; // a stray %
  }
  // normalize() of an absolute path cannot climb above it; NUL would throw further down.
  if (!path.startsWith("/") || path.includes("\0")) return null;
  for (const [prefix, folders] of mounts) {
    if (!path.startsWith(prefix)) continue;
    for (const folder of folders) {
      const candidate = join(folder, path.slice(prefix.length));
      const stat = statSync(candidate, { throwIfNoEntry: false });
      if (stat?.isFile()) return { path: candidate, size: stat.size };
      if (!stat?.isDirectory()) continue;
      if (!path.endsWith("/")) return { redirect: `${path}/` };
      const index = statSync(join(candidate, "index.html"), { throwIfNoEntry: false });
      if (index?.isFile()) return { path: join(candidate, "index.html"), size: index.size };
    }
  }
  // A mount without its slash: /console -> /console/
  return mounts.some(([prefix]) => prefix === `${path}/`) ? { redirect: `${path}/` } : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8080" },
      root: { type: "string", multiple: true },
      csp: { type: "string", default: "" },
    },
  });
  try {
    const { url } = await serve({ port: Number(values.port), roots: values.root, csp: values.csp });
    console.log(`serving on ${url}/  (stop: Ctrl-C)`);
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    console.error(`port ${values.port} is taken: choose another with --port`);
    process.exitCode = 1;
  }
}
