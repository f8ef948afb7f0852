import { chmodSync, existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { headersPrefix } from "../../src/build/make/node-gyp.js";
import { findToolchain } from "../../src/build/choose/toolchain.js";
import { Folder } from "./folder.js";

/** A PATH with these programs and nothing else. */
function pathWith(folder: Folder, ...names: readonly string[]): NodeJS.ProcessEnv {
  for (const name of names) {
    writeFileSync(folder.file(name), "#!/bin/sh\n");
    chmodSync(folder.file(name), 0o755);
  }
  return { PATH: folder.path };
}

const error = (code: string, help: string): unknown =>
  expect.objectContaining({ code, help: expect.stringContaining(help) as string });

describe("a toolchain", () => {
  it("is found without running anything, and told by path, size and time", () => {
    using folder = new Folder();
    const env = pathWith(folder, "g++", "cmake", "ninja");
    const found = findToolchain("cmake-js", env);
    const { size, mtimeMs } = statSync(folder.file("g++"));
    expect(found.compiler).toEqual({ path: folder.file("g++"), size, modified: mtimeMs });
    expect(found.others.map(({ path }) => path)).toEqual([
      folder.file("cmake"),
      folder.file("ninja"),
    ]);
    utimesSync(folder.file("g++"), 1, 1);
    expect(findToolchain("cmake-js", env)).not.toEqual(found);
  });

  it("of a GPU has nvcc, on the PATH or where CUDACXX says", () => {
    using folder = new Folder();
    const env = pathWith(folder, "g++", "cmake", "ninja");
    const without = { ...env, CUDA_PATH: folder.file("none") };
    if (!existsSync("/usr/local/cuda/bin/nvcc")) {
      expect(() => findToolchain("cmake-js", without, "cuda")).toThrow(
        error("toolchain/no-nvcc", "CUDA toolkit"),
      );
    }
    expect(findToolchain("cmake-js", without, "cuda-sim").nvcc).toBeUndefined();
    pathWith(folder, "nvcc", "other");
    expect(findToolchain("cmake-js", env, "cuda").nvcc?.path).toBe(folder.file("nvcc"));
    const named = { ...env, CUDACXX: folder.file("other") };
    expect(findToolchain("cmake-js", named, "cuda").nvcc?.path).toBe(folder.file("other"));
  });

  it("has the compiler that CXX names", () => {
    using folder = new Folder();
    const env = pathWith(folder, "g++", "clang++", "cmake", "make");
    expect(findToolchain("cmake-js", { ...env, CXX: "clang++ -Wall" }).compiler.path).toBe(
      folder.file("clang++"),
    );
    expect(() => findToolchain("cmake-js", { ...env, CXX: "icpc" })).toThrow(/CXX.*icpc/);
  });

  it("is not said to lack a compiler where CXX names something else that is missing", () => {
    using folder = new Folder();
    const env = { ...pathWith(folder, "g++", "cmake", "make"), CXX: "ccache g++" };
    expect(() => findToolchain("cmake-js", env)).toThrow(
      error("toolchain/no-compiler", "install ccache, or set CXX to a compiler that is there"),
    );
    // A path is nothing that one installs.
    expect(() => findToolchain("cmake-js", { ...env, CXX: "/no/such/g++" })).toThrow(
      expect.objectContaining({ help: "set CXX to a compiler that is there, or unset it" }),
    );
  });

  it("lacks what is not there, with the words to install it", () => {
    using folder = new Folder();
    expect(() => findToolchain("cmake-js", { PATH: folder.path })).toThrow(
      error(
        "toolchain/no-compiler",
        process.platform === "linux" ? "apt-get install g++ cmake" : "",
      ),
    );
    const env = pathWith(folder, "g++");
    expect(() => findToolchain("cmake-js", env)).toThrow(
      error("toolchain/no-cmake", "--builder node-gyp"),
    );
    expect(() => findToolchain("node-gyp", env)).toThrow(error("toolchain/no-python", "python3"));
    expect(() => findToolchain("node-gyp", pathWith(folder, "python3"))).toThrow(
      error("toolchain/no-make", "make"),
    );
  });

  it("does not count folders and files that can't be run", () => {
    using folder = new Folder();
    mkdirSync(folder.file("g++"));
    writeFileSync(folder.file("c++"), "");
    chmodSync(folder.file("c++"), 0o644);
    expect(() => findToolchain("cmake-js", { PATH: folder.path })).toThrow(/No C\+\+17 compiler/);
  });
});

it("builds with node-gyp only where Node's headers are, so that none are downloaded", () => {
  using folder = new Folder();
  mkdirSync(folder.file("include", "node"), { recursive: true });
  const execPath = folder.file("bin", "node");
  expect(() => headersPrefix(execPath)).toThrow(error("toolchain/no-node-headers", "cmake-js"));
  writeFileSync(folder.file("include", "node", "common.gypi"), "");
  expect(headersPrefix(execPath)).toBe(folder.path);
});
