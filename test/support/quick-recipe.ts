/** How quick-build.ts compiles the networks of each target. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { TrainVariant } from "../../src/build/choose/variant.js";
import { packageFile } from "../../src/emit/package.js";
import { type CpuLevel, hostLevel, kernelFlags } from "../../src/targets/cpu/level.js";
import { cpuTarget } from "../../src/targets/cpu/target.js";
import { cudaTarget } from "../../src/targets/cuda/target.js";
import type { GpuPrecision } from "../../src/targets/program.js";
import type { Target } from "../../src/targets/target.js";

const native = packageFile("native");
const common = ["-fPIC", "-fvisibility=hidden", "-fvisibility-inlines-hidden"];
const includes = [
  native,
  packageFile("node_modules/node-addon-api"),
  packageFile("node_modules/node-api-headers/include"),
].map((folder) => `-I${folder}`);

export interface Variant {
  readonly passes: boolean;
  /** Default: the CPU with the best instructions of this machine. */
  readonly target?: "cpu" | "cuda-sim";
  readonly level?: CpuLevel;
  /** Default: true. What others are judged by may compile faster instead of running faster. */
  readonly optimized?: boolean;
  readonly precision?: GpuPrecision;
  /** Default: 8. */
  readonly maxBatch?: number;
  /** Kernels of the CPU that are taken wherever they can be. Default: none. */
  readonly force?: readonly string[];
  /** Compile what trains the network, too; on the CPU. */
  readonly train?: TrainVariant;
}

/** How the networks of one target are compiled. */
export interface Recipe {
  readonly target: Target;
  /** For what is emitted, and for the header that it is precompiled with. */
  readonly flags: readonly string[];
  /** Below native/: compiled once, with flags of their own. */
  readonly shared: readonly string[];
  readonly sharedFlags: readonly string[];
  /** Headers below native/ that hold most of what a small network's compiler reads. */
  readonly headers: readonly string[];
}

const headersOf = (...folders: readonly string[]): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(native, folder))
      .filter((name) => /\.(hpp|cuh)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );

export function recipeOf(variant: Variant): Recipe {
  const {
    target,
    passes,
    precision = "f32",
    level = hostLevel(precision === "bf16" ? "bf16" : "f32"),
    optimized = true,
    force = [],
    train,
  } = variant;
  if (target === "cuda-sim") {
    // A small network is compiled for longer than it runs, and no vectors are what is simulated.
    const flags = ["-std=c++20", "-DINCEPT_SIM", "-O1", ...common, ...includes];
    const machine = readdirSync(join(native, "sim")).filter((name) => name.endsWith(".cpp"));
    return {
      target: cudaTarget({ target, precision, architectures: [], placed: passes }),
      flags,
      sharedFlags: flags,
      shared: [
        ...["engine.cpp", "walk.cpp", "workspace.cpp", "convolution.cu", "linear.cu"].map(
          (name) => `cuda/${name}`,
        ),
        ...machine.map((name) => `sim/${name}`),
      ],
      headers: headersOf("layers", "prepare", "cuda"),
    };
  }
  const own = ["-std=c++17", ...common, ...includes, ...(train ? ["-DINCEPT_TRAIN"] : [])];
  const training = readdirSync(join(native, "cpu/train")).filter((name) => name.endsWith(".cpp"));
  return {
    target: cpuTarget({
      ...{ level, reference: !passes, force },
      ...(precision === "bf16" ? { precision } : {}),
    }),
    flags: [...own, ...kernelFlags(level), ...(optimized ? [] : ["-O1"])],
    sharedFlags: [...own, "-O1"],
    shared: [
      ...["cpu/level.cpp", "cpu/choice.cpp", "cpu/engine.cpp"],
      ...(train ? ["abi/train.cpp", ...training.map((name) => `cpu/train/${name}`)] : []),
    ],
    headers: [
      ...headersOf("layers", "prepare", "cpu", "cpu/conv", "cpu/reference"),
      ...(train ? headersOf("cpu/gradient", "cpu/reference/gradient") : []),
    ],
  };
}
