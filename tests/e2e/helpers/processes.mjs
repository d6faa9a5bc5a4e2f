// SPDX-License-Identifier: MIT
// Ends a browser the hard way.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

// Kills every process whose command names `folder`, the browser's profile, or whose id is `root`; and
// all their descendants. Not this process.
export function killAll(folder, root) {
  for (const id of processesOf(folder, root)) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It has followed its parent already.
    }
  }
}

// Kills the Chromium of this profile, so that the profile can be opened again.
export async function kill(context, profile) {
  killAll(profile);
  await context.close().catch(() => {});
  for (const lock of ["SingletonLock", "SingletonCookie", "SingletonSocket"]) {
    rmSync(join(profile, lock), { force: true });
  }
}

function processesOf(folder, root) {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return [
          { id: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, "utf8") },
        ];
      } catch {
        return []; // gone meanwhile
      }
    });
  const ours = ({ id, command }) => id === root || command.includes(folder);
  const found = new Set(all.filter(ours).map(({ id }) => id));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id, parent } of all) if (found.has(parent)) found.add(id);
  }
  found.delete(process.pid);
  return [...found];
}
