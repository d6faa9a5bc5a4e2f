// SPDX-License-Identifier: MIT
// Three engines behind one small interface, each driven with real, trusted input:
//
//   chromium   Playwright
//   firefox    Puppeteer over WebDriver BiDi
//   webkit     WebKitGTK's MiniBrowser over WebDriver, on a display of its own (xvfb-run)
//
//   const browser = await open("firefox", { profile, args, prefs, env });
//   browser.page, await browser.newPage(), await browser.close()
//
// A page has go(url), evaluate(function, ...arguments), click(selector), type(text), press(key),
// back() and close(). evaluate() waits for promises; functions must stand alone.
// profile: a folder that outlives the browser (not webkit: a session under automation keeps
// nothing). args are Chromium's, prefs Firefox's, env WebKit's.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { launchOptions, sleep, until } from "../e2e/helpers/browser.mjs";

// INSITU_ENGINES=firefox,webkit for some of them.
export const engines = process.env.INSITU_ENGINES?.split(",") ?? ["chromium", "firefox", "webkit"];

export const firefoxPath = process.env.INSITU_FIREFOX ?? "/usr/bin/firefox-esr";
export const miniBrowser =
  process.env.INSITU_MINIBROWSER ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

export async function open(engine, options = {}) {
  const folder = options.profile ?? mkdtempSync(join(tmpdir(), `insitu-${engine}-`));
  const browser = await { chromium: openChromium, firefox: openFirefox, webkit: openWebkit }[
    engine
  ](folder, options);
  return {
    engine,
    ...browser,
    async close() {
      await browser.close();
      if (options.profile) return;
      // The last processes may still write.
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

// What `visit` gives for a browser of its own.
export async function withBrowser(engine, visit) {
  const browser = await open(engine);
  try {
    return await visit(browser);
  } finally {
    await browser.close();
  }
}

// ---- Chromium

async function openChromium(folder, { args = [] }) {
  const context = await chromium.launchPersistentContext(folder, {
    ...launchOptions,
    args: [...launchOptions.args, ...args],
    viewport: { width: 1000, height: 700 },
  });
  const wrap = (page) => ({
    go: (url) => page.goto(url),
    // Playwright would take one argument.
    evaluate: (run, ...args) => page.evaluate(`(${run})(...${JSON.stringify(args)})`),
    click: (selector) => page.locator(selector).first().click(),
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    back: () => leave(page),
    close: () => page.close({ runBeforeUnload: true }),
  });
  return {
    page: wrap(context.pages()[0] ?? (await context.newPage())),
    newPage: async () => wrap(await context.newPage()),
    close: () => context.close(),
  };
}

// Both libraries' own goBack() waits for a load, which a page from the cache does not have.
async function leave(page) {
  await page.evaluate(() => void setTimeout(() => history.back()));
  await sleep(500);
}

// ---- Firefox

async function openFirefox(folder, { prefs = {} }) {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: firefoxPath,
    headless: true,
    userDataDir: folder,
    extraPrefsFirefox: prefs,
    defaultViewport: null,
    args: ["--width=1000", "--height=700"],
  });
  const wrap = (page) => ({
    go: (url) => page.goto(url),
    evaluate: (run, ...args) => page.evaluate(run, ...args),
    async click(selector) {
      // What lies over it does not count for Puppeteer; what the page says about that does here.
      await page.$eval(selector, (element) => element.scrollIntoView({ block: "nearest" }));
      await page.click(selector);
    },
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    back: () => leave(page),
    close: () => page.close({ runBeforeUnload: true }),
  });
  return {
    // Not the one that is there: without a screen it never gets the focus, and keys press no buttons.
    page: wrap(await browser.newPage()),
    newPage: async () => wrap(await browser.newPage()),
    close: () => browser.close(),
    pid: browser.process().pid,
  };
}

// ---- WebKit

const KEYS = { Enter: "\ue007", Tab: "\ue004", End: "\ue010" };

// What MiniBrowser needs of its surroundings: a profile by folders, and to draw without a graphics
// card.
export const webkitEnv = (folder) => ({
  ...process.env,
  XDG_DATA_HOME: join(folder, "data"),
  XDG_CACHE_HOME: join(folder, "cache"),
  XDG_CONFIG_HOME: join(folder, "config"),
  GDK_BACKEND: "x11",
  LIBGL_ALWAYS_SOFTWARE: "1",
  NO_AT_BRIDGE: "1",
  WEBKIT_DISABLE_DMABUF_RENDERER: "1",
});

// Starts a program on a display of its own; { kill() } ends it and all it has started.
export function onDisplay(program, args, env) {
  const child = spawn("xvfb-run", ["-a", program, ...args], {
    stdio: "ignore",
    detached: true,
    env,
  });
  const ended = new Promise((done) => child.once("exit", done).once("error", done));
  return {
    pid: child.pid,
    async kill() {
      for (const signal of ["SIGTERM", "SIGKILL"]) {
        try {
          process.kill(-child.pid, signal);
        } catch {
          // It has ended by itself.
        }
        await Promise.race([ended, sleep(3000)]);
      }
    },
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function openWebkit(folder, { env = {} }) {
  const port = await freePort();
  const driver = onDisplay("WebKitWebDriver", [`--port=${port}`], { ...webkitEnv(folder), ...env });
  const base = `http://127.0.0.1:${port}`;
  const request = async (method, path, body) => {
    const answer = await fetch(base + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  try {
    await until(() => request("GET", "/status").catch(() => null), "WebKitWebDriver", 30_000);
    const { sessionId } = await request("POST", "/session", {
      capabilities: {
        alwaysMatch: {
          "webkitgtk:browserOptions": { binary: miniBrowser, args: ["--automation"] },
        },
      },
    });
    const call = (method, path, body) => request(method, `/session/${sessionId}${path}`, body);
    await call("POST", "/timeouts", { script: 60_000, pageLoad: 60_000 });
    await call("POST", "/window/rect", { width: 1000, height: 700 });
    const first = await call("GET", "/window");
    const wrap = (handle) => {
      // Commands go to the window that was switched to last.
      const at = async (method, path, body) => {
        await call("POST", "/window", { handle });
        return call(method, path, body);
      };
      const act = async (source) => {
        await at("POST", "/actions", { actions: [source] });
        await call("DELETE", "/actions");
      };
      const keys = (texts) =>
        act({
          type: "key",
          id: "keys",
          actions: texts.flatMap((value) => [
            { type: "keyDown", value },
            { type: "keyUp", value },
          ]),
        });
      const evaluate = async (run, ...args) => {
        const { value, failure } = await at("POST", "/execute/async", {
          script: `const [args, done] = arguments;
            new Promise((give) => give((${run})(...args))).then(
              (value) => done({ value: value === undefined ? null : value }),
              (failure) => done({ failure: String(failure) }));`,
          args: [args],
        });
        if (failure) throw new Error(failure);
        return value;
      };
      return {
        go: (url) => at("POST", "/url", { url }),
        evaluate,
        async click(selector) {
          const element = await at("POST", "/element", { using: "css selector", value: selector });
          await evaluate(
            (selector) => document.querySelector(selector).scrollIntoView({ block: "nearest" }),
            selector,
          );
          await act({
            type: "pointer",
            id: "mouse",
            parameters: { pointerType: "mouse" },
            actions: [
              { type: "pointerMove", duration: 0, origin: element, x: 0, y: 0 },
              { type: "pointerDown", button: 0 },
              { type: "pointerUp", button: 0 },
            ],
          });
        },
        type: (text) => keys([...text]),
        press: (key) => keys([KEYS[key]]),
        back: async () => {
          await at("POST", "/back", {});
          await sleep(500);
        },
        close: () => at("DELETE", "/window"),
      };
    };
    return {
      page: wrap(first),
      async newPage() {
        await call("POST", "/window", { handle: first });
        return wrap((await call("POST", "/window/new", { type: "window" })).handle);
      },
      async close() {
        // With several tabs the driver may never answer.
        const ended = request("DELETE", `/session/${sessionId}`).catch(() => {});
        await Promise.race([ended, sleep(3000)]);
        await driver.kill();
      },
    };
  } catch (failure) {
    await driver.kill();
    throw failure;
  }
}
