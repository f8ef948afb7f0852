import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { withLock } from "../../src/build/cache/lock.js";
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

describe("what stands in a lock's place and is none", () => {
  const later = new Date(Date.now() + 3_600_000_000);
  const unix = process.platform !== "win32";

  it.each<[what: string, put: (lock: string, folder: Folder) => void]>([
    [
      "a lock from the future",
      (lock) => {
        writeFileSync(lock, "1 elsewhere\n");
        utimesSync(lock, later, later);
      },
    ],
    [
      "a lock from the future of a live process",
      (lock) => {
        writeFileSync(lock, `${process.pid} ${hostname()}\n`);
        utimesSync(lock, later, later);
      },
    ],
    [
      "a folder with something in it",
      (lock) => {
        mkdirSync(`${lock}/deep`, { recursive: true });
        writeFileSync(`${lock}/deep/file`, "");
      },
    ],
    ["process 0, which is every one of the group", (lock) => put(lock, "0")],
    ["process -1, which is every one", (lock) => put(lock, "-1")],
    ["a few words", (lock) => writeFileSync(lock, "in the way\n")],
    ["no number", (lock) => put(lock, "many")],
    ["a number that is too large", (lock) => put(lock, "9".repeat(30))],
    ["bytes", (lock) => writeFileSync(lock, Buffer.alloc(1 << 20, 0xff))],
    ...(unix
      ? ([
          ["a pipe", (lock) => void execFileSync("mkfifo", [lock])],
          [
            "a link",
            (lock, folder) => {
              put(folder.file("theirs"), String(process.pid));
              symlinkSync(folder.file("theirs"), lock);
            },
          ],
          ["a link to nothing", (lock, folder) => symlinkSync(folder.file("absent"), lock)],
        ] satisfies [string, (lock: string, folder: Folder) => void][])
      : []),
  ])("%s blocks nobody", async (_, stand) => {
    using folder = new Folder();
    const lock = folder.file("x.lock");
    stand(lock, folder);
    const before = readdirSync(folder.path).filter((name) => name !== "x.lock");
    const work = (): Promise<number> => {
      expect(readFileSync(lock, "latin1")).toMatch(`${process.pid} ${hostname()} `);
      return Promise.resolve(1);
    };
    expect(await withLock(lock, nothing, work, nothing)).toBe(1);
    expect(readdirSync(folder.path)).toEqual(before);
  });

  const put = (lock: string, pid: string): void => writeFileSync(lock, `${pid} ${hostname()}\n`);
});

it("waits so long for a holder that does not finish, and says for what", async () => {
  using folder = new Folder();
  const lock = folder.file("x.lock");
  writeFileSync(lock, "17 elsewhere\n");
  let looks = 0;
  const look = (): undefined => void looks++;
  const entering = withLock(lock, look, unexpected, nothing, 250);
  await expect(entering).rejects.toMatchObject({
    code: "build/locked",
    message: `${lock} is held by process 17 of elsewhere, which does not finish.`,
    help: "end that process, or remove the file",
  });
  expect(looks).toBeGreaterThan(1);
  expect(readFileSync(lock, "utf8")).toBe("17 elsewhere\n");
});

it("leaves a lock alone that another process made of it meanwhile", async () => {
  using folder = new Folder();
  const lock = folder.file("x.lock");
  const work = (): Promise<void> => Promise.resolve(writeFileSync(lock, "1 elsewhere\n"));
  await withLock(lock, nothing, work, nothing);
  expect(readFileSync(lock, "utf8")).toBe("1 elsewhere\n");
});
