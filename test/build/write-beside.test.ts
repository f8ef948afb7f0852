import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeBeside } from "../../src/build/write-beside.js";
import { temporaryFolder } from "../support/cli.js";

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
  expect(() => writeBeside(join(folder, "taken"), "x")).toThrow(
    expect.objectContaining({ code: "file/cannot-write" }) as Error,
  );
  expect(readdirSync(folder)).toEqual(["taken"]);
});
