import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitProject } from "../../src/build/deliver/emit.js";
import type { EmitRequest } from "../../src/build/request.js";
import { tinySpec } from "../emit/project.js";
import { networkOf } from "../support/network.js";
import { Folder } from "./folder.js";

const network = networkOf(tinySpec);
const other = networkOf(tinySpec.replace("Tiny", "Other"));

const emit = (directory: string, more: Partial<EmitRequest> = {}): Promise<void> =>
  emitProject({ spec: "tiny.incept", network, target: "cpu", directory, ...more });

/** Every file below the folder with what it holds. */
const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]),
  );

describe("a folder that sources are emitted to", () => {
  it("holds a mark that lists them", async () => {
    using folder = new Folder();
    await emit(folder.file("out"));
    const { inceptc, files } = JSON.parse(
      readFileSync(folder.file("out", ".inceptc.json"), "utf8"),
    ) as { inceptc: string; files: Record<string, string> };
    expect(inceptc).toMatch(/^\d+\.\d+\.\d+/);
    const names = Object.keys(contents(folder.file("out")));
    expect(Object.keys(files).sort()).toEqual(names.filter((name) => name !== ".inceptc.json"));
    expect(names).toContain("native/abi/incept.h");
  });

  it("may be for a processor that this machine does not compile for", async () => {
    using folder = new Folder();
    const other = process.arch === "arm64" ? "avx2" : "neon";
    await emit(folder.file("out"), { standalone: true, cpu: other });
    expect(readFileSync(folder.file("out", "network.cpp"), "utf8")).toMatch(
      other === "neon" ? /kNeon/ : /kAvx2/,
    );
    await expect(
      emit(folder.file("out"), { target: "cuda-sim", cpu: other }),
    ).rejects.toMatchObject({ code: "build/cpu" });
  });

  it("is exchanged whole, and stays the folder that somebody stands in", async () => {
    using folder = new Folder();
    mkdirSync(folder.file("out"));
    const { ino } = statSync(folder.file("out"));
    await emit(folder.file("out"));
    expect(statSync(folder.file("out")).ino).toBe(ino);
    await emit(folder.file("out"), { network: other, standalone: true });
    await emit(folder.file("fresh"), { network: other, standalone: true });
    expect(contents(folder.file("out"))).toEqual(contents(folder.file("fresh")));
    expect(statSync(folder.file("out")).ino).toBe(ino);
    expect(readdirSync(folder.path).sort()).toEqual(["fresh", "out"]);
  });

  it("keeps what was built in it", async () => {
    using folder = new Folder();
    await emit(folder.file("out"));
    mkdirSync(folder.file("out", "build"));
    writeFileSync(folder.file("out", "build", "CMakeCache.txt"), "cache");
    await emit(folder.file("out"), { network: other });
    expect(readFileSync(folder.file("out", "build", "CMakeCache.txt"), "utf8")).toBe("cache");
  });

  it("may be a link, also to a folder that is not there yet: it stays one", async () => {
    using folder = new Folder();
    symlinkSync("real", folder.file("link"));
    for (const each of [network, other]) {
      await emit(folder.file("link"), { network: each });
      expect(readlinkSync(folder.file("link"))).toBe("real");
      expect(contents(folder.file("real"))["network.cpp"]).toContain(each.name);
    }
    expect(readdirSync(folder.path).sort()).toEqual(["link", "real"]);
  });

  it("is taken over from a run that was killed", async () => {
    using folder = new Folder();
    await emit(folder.file("out"));
    const whole = contents(folder.file("out"));
    // While the old files went, and while the new ones waited or came.
    rmSync(folder.file("out", "network.cpp"));
    rmSync(folder.file("out", "native"), { recursive: true });
    mkdirSync(folder.file("out", ".inceptc-0123abcd.new"));
    writeFileSync(folder.file("out", ".inceptc-0123abcd.new", "network.cpp"), "half");
    await emit(folder.file("out"));
    expect(contents(folder.file("out"))).toEqual(whole);
  });
});

describe("a folder that is somebody's", () => {
  const refuse = async (
    directory: string,
    message: string,
    code = "emit/not-empty",
  ): Promise<void> => {
    const before = lstatSync(directory).isDirectory() ? contents(directory) : {};
    await expect(emit(directory)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    expect(lstatSync(directory).isDirectory() ? contents(directory) : {}).toEqual(before);
  };

  it("is left as it is, though all names are those of a project", async () => {
    using folder = new Folder();
    mkdirSync(folder.file("addon", "native"), { recursive: true });
    for (const name of ["CMakeLists.txt", "binding.gyp", "package.json", "native/mine.cpp"]) {
      writeFileSync(folder.file("addon", name), "mine");
    }
    await refuse(
      folder.file("addon"),
      "addon holds what inceptc did not write: CMakeLists.txt, binding.gyp, native/ and 1 more.",
    );
    mkdirSync(folder.file("only"));
    mkdirSync(folder.file("only", "build"));
    await refuse(folder.file("only"), "did not write: build/.");
  });

  it.each<[what: string, add: (out: string) => void, told: string]>([
    ["a file", (out) => writeFileSync(join(out, "notes.txt"), "mine"), "notes.txt."],
    [
      "a file among ours",
      (out) => writeFileSync(join(out, "native", "x.hpp"), ""),
      "native/x.hpp.",
    ],
    ["an empty folder", (out) => mkdirSync(join(out, "native", "mine")), "native/mine/."],
    ["a folder of dependencies", (out) => mkdirSync(join(out, "node_modules")), "node_modules/."],
    ["a file called build", (out) => writeFileSync(join(out, "build"), ""), "build."],
    [
      "a link in the place of a file of ours",
      (out) => {
        renameSync(join(out, "network.cpp"), join(out, "build.cpp"));
        mkdirSync(join(out, "build"));
        renameSync(join(out, "build.cpp"), join(out, "build", "network.cpp"));
        symlinkSync("build/network.cpp", join(out, "network.cpp"));
      },
      "network.cpp.",
    ],
    [
      "a link in the place of a folder of ours",
      (out) => {
        mkdirSync(join(out, "build"));
        renameSync(join(out, "native"), join(out, "build", "native"));
        symlinkSync("build/native", join(out, "native"));
      },
      "native.",
    ],
  ])("is left as it is with %s in it", async (_, add, told) => {
    using folder = new Folder();
    await emit(folder.file("out"));
    add(folder.file("out"));
    await refuse(folder.file("out"), `out holds what inceptc did not write: ${told}`);
  });

  it("is left as it is where a file of ours was changed", async () => {
    using folder = new Folder();
    await emit(folder.file("out"));
    writeFileSync(folder.file("out", "network.cpp"), "better");
    await refuse(
      folder.file("out"),
      "out holds files that were changed since inceptc wrote them: network.cpp.",
      "emit/changed",
    );
  });

  it.each([
    "",
    "{",
    "[]",
    '{"files":null}',
    '{"files":{"a":"b"}}',
    JSON.stringify({ files: { "../../notes.txt": "0".repeat(64) } }),
  ])("is not ours by a mark such as %j", async (mark) => {
    using folder = new Folder();
    writeFileSync(folder.file("notes.txt"), "mine");
    mkdirSync(folder.file("x", "out"), { recursive: true });
    writeFileSync(folder.file("x", "out", ".inceptc.json"), mark);
    writeFileSync(folder.file("x", "out", "mine.txt"), "mine");
    await refuse(folder.file("x", "out"), "mine.txt");
    expect(readFileSync(folder.file("notes.txt"), "utf8")).toBe("mine");
  });

  it("is not ours by a link to another folder's mark", async () => {
    using folder = new Folder();
    await emit(folder.file("out"));
    mkdirSync(folder.file("copy"));
    symlinkSync("../out/.inceptc.json", folder.file("copy", ".inceptc.json"));
    await refuse(folder.file("copy"), "did not write: .inceptc.json.");
  });

  it("is no folder", async () => {
    using folder = new Folder();
    writeFileSync(folder.file("file"), "mine");
    await refuse(folder.file("file"), "file is not a folder.");
    symlinkSync("file", folder.file("link"));
    await expect(emit(folder.file("link"))).rejects.toMatchObject({ code: "emit/not-empty" });
    expect(readFileSync(folder.file("file"), "utf8")).toBe("mine");
    symlinkSync("circle", folder.file("circle"));
    await expect(emit(folder.file("circle"))).rejects.toMatchObject({
      code: "file/cannot-write",
      message: expect.stringContaining("its links lead in a circle") as string,
    });
  });
});
