import { watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import { say } from "./terminal.js";

/** Editors write a file in several steps; what comes within this many milliseconds is one change. */
const settle = 60;

/**
 * Runs `action` now and after every change of the files it returns (a spec and its imports), until
 * the process is interrupted. Folders are watched, since editors replace files by renaming.
 */
export async function watching(action: () => Promise<readonly string[]>): Promise<never> {
  for (;;) {
    const files = await action();
    say(`watching ${files.map((file) => basename(file)).join(", ")} (Ctrl-C ends)`);
    await change(files);
  }
}

function change(files: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const watchers: FSWatcher[] = [];
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => {
      watchers.forEach((watcher) => watcher.close());
      resolve();
    };
    for (const folder of new Set(files.map(dirname))) {
      const names = files.filter((file) => dirname(file) === folder).map((file) => basename(file));
      const watcher = watch(folder, (_, name) => {
        if (name === null || !names.includes(name)) return;
        clearTimeout(timer);
        timer = setTimeout(end, settle);
      });
      watcher.on("error", reject);
      watchers.push(watcher);
    }
  });
}
