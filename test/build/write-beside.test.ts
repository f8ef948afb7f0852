import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeBeside } from "../../src/build/disk/write-beside.js";
import { temporaryFolder } from "../support/cli.js";

const cannotWrite = expect.objectContaining({ code: "file/cannot-write" }) as Error;

test("a file is replaced whole, and nothing stays beside it", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "a"), "old");
  writeBeside(join(folder, "a"), "new");
  expect(readFileSync(join(folder, "a"), "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("what cannot be written is a named error that leaves nothing", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "taken"));
  expect(() => writeBeside(join(folder, "taken"), "x")).toThrow(cannotWrite);
  expect(readdirSync(folder)).toEqual(["taken"]);
});

describe.runIf(process.platform !== "win32")("on a system with links, modes and pipes", () => {
  test.each(["there", "not there"])(
    "the file of a link is written, %s, and the link stays",
    (is) => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "real", "deep"), { recursive: true });
      symlinkSync("real/deep", join(folder, "linked"));
      // Seen from the real folder of the link, not from the path that led to it.
      symlinkSync("../file", join(folder, "real", "deep", "second"));
      symlinkSync(join(folder, "linked", "second"), join(folder, "first"));
      if (is === "there") writeFileSync(join(folder, "real", "file"), "old");
      writeBeside(join(folder, "first"), "new");
      expect(readFileSync(join(folder, "real", "file"), "utf8")).toBe("new");
      expect(readlinkSync(join(folder, "first"))).toBe(join(folder, "linked", "second"));
      expect(readdirSync(join(folder, "real")).sort()).toEqual(["deep", "file"]);
      expect(readdirSync(join(folder, "real", "deep"))).toEqual(["second"]);
    },
  );

  test("links in a circle, and to where no folder is, are named errors", () => {
    const folder = temporaryFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    symlinkSync("no/such", join(folder, "c"));
    expect(() => writeBeside(join(folder, "a"), "x")).toThrow(cannotWrite);
    expect(() => writeBeside(join(folder, "c"), "x")).toThrow(cannotWrite);
    expect(readdirSync(folder).sort()).toEqual(["a", "b", "c"]);
  });

  test("a file keeps its mode", () => {
    const file = join(temporaryFolder(), "a");
    writeFileSync(file, "old");
    chmodSync(file, 0o640);
    writeBeside(file, "new");
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  test("a pipe is neither waited for nor replaced", () => {
    const file = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [file]);
    expect(() => writeBeside(file, "x")).toThrow(
      expect.objectContaining({
        code: "file/cannot-write",
        message: expect.stringContaining("is not a file but a pipe") as string,
      }) as Error,
    );
    expect(lstatSync(file).isFIFO()).toBe(true);
  });
});
