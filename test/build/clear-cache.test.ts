import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findBuild } from "../../src/build/cache/cache.js";
import { cacheEntries, clearCache } from "../../src/build/cache/clear-cache.js";
import { recordFolder, userCache } from "../../src/build/cache/places.js";
import { openWorkshop } from "../../src/build/cache/workshop.js";
import { finished, fresh, key, otherKey } from "./fake-build.js";
import { Folder } from "./folder.js";
import { ownFolders } from "./own-folders.js";

ownFolders();

const dead = (): string => `${spawnSync(process.execPath, ["-e", ""]).pid} ${hostname()} x\n`;
const alive = `${process.pid} ${hostname()} x\n`;

describe("the list of builds", () => {
  it("has their sizes, of both places", () => {
    using folder = new Folder();
    const beside = finished(folder.file(".incept"));
    finished(userCache(), otherKey);
    const entries = cacheEntries(folder.path);
    expect(entries).toMatchObject([
      { directory: beside.directory, model: "Fake", target: "cpu baseline" },
      { directory: join(userCache(), otherKey), model: "Fake" },
    ]);
    expect(entries[0]!.bytes).toBeGreaterThan(40);
  });

  it("has damaged ones as such, and nothing that is not ours", () => {
    using folder = new Folder();
    const { directory } = finished(folder.file(".incept"));
    truncateSync(join(directory, "fake.node"), 0);
    truncateSync(join(directory, "manifest.json"), 1);
    mkdirSync(folder.file(".incept", "mine"));
    writeFileSync(folder.file(".incept", `${otherKey}.lock`), dead());
    const [entry, ...others] = cacheEntries(folder.path);
    expect(others).toEqual([]);
    expect(entry).toEqual({
      directory,
      bytes: entry!.bytes,
      fault: expect.stringContaining("manifest.json holds 1 bytes") as string,
    });
  });
});

describe("clearing", () => {
  it("removes builds, torn or not, and what killed builds left, and nothing else", () => {
    using folder = new Folder();
    const root = folder.file(".incept");
    finished(root);
    writeFileSync(join(finished(root, otherKey).directory, "manifest.json"), "{");
    fresh(root, `${key}.01234567.new`);
    mkdirSync(folder.file(".incept", `${key}.lock.89abcdef.new`));
    writeFileSync(folder.file(".incept", `${otherKey}.lock`), dead());
    mkdirSync(folder.file(".incept", `${"a".repeat(32)}.lock`, "deep"), { recursive: true });
    for (const name of ["mine.txt", "killed.new", `${key}.txt`, `x${key}`]) {
      writeFileSync(folder.file(".incept", name), "mine");
    }
    const cleared = clearCache(folder.path);
    expect(cleared).toMatchObject({ leftovers: 4, failed: [], links: [] });
    expect(cleared.entries.map(({ directory }) => directory).sort()).toEqual(
      [join(root, key), join(root, otherKey)].sort(),
    );
    expect(readdirSync(root).sort()).toEqual(
      ["mine.txt", "killed.new", `${key}.txt`, `x${key}`].sort(),
    );
    expect(readdirSync(recordFolder())).toEqual([]);
  });

  it("leaves alone what belongs to a build under way", () => {
    using folder = new Folder();
    const root = folder.file(".incept");
    fresh(root, `${key}.01234567.new`);
    writeFileSync(folder.file(".incept", `${key}.lock`), alive);
    expect(clearCache(folder.path)).toMatchObject({ entries: [], leftovers: 0 });
    expect(readdirSync(root).sort()).toEqual([`${key}.01234567.new`, `${key}.lock`]);
    utimesSync(folder.file(".incept", `${key}.lock`), 1, 1);
    expect(clearCache(folder.path)).toMatchObject({ leftovers: 2 });
    expect(readdirSync(root)).toEqual([]);
  });

  it("follows no link out of the cache", () => {
    using folder = new Folder();
    const theirs = finished(folder.file("theirs")).directory;
    mkdirSync(folder.file("a", ".incept"), { recursive: true });
    symlinkSync(theirs, folder.file("a", ".incept", key));
    mkdirSync(folder.file("b"));
    symlinkSync(folder.file("theirs"), folder.file("b", ".incept"));
    expect(clearCache(folder.file("a")).entries).toHaveLength(1);
    expect(readdirSync(folder.file("a", ".incept"))).toEqual([]);
    expect(clearCache(folder.file("b"))).toMatchObject({
      entries: [],
      links: [folder.file("b", ".incept")],
    });
    expect(findBuild([folder.file("theirs")], key, "verified")?.directory).toBe(theirs);
  });

  it("removes where killed builds compiled, not where one compiles", () => {
    using folder = new Folder();
    const make = (name: string, lock?: string): string => {
      mkdirSync(join(tmpdir(), name));
      if (lock !== undefined) writeFileSync(join(tmpdir(), name, "build.lock"), lock);
      return join(tmpdir(), name);
    };
    make("incept-build-Killed", dead());
    utimesSync(make("incept-build-Early0"), 1, 1);
    make("incept-build-Begun0");
    make("incept-build-mine", dead());
    mkdirSync(folder.file("elsewhere"));
    symlinkSync(folder.file("elsewhere"), join(tmpdir(), "incept-build-Link00"));
    const left = openWorkshop();
    left.leave();
    const work = openWorkshop();
    expect(clearCache(folder.path).leftovers).toBe(3);
    const stay = ["Begun0", "Link00", "mine"].map((name) => `incept-build-${name}`);
    expect(readdirSync(tmpdir()).sort()).toEqual(
      [...stay, basename(work.directory), basename(folder.path)].sort(),
    );
    work.leave();
    expect(clearCache(folder.path).leftovers).toBe(1);
  });
});
