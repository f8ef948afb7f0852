import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** A holder says every few seconds that it lives; one silent for so long is taken for dead. */
const heartbeat = 5_000;
const silence = 60_000;
const poll = 100;

/**
 * Runs `work` while this process alone holds the lock file, or gives `early` as soon as that has a
 * result: another process did the work. Locks of dead processes are taken over. A lock only saves
 * double work; two holders at once would still leave one whole result.
 *
 * @param onWait called once, when another process holds the lock
 */
export async function withLock<T>(
  lock: string,
  early: () => T | undefined,
  work: () => Promise<T>,
  onWait: () => void,
): Promise<T> {
  for (let waited = false; !take(lock); waited = true) {
    if (!waited) onWait();
    if (isStale(lock)) rmSync(lock, { force: true });
    else await sleep(poll);
    const found = early();
    if (found !== undefined) return found;
  }
  const beat = setInterval(() => touch(lock), heartbeat).unref();
  try {
    // Another process may have finished between the first look and the lock.
    return early() ?? (await work());
  } finally {
    clearInterval(beat);
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    const file = openSync(lock, "wx");
    writeSync(file, `${process.pid} ${hostname()}\n`);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isStale(lock: string): boolean {
  try {
    const age = Date.now() - statSync(lock).mtimeMs;
    const [pid, host] = readFileSync(lock, "utf8").trim().split(" ");
    // Between its creation and its first bytes a lock is empty.
    if (pid === undefined || pid === "") return age > heartbeat;
    return age > silence || (host === hostname() && !isAlive(Number(pid)));
  } catch {
    // Gone: its holder is done.
    return false;
  }
}

function isAlive(pid: number): boolean {
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
