// SPDX-License-Identifier: MIT
// What this page has asked the network for, as the browser itself tells it: proof instead of promise.

/** The part of PerformanceResourceTiming that is looked at. */
export interface Request {
  name: string;
  initiatorType: string;
}

// What markup and scripts load a page's own files with. Whoever sends data uses something else.
const loaders = ["script", "link", "css", "img", "image", "icon", "other"];

/**
 * True for a file of the page: below the page's own folder, and loaded as files are. A fetch or a
 * beacon is never one, wherever it goes.
 */
export function isOwnFile({ name, initiatorType }: Request, folder: string): boolean {
  return name.startsWith(folder) && loaders.includes(initiatorType);
}

/**
 * Calls `listener` with all requests so far whenever there are new ones, the ones before this call
 * included. Does nothing where the browser does not tell.
 */
export function watchRequests(listener: (requests: readonly Request[]) => void): void {
  const seen: Request[] = [];
  try {
    new PerformanceObserver((list) => {
      seen.push(...(list.getEntries() as PerformanceResourceTiming[]));
      listener(seen);
    }).observe({ type: "resource", buffered: true });
  } catch {
    // No such observer: the view says that nothing is known.
  }
}
