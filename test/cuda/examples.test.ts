/**
 * Every example as a program for a GPU, on a machine that need not have one: nvcc compiles it for
 * two architectures with warnings as errors, the addon loads and says what is missing, and every
 * layer is described to the real cuDNN and cuBLAS, which refuse wrong sizes and layouts.
 */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildArtefact } from "../../src/build/build.js";
import { hasDriver } from "../../src/build/choose/choose-target.js";
import type { BuildResult } from "../../src/build/request.js";
import { findNvcc } from "../../src/build/choose/toolchain.js";
import { readSource } from "../../src/model/sources/files.js";
import type { GpuPrecision } from "../../src/targets/program.js";
import { openAddon } from "../../src/runtime/addon.js";
import { loadArtefact } from "../../src/runtime/load-artefact.js";
import { networkOf } from "../support/network.js";
import { wheels } from "./wheels.js";

const examples: Readonly<Record<string, GpuPrecision>> = {
  googlenet: "f16",
  "inception-v3": "bf16",
  "inception-resnet-v2": "f16",
  "simple-inception": "f32",
  "cifar-inception": "tf32",
};

/** Convolutions and linears of each, which a library computes. */
const layers: Readonly<Record<string, number>> = {
  googlenet: 39 + 1,
  "inception-v3": 75 + 1,
  "inception-resnet-v2": 190 + 1,
  // Its layers in a row are one: five convolutions without algebra.
  "simple-inception": 3 + 1,
  "cifar-inception": 21 + 1,
};

const strict = {
  CXXFLAGS: "-Wall -Wextra -Werror",
  CUDAFLAGS: "-Werror all-warnings -Xcompiler=-Wall,-Wextra,-Werror",
};

describe.skipIf(findNvcc() === undefined)("with nvcc", () => {
  const before = { ...process.env };
  beforeAll(() => void Object.assign(process.env, strict, wheels()?.env));
  afterAll(() => {
    for (const name of Object.keys({ ...strict, ...wheels()?.env })) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  describe.each(Object.entries(examples))("%s in %s", (name, precision) => {
    let built: BuildResult;

    beforeAll(async () => {
      const spec = `examples/${name}/${name}.incept`;
      const network = networkOf(readSource(spec));
      built = await buildArtefact({ spec, network, target: "cuda", precision, arch: [80, 120] });
    }, 1_800_000);

    test("compiles for two architectures without a warning", () => {
      expect(built.manifest).toMatchObject({ target: "cuda", precision, level: "sm_80 sm_120" });
      expect(existsSync(built.binary)).toBe(true);
    });

    test.skipIf(hasDriver())("loads, and says that there is no driver", async () => {
      const net = await loadArtefact(built.directory);
      const loading = net.load({ weights: "random:1", target: "cuda" });
      await expect(loading).rejects.toMatchObject({ code: "cuda/no-driver" });
    });

    test.skipIf(wheels() === undefined)("is described to the real libraries", () => {
      const addon = openAddon(built.binary);
      for (const batch of [1, 8]) expect(addon.verify(batch)).toBeGreaterThanOrEqual(layers[name]!);
    });
  });
});
