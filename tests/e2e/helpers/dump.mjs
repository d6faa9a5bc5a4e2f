// SPDX-License-Identifier: MIT
// All that a page has left on the device, as text: every byte of every database, storages, caches.

// { text, places }: everything, and how many characters came from where.
export async function dumpDevice(page) {
  const parts = await page.evaluate(async () => {
    const flat = (value) => {
      if (value instanceof Uint8Array) {
        // Bytes as characters twice: as they are, and as the UTF-8 that they may be.
        let text = "";
        for (const byte of value) text += String.fromCharCode(byte);
        return `${text}\n${new TextDecoder().decode(value)}`;
      }
      if (value && typeof value === "object") {
        return Object.entries(value)
          .map(([key, each]) => `${key}=${flat(each)}`)
          .join("\n");
      }
      return String(value);
    };
    const parts = {
      localStorage: flat({ ...localStorage }),
      sessionStorage: flat({ ...sessionStorage }),
      cookies: document.cookie,
      caches: (await caches.keys()).join("\n"),
    };
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((done, failed) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
      for (const store of db.objectStoreNames) {
        const [keys, values] = await Promise.all(
          ["getAllKeys", "getAll"].map(
            (method) =>
              new Promise((done, failed) => {
                const request = db.transaction(store).objectStore(store)[method]();
                request.onsuccess = () => done(request.result);
                request.onerror = () => failed(request.error);
              }),
          ),
        );
        parts[`${name}.${store}`] = `${flat(keys)}\n${values.map(flat).join("\n")}`;
      }
      db.close();
    }
    return parts;
  });
  const places = Object.fromEntries(
    Object.entries(parts).map(([name, { length }]) => [name, length]),
  );
  return { text: Object.values(parts).join("\n"), places };
}

// Those of `secrets` (each of 7 characters or more) that occur in `text`. O(text + secrets).
export function leaks(secrets, text) {
  const LENGTH = 7;
  const byStart = new Map();
  for (const secret of secrets) {
    if (secret.length < LENGTH) throw new RangeError(`too short to be looked for: ${secret}`);
    const start = secret.slice(0, LENGTH);
    byStart.set(start, [...(byStart.get(start) ?? []), secret]);
  }
  const found = new Set();
  for (let i = 0; i + LENGTH <= text.length; i++) {
    for (const secret of byStart.get(text.slice(i, i + LENGTH)) ?? []) {
      if (text.startsWith(secret, i)) found.add(secret);
    }
  }
  return [...found];
}
