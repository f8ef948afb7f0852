import { existsSync, lstatSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isHeld, keepAlive, silence, take } from "./lock.js";
import { temporaryFolder } from "../disk/temporary.js";

/** A folder that a network is compiled in. */
export interface Workshop {
  readonly directory: string;
  /** Ends the claim on it: from then on `cache --clear` may remove it. */
  leave(): void;
}

export const isWorkshop = (name: string): boolean => /^incept-build-[A-Za-z0-9]{6}$/.test(name);

/** Says which process works in it, as a build's lock does. */
const lockIn = (directory: string): string => join(directory, "build.lock");

/** In the system's temporary folder, whatever the spec's own folder is called. */
export function openWorkshop(): Workshop {
  const directory = mkdtempSync(join(temporaryFolder(), "incept-build-"));
  const lock = lockIn(directory);
  take(lock);
  const stop = keepAlive(lock);
  return {
    directory,
    leave: () => {
      stop();
      if (existsSync(lock)) writeFileSync(lock, "left\n");
    },
  };
}

/** Whether a live process works in it, or may be about to: a new folder has no lock yet. */
export function isAtWork(directory: string): boolean {
  const lock = lstatSync(lockIn(directory), { throwIfNoEntry: false });
  if (lock !== undefined) return isHeld(lockIn(directory));
  return Math.abs(Date.now() - lstatSync(directory).mtimeMs) < silence;
}
