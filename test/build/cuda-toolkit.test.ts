import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { architecturesOf, cudaVersion } from "../../src/build/choose/cuda-toolkit.js";
import { findToolchain } from "../../src/build/choose/toolchain.js";
import { Folder } from "./folder.js";

/** A toolkit's folder with this number in its header; the path of its nvcc. */
function toolkit(folder: Folder, number: number): string {
  const files = {
    "cuda/bin/nvcc": "#!/bin/sh\n",
    "cuda/include/cuda.h": `#define CUDA_VERSION ${number}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.file(name)), { recursive: true });
    writeFileSync(folder.file(name), text);
    chmodSync(folder.file(name), 0o755);
  }
  return folder.file("cuda/bin/nvcc");
}

describe("a toolkit's version", () => {
  it.each([
    [12080, 12.8],
    [13000, 13],
    [11050, 11.5],
  ])("%i is CUDA %d", (number, version) => {
    using folder = new Folder();
    expect(cudaVersion({ path: toolkit(folder, number) }, {})).toBe(version);
  });

  it("is found where nvcc is a link to the toolkit's", () => {
    using folder = new Folder();
    symlinkSync(toolkit(folder, 12080), folder.file("nvcc"));
    expect(cudaVersion({ path: folder.file("nvcc") }, {})).toBe(12.8);
  });

  it("decides which architectures there is code for", () => {
    expect(architecturesOf(12.4)).toEqual([80, 86, 89, 90]);
    expect(architecturesOf(12.8)).toEqual([80, 86, 89, 90, 100, 120]);
    expect(architecturesOf(undefined)).toEqual([80, 86, 89, 90, 100, 120]);
  });

  it("is refused where it is too old, with what to install", () => {
    using folder = new Folder();
    const env = { PATH: process.env.PATH, CUDACXX: toolkit(folder, 11050) };
    expect(() => findToolchain("cmake-js", env, "cuda")).toThrow(
      expect.objectContaining({
        code: "toolchain/old-nvcc",
        help: expect.stringContaining("12.4") as string,
      }) as Error,
    );
  });
});
