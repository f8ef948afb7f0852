import { spawnSync } from "node:child_process";
import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { withLock } from "../../src/build/lock.js";
import { Folder } from "./folder.js";

const nothing = (): undefined => undefined;
const unexpected = (): never => {
  throw new Error("it waited");
};

it("lets one in at a time and gives the second what the first one made", async () => {
  using folder = new Folder();
  const lock = folder.file("x.lock");
  let made: string | undefined;
  let holders = 0;
  let waits = 0;
  const enter = (name: string): Promise<string> =>
    withLock(
      lock,
      () => made,
      async () => {
        expect(++holders).toBe(1);
        await new Promise((done) => setTimeout(done, 50));
        return (made = name);
      },
      () => waits++,
    );
  expect(await Promise.all([enter("first"), enter("second")])).toEqual(["first", "first"]);
  expect(waits).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

it("opens again when the work fails", async () => {
  using folder = new Folder();
  const lock = folder.file("x.lock");
  const fails = withLock(lock, nothing, () => Promise.reject(new Error("no")), unexpected);
  await expect(fails).rejects.toThrow("no");
  expect(existsSync(lock)).toBe(false);
});

it("takes over the lock of a process that is dead", async () => {
  using folder = new Folder();
  const lock = folder.file("x.lock");
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(lock, `${pid} ${hostname()}\n`);
  expect(await withLock(lock, nothing, () => Promise.resolve(1), nothing)).toBe(1);
});

it("takes over a lock that no one has touched for long, also of another machine", async () => {
  using folder = new Folder();
  const lock = folder.file("x.lock");
  writeFileSync(lock, "1 elsewhere\n");
  utimesSync(lock, 0, 0);
  expect(await withLock(lock, nothing, () => Promise.resolve(1), nothing)).toBe(1);
});

it("waits for a live holder of another machine", async () => {
  using folder = new Folder();
  const lock = folder.file("x.lock");
  writeFileSync(lock, "1 elsewhere\n");
  let looks = 0;
  const early = (): string | undefined => (++looks === 3 ? "theirs" : undefined);
  expect(await withLock(lock, early, () => Promise.resolve("mine"), nothing)).toBe("theirs");
});
