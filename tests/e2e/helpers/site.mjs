// SPDX-License-Identifier: MIT
// A small site that carries the script tag, served from dist/ on a free port.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const dist = new URL("../../../dist/", import.meta.url);

// Attributes for pages that must not fold: there is no core where they look for it.
export const WITHOUT_CORE = 'data-core="/nothing-here/"';

// A page with the script tag. `attributes` belong to the tag; `tag: false` leaves it out.
export function html({ body = "", head = "", attributes = "", tag = true } = {}) {
  const script = tag ? `<script defer src="/insitu/insitu.js" ${attributes}></script>` : "";
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title>
<link rel="icon" href="data:,"><style>body { margin: 0 } main { padding: 20px }</style>
${head}${script}</head><body>${body}</body></html>`;
}

// Serves `pages`: a function of the path, or an object from path to page. A page is HTML or
// { html, headers }, or a promise of one. Gives { origin, close() }.
export async function startSite(pages) {
  const pageAt = typeof pages === "function" ? pages : (path) => pages[path];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname.startsWith("/insitu/")) {
      try {
        const bytes = readFileSync(new URL(pathname.slice(8), dist));
        response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(bytes);
      } catch {
        response.writeHead(404).end();
      }
      return;
    }
    const page = await pageAt(pathname);
    if (page === undefined) return response.writeHead(404).end();
    const { html: content, headers = {} } = typeof page === "string" ? { html: page } : page;
    const type = pathname.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    response.writeHead(200, { "content-type": type, ...headers }).end(content);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}
