// SPDX-License-Identifier: MIT
// Kills a browser as a power cut would: every process at once, without a word.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

// Every process that belongs to the browser of this profile, by its id.
function processesOf(folder) {
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
  const found = new Set(all.filter(({ command }) => command.includes(folder)).map(({ id }) => id));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id, parent } of all) if (found.has(parent)) found.add(id);
  }
  found.delete(process.pid);
  return [...found];
}

// Kills the browser of this profile, so that the profile can be opened again.
export async function kill(context, profile) {
  for (const id of processesOf(profile)) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It has followed its parent already.
    }
  }
  await context.close().catch(() => {});
  for (const lock of ["SingletonLock", "SingletonCookie", "SingletonSocket"]) {
    rmSync(join(profile, lock), { force: true });
  }
}
