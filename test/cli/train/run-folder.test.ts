import { spawnSync } from "node:child_process";
import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RunFolder } from "../../../src/cli/train/run-folder.js";
import { temporaryFolder } from "../../support/cli.js";

/** A folder with the lock of a process that has been silent for a day. */
function heldBy(pid: number, host = hostname()): RunFolder {
  const folder = new RunFolder(temporaryFolder());
  const lock = folder.file("lock");
  writeFileSync(lock, `${pid} ${host} 0011223344556677\n`);
  const long = Date.now() / 1000 - 86_400;
  utimesSync(lock, long, long);
  return folder;
}

test("a process that lives holds its run, however long it was suspended", async () => {
  const folder = heldBy(process.ppid);
  await expect(folder.hold(() => Promise.resolve(1))).rejects.toThrow(
    `Another process trains in ${folder.path}.`,
  );
});

test("one that is dead, of another machine, or whose number is ours now does not", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  for (const folder of [heldBy(pid), heldBy(process.ppid, "elsewhere"), heldBy(process.pid)]) {
    expect(await folder.hold(() => Promise.resolve(1))).toBe(1);
    expect(existsSync(join(folder.path, ".lock"))).toBe(false);
  }
});
