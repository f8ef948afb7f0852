import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tryFile, tryFolder } from "../../src/build/disk/writable.js";
import { Folder } from "./folder.js";

const refused = { code: "file/cannot-write" };

describe("whether results can be written is found out before", () => {
  it("for a folder, also one that will be made; nothing is left of the try", async () => {
    using folder = new Folder();
    await tryFolder(folder.path);
    await tryFolder(folder.file("deep", "out"));
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it("for a file, which stays as it is", async () => {
    using folder = new Folder();
    writeFileSync(folder.file("old"), "old");
    symlinkSync("old", folder.file("link"));
    for (const name of ["old", "link", "new"]) await tryFile(folder.file(name));
    execFileSync("mkfifo", [folder.file("pipe")]);
    await tryFile(folder.file("pipe"));
    await tryFile("/dev/null");
    expect(readdirSync(folder.path).sort()).toEqual(["link", "old", "pipe"]);
  });

  // No mode holds root back, but no more does root make files in a file, or in /proc.
  it.runIf(process.platform === "linux")("where the system takes none", async () => {
    using folder = new Folder();
    mkdirSync(folder.file("folder"));
    writeFileSync(folder.file("plain"), "");
    symlinkSync("/proc/sys/deep", folder.file("link"));
    for (const path of [folder.file("plain"), folder.file("plain", "out"), "/proc/sys/out"]) {
      await expect(tryFolder(path), path).rejects.toMatchObject(refused);
    }
    for (const path of [
      folder.file("folder"),
      folder.file("absent", "out"),
      folder.file("plain", "out"),
      folder.file("link"),
      "/proc/sys/out",
    ]) {
      await expect(tryFile(path), path).rejects.toMatchObject(refused);
    }
  });
});
