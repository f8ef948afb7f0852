import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  cacheEntries,
  clearCache,
  findBuild,
  findVariant,
  publish,
  writableRoot,
} from "../../src/build/cache.js";
import { Folder } from "./folder.js";

/** A folder such as a build leaves, in which `text` tells one from another. */
function fresh(folder: Folder, name: string, text = name): string {
  const made = folder.file(".incept", name);
  mkdirSync(made, { recursive: true });
  writeFileSync(`${made}/manifest.json`, '{"model":"Net","target":"cpu","level":"avx2"}');
  writeFileSync(`${made}/text`, text);
  return made;
}

it("finds a build by its key, and by its variant whatever tools made it", () => {
  using folder = new Folder();
  const root = folder.file(".incept");
  const place = publish(fresh(folder, "a.new"), root, "key", "variant");
  expect(findBuild([folder.file("absent"), root], "key")).toBe(place);
  expect(findVariant([root], "variant")).toBe(place);
  expect(findBuild([root], "other")).toBeUndefined();
  expect(findVariant([root], "other")).toBeUndefined();
});

it("never trusts a folder without its done-marker, and replaces it", () => {
  using folder = new Folder();
  const root = folder.file(".incept");
  fresh(folder, "key", "half a build");
  expect(findBuild([root], "key")).toBeUndefined();
  expect(cacheEntries(folder.path).map(({ directory }) => directory)).not.toContain(`${root}/key`);
  publish(fresh(folder, "b.new", "whole"), root, "key", "variant");
  expect(readFileSync(`${root}/key/text`, "utf8")).toBe("whole");
});

it("keeps the first of two builds of one key", () => {
  using folder = new Folder();
  const root = folder.file(".incept");
  publish(fresh(folder, "a.new", "first"), root, "key", "variant");
  publish(fresh(folder, "b.new", "second"), root, "key", "variant");
  expect(readFileSync(`${root}/key/text`, "utf8")).toBe("first");
  expect(readdirSync(root)).toEqual(["key"]);
});

it("lists builds with their sizes, and clears them with what killed builds left", () => {
  using folder = new Folder();
  const root = folder.file(".incept");
  const place = publish(fresh(folder, "a.new"), root, "key", "variant");
  fresh(folder, "killed.new");
  const entries = cacheEntries(folder.path).filter(({ directory }) => directory === place);
  expect(entries).toMatchObject([{ model: "Net", target: "cpu avx2" }]);
  expect(entries[0]!.bytes).toBeGreaterThan(40);
  clearCache(entries);
  expect(readdirSync(root)).toEqual([]);
});

it("takes the first folder that can be written, and says so where there is none", () => {
  using folder = new Folder();
  // A file where a folder should be can't be written by anyone, root included.
  writeFileSync(folder.file("file"), "");
  const blocked = folder.file("file", ".incept");
  expect(writableRoot([blocked, folder.file("user")])).toBe(folder.file("user"));
  expect(existsSync(folder.file("user"))).toBe(true);
  expect(() => writableRoot([blocked])).toThrow(
    expect.objectContaining({
      code: "cache/unwritable",
      help: expect.stringContaining("XDG") as string,
    }),
  );
});
