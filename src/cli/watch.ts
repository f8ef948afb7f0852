import { existsSync, type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { displayPath } from "../files/display.js";
import { Refusal } from "./exit.js";
import { say } from "./terminal.js";

/** Editors write a file in several writes; what comes within this many milliseconds is one change. */
const settle = 60;

/**
 * Runs `action` now and after every change of the files that it follows, until the process is
 * interrupted. An error is told, and the next change awaited.
 *
 * @param always absolute paths of files that are followed whatever is read: the specs
 * @param reads the files that the action will read. They are followed before it does, so that what is
 *   written while it reads and works counts too
 * @param action is given what to call when it has written one of them itself: that is no change
 */
export async function watching(
  always: readonly string[],
  reads: () => readonly string[],
  action: (wrote: (file: string) => void) => Promise<void> | void,
): Promise<never> {
  for (;;) {
    const change = new Change();
    change.of(always);
    if (!change.possible) {
      const folders = always.map((file) => displayPath(dirname(file)));
      throw new InceptError("file/not-found", `${folders.join(", ")} cannot be watched.`);
    }
    try {
      // What is read of a file that was not followed yet may be old by now.
      while (change.of(reads())) continue;
      await action((file) => change.expect(file));
    } catch (error) {
      if (error instanceof InceptError) say(error.toString());
      else if (!(error instanceof Refusal)) throw error;
    }
    say(`watching ${change.names().join(", ")} (Ctrl-C ends)`);
    await change.happened;
  }
}

/** The next change of some files. Folders are watched: editors replace files by renaming. */
class Change {
  readonly happened: Promise<void>;
  /** Names by folder. */
  private readonly files = new Map<string, Set<string>>();
  /** What each file was when it was followed, or written by the action itself. */
  private readonly before = new Map<string, string>();
  private readonly watchers: FSWatcher[] = [];
  private timer: NodeJS.Timeout | undefined;
  private end: () => void = () => undefined;

  constructor() {
    this.happened = new Promise((resolve) => {
      this.end = () => {
        this.watchers.forEach((watcher) => watcher.close());
        resolve();
      };
    });
  }

  /**
   * @returns whether any of the files was not followed before
   * @throws InceptError `file/unreadable` for a folder that is there and cannot be watched
   */
  of(files: readonly string[]): boolean {
    let news = false;
    for (const file of files) {
      const folder = dirname(file);
      const names = this.files.get(folder);
      if (names?.has(basename(file)) === true) continue;
      news = true;
      if (names !== undefined) names.add(basename(file));
      else this.watch(folder, new Set([basename(file)]));
      this.expect(file);
    }
    return news;
  }

  /** Takes what the file is now for what it was before the change. */
  expect(file: string): void {
    this.before.set(file, stateOf(file));
  }

  /** Whether any folder is there to be watched. */
  get possible(): boolean {
    return this.watchers.length > 0;
  }

  names(): readonly string[] {
    return [...new Set([...this.files.values()].flatMap((names) => [...names]))];
  }

  private readonly look = (): void => {
    if ([...this.before].some(([file, before]) => stateOf(file) !== before)) this.end();
  };

  private watch(folder: string, names: Set<string>): void {
    this.files.set(folder, names);
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || !names.has(name)) return;
        clearTimeout(this.timer);
        this.timer = setTimeout(this.look, settle);
      });
      // A folder that is removed is looked for anew.
      watcher.on("error", this.end);
      this.watchers.push(watcher);
    } catch (cause) {
      const { code = String(cause) } = cause as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return this.await(folder, names);
      const text = `${displayPath(folder)} cannot be watched (${code}).`;
      throw new InceptError("file/unreadable", text, { cause });
    }
  }

  /** A folder that a spec names in vain comes to be in one that is there; without any there is no spec. */
  private await(folder: string, names: Set<string>): void {
    if (!this.possible || !this.of([folder])) return;
    // It may have come to be before it was awaited.
    if (existsSync(folder)) this.watch(folder, names);
  }
}

/** Another text whenever somebody has written the file. */
function stateOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return "absent";
  }
}
