import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { whileWriting, writeFiles } from "../../src/build/disk/files.js";
import { Folder } from "./folder.js";

it("writes files and the folders they stand in", () => {
  using folder = new Folder();
  writeFiles(folder.path, new Map([["a/b/c.txt", "text"]]));
  expect(readFileSync(folder.file("a", "b", "c.txt"), "utf8")).toBe("text");
});

it("tells a folder that can't be written, and a full disk", async () => {
  using folder = new Folder();
  writeFileSync(folder.file("file"), "");
  const below = folder.file("file", "x");
  await expect(whileWriting(below, () => mkdirSync(below))).rejects.toMatchObject({
    code: "file/cannot-write",
    message: `${below} cannot be written: it is no folder.`,
  });
  const full = Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" });
  await expect(whileWriting(below, () => Promise.reject(full))).rejects.toMatchObject({
    code: "file/cannot-write",
    message: expect.stringContaining("full") as string,
  });
});

it("leaves errors alone that are about something else", async () => {
  using folder = new Folder();
  const elsewhere = (): string => readFileSync("/nowhere/at/all", "utf8");
  await expect(whileWriting(folder.path, elsewhere)).rejects.toMatchObject({ code: "ENOENT" });
});
