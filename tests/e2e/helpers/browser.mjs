// SPDX-License-Identifier: MIT
// Chromium as people use it: with the back/forward cache, which Playwright would switch off.
import { chromium } from "playwright-core";

export const launchOptions = {
  executablePath: process.env.INSITU_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
  ignoreDefaultArgs: ["--disable-back-forward-cache"],
};

export const launch = () => chromium.launch(launchOptions);

// With a profile on disk that outlives the browser.
export const launchProfile = (folder) => chromium.launchPersistentContext(folder, launchOptions);

// Collects what a page must never see because of us: { errors, console } of `page`.
export function watchPage(page) {
  const seen = { errors: [], console: [] };
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => seen.console.push(`${message.type()}: ${message.text()}`));
  return seen;
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits until `read` gives something true, and gives that. Fails after `ms` with the last value.
export async function until(read, what = "the condition", ms = 15_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
    await sleep(20);
  }
}
