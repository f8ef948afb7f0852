import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { visible } from "../../diagnostics/visible.js";
import { InceptError } from "../../diagnostics/incept-error.js";

/** A holder says every few seconds that it lives; one silent for so long is taken for dead. */
const heartbeat = 5_000;
export const silence = 60_000;
const poll = 100;
/** Longer than a build of every variant of a large network takes. */
const patience = 3_600_000;

/**
 * Runs `work` while this process alone holds the lock file, or gives `early` as soon as that has a
 * result: another process did the work. Locks of dead processes are taken over, and so is whatever
 * else stands in the lock's place. A lock only saves double work; two holders at once would still
 * leave one whole result.
 *
 * @param onWait called once, when another process holds the lock
 * @param longest how many milliseconds a live holder is waited for
 * @throws InceptError `build/locked`
 */
export async function withLock<T>(
  lock: string,
  early: () => T | undefined,
  work: () => Promise<T>,
  onWait: () => void,
  longest = patience,
): Promise<T> {
  const end = performance.now() + longest;
  for (let waited = false; !take(lock); waited = true) {
    if (!waited) onWait();
    if (!isHeld(lock)) setAside(lock);
    else if (performance.now() > end) throw held(lock);
    else await sleep(poll);
    const found = early();
    if (found !== undefined) return found;
  }
  const stop = keepAlive(lock);
  try {
    // Another process may have finished between the first look and the lock.
    return early() ?? (await work());
  } finally {
    stop();
    release(lock);
  }
}

/**
 * Makes the file that says which process is at work, and fails where there is one.
 *
 * @returns whether it was made
 */
export function take(lock: string): boolean {
  let file: number;
  try {
    file = openSync(lock, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(file, owner);
    return true;
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Tells for as long as it is not stopped that the holder of the lock lives. */
export function keepAlive(lock: string): () => void {
  const beat = setInterval(() => touch(lock), heartbeat).unref();
  return () => clearInterval(beat);
}

/** Told apart from what another process made of the lock after a long suspension of this one. */
const owner = `${process.pid} ${hostname()} ${randomBytes(8).toString("hex")}\n`;

function release(lock: string): void {
  if (readOwner(lock) === owner) rmSync(lock, { force: true });
}

/**
 * Whether a live process holds the lock: one of this machine that runs, or one that said so lately.
 * A time to come says no more than one long past, and only a file is a lock.
 */
export function isHeld(lock: string): boolean {
  const stat = lstatSync(lock, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return false;
  const silent = Math.abs(Date.now() - stat.mtimeMs);
  if (silent > silence) return false;
  const text = readOwner(lock);
  // One that can't be read may be another user's.
  if (text === undefined) return true;
  // Between its creation and its first bytes a lock is empty.
  if (text === "") return silent <= heartbeat;
  const { pid, host } = parseOwner(text);
  return pid !== undefined && (host !== hostname() || isAlive(pid));
}

/**
 * Whether the process of this machine that made the lock runs, however long it has been silent: one
 * that was suspended goes on some day. A lock of this process's own number that it has not made is of
 * one before it, as in a container.
 */
export function isMakerAlive(lock: string): boolean {
  const text = readOwner(lock) ?? "";
  const { pid, host } = parseOwner(text);
  if (pid === undefined || host !== hostname()) return false;
  return pid === process.pid ? text === owner : isAlive(pid);
}

/** The first bytes of a lock; nothing where it can't be read. Never waits, whatever it is. */
function readOwner(lock: string): string | undefined {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    const file = openSync(lock, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(512);
      return bytes.toString("latin1", 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function parseOwner(text: string): { pid?: number; host?: string } {
  const [, pid, host = ""] = /^(\d+) (\S+)/.exec(text) ?? [];
  return pid === undefined ? {} : { pid: Number(pid), host };
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function touch(lock: string): void {
  try {
    const now = new Date();
    utimesSync(lock, now, now);
  } catch {
    // Taken over after a long suspension: both finish, the later rename finds the folder there.
  }
}

/** Out of the way by one rename, whatever it is; what it holds may take longer to remove. */
function setAside(lock: string): void {
  const aside = `${lock}.${randomBytes(4).toString("hex")}.new`;
  try {
    renameSync(lock, aside);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw new InceptError(
      "build/locked",
      `${lock} is left from a build that is gone, and cannot be removed (${code}).`,
      { help: "remove it, or build where you may write", cause },
    );
  }
  try {
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // Another user's folder: `cache --clear` tells of it.
  }
}

function held(lock: string): InceptError {
  const { pid, host } = parseOwner(readOwner(lock) ?? "");
  const who = pid === undefined ? "another process" : `process ${pid} of ${visible(host ?? "")}`;
  return new InceptError("build/locked", `${lock} is held by ${who}, which does not finish.`, {
    help: "end that process, or remove the file",
  });
}
