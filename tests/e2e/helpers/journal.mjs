// SPDX-License-Identifier: MIT
// Looks into the journal of a page, past all code of ours.
import { decodeBatch } from "../../js/decode_batch.mjs";

// The batches that wait, decoded, oldest first: { head, events, n } each.
export async function readJournal(page) {
  const rows = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    if (!databases.some(({ name }) => name === "insitu")) return [];
    const db = await new Promise((done, failed) => {
      const request = indexedDB.open("insitu");
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    try {
      if (!db.objectStoreNames.contains("journal")) return [];
      return await new Promise((done, failed) => {
        const request = db.transaction("journal").objectStore("journal").getAll();
        request.onsuccess = () => done(request.result.map(({ d, n, b }) => ({ d, n, b: [...b] })));
        request.onerror = () => failed(request.error);
      });
    } finally {
      db.close();
    }
  });
  return rows.map(({ d, n, b }) => {
    const batch = decodeBatch(Uint8Array.from(b));
    if (batch.head.document !== d) throw new Error("a row lies about its document");
    if (batch.events.length !== n) throw new Error("a row lies about its number of events");
    return { ...batch, n };
  });
}

// All waiting events in the order of the journal.
export async function readEvents(page) {
  return (await readJournal(page)).flatMap(({ events }) => events);
}

// accepted = stored + inFlight + dropped, or an explanation of what is wrong.
export function unbalanced({ events }) {
  const dropped = Object.values(events.dropped).reduce((sum, n) => sum + n, 0);
  const sum = events.stored + events.inFlight + dropped;
  const bad = Object.values(events).some((n) => n < 0);
  return sum === events.accepted && !bad ? "" : JSON.stringify(events);
}
