import { spawnSync } from "node:child_process";
import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { recordText, recordVersion } from "../../../src/cli/train/record.js";
import { RunFolder } from "../../../src/cli/train/run-folder.js";
import { Checkpoint } from "../../../src/runtime/train/checkpoint.js";
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

const record = recordText({
  ...{
    version: recordVersion,
    data: "/data",
    seed: 0,
    epochs: 4,
    augment: true,
    skipBroken: false,
  },
  ...{ pictures: 40, validationPictures: 0 },
});

test("a file of somebody else is no record, and is left alone", async () => {
  const folder = new RunFolder(temporaryFolder());
  writeFileSync(folder.file("record"), '{ "name": "mine" }');
  await expect(folder.requireFresh()).rejects.toThrow(/run\.json is no record of a run/);
  expect(() => folder.requireBegun()).toThrow(/run\.json is no record of a run/);
});

test.each([
  [0, "begins anew"],
  [1, "is a run"],
])("what has come to %i steps %s", async (steps) => {
  const folder = new RunFolder(temporaryFolder());
  writeFileSync(folder.file("record"), record);
  writeFileSync(folder.file("last"), "");
  const last = { state: { standing: { steps } } } as unknown as Checkpoint;
  const open = vi.spyOn(Checkpoint, "open").mockResolvedValue(last);
  try {
    const fresh = folder.requireFresh();
    if (steps === 0) await expect(fresh).resolves.toBeUndefined();
    else await expect(fresh).rejects.toThrow("holds a run already (last.checkpoint).");
    writeFileSync(folder.file("csv"), "");
    await expect(folder.requireFresh()).rejects.toThrow("holds a run already");
  } finally {
    open.mockRestore();
  }
});

test("a last.checkpoint that is none is somebody else's", async () => {
  const folder = new RunFolder(temporaryFolder());
  writeFileSync(folder.file("record"), record);
  writeFileSync(folder.file("last"), "mine");
  await expect(folder.requireFresh()).rejects.toThrow("holds a run already (last.checkpoint).");
});
