import { resolve } from "node:path";
import { trainRequestOf } from "../build/choose/train-request.js";
import { chooseTarget } from "../build/choose/choose-target.js";
import type { Manifest } from "../emit/manifest.js";
import { unusedRecords, type Variant, variantOf } from "../build/choose/variant.js";
import { buildArtefact } from "../build/build.js";
import type { BuildEvent, BuildRequest, BuildResult } from "../build/request.js";
import { displayPath } from "../files/display.js";
import type { Network } from "../model/network.js";
import { NetworkModule } from "../runtime/module.js";
import type { BuildOptions } from "../runtime/options.js";
import { convsInKernels } from "./kernel-counts.js";
import type { BuildFlags } from "./options.js";
import { progress } from "./progress.js";
import { bytes, say } from "./terminal.js";

/** What the flags ask of the builder. */
export const requestOf = (
  spec: string,
  network: Network,
  flags: BuildFlags,
  taps: readonly string[] = [],
): BuildRequest => ({
  spec: resolve(spec),
  network,
  target: flags.target,
  precision: flags.precision,
  cpu: flags.cpu,
  arch: flags.arch,
  maxBatch: flags.maxBatch,
  passes: flags.passes,
  algebra: flags.algebra,
  strict: flags.strict,
  without: flags.without,
  force: flags.force,
  builder: flags.builder,
  aux: flags.aux,
  taps,
  train: flags.train === true ? trainRequestOf(network) : undefined,
});

/** Builds the variant that the flags name, unless it is there; says what it does. */
export async function built(request: BuildRequest, quiet: boolean): Promise<BuildResult> {
  if (!quiet) sayChoice(request);
  sayUnused(request, variantOf(request));
  const shown = progress(quiet);
  try {
    return await buildArtefact({ ...request, onProgress: (event) => shown.phase(phase(event)) });
  } finally {
    shown.stop();
  }
}

function phase({ phase: name, done, total, lock = "", why }: BuildEvent): string {
  switch (name) {
    case "emit":
      return "writing the C++";
    case "configure":
      return "configuring";
    case "compile":
      return done === undefined ? "compiling" : `compiling ${done}/${total}`;
    case "link":
      return "linking";
    case "probe":
      return "loading it in a process of its own";
    case "untuned":
      return `kernels are chosen by estimates: ${why}`;
    case "refuse":
      return `building again, since ${why}`;
    case "wait":
      return `waiting for the build that holds ${displayPath(lock)}`;
  }
}

/** Builds as `built` does, and gives the module; under `auto` it may still take the CPU. */
export async function builtModule(request: BuildRequest, quiet: boolean): Promise<NetworkModule> {
  const { target, precision } = request;
  const artefact = await built(request, quiet);
  const asked = {
    ...(target === undefined ? {} : { target }),
    ...(precision === undefined ? {} : { precision }),
  };
  const another = ({ target }: BuildOptions): Promise<BuildResult> => {
    return built({ ...request, target, arch: undefined }, quiet);
  };
  return new NetworkModule(artefact, another, asked);
}

/** That what was measured of kernels somewhere else does not count here. */
export function sayUnused(request: BuildRequest, variant: Variant): void {
  const unused = unusedRecords(request, variant);
  if (unused !== undefined) say(`warning: ${unused}`);
}

/** What `auto` meant and why, where there is any sign of a GPU. */
function sayChoice({ target = "auto" }: BuildRequest): void {
  if (target !== "auto") return;
  const { target: chosen, why, worthTelling } = chooseTarget();
  if (worthTelling) say(`target auto: ${chosen}, since ${why}`);
}

/** `googlenet  cpu avx512  57 convs in 39 kernels  9.1 MiB arena` */
export const describeBuild = ({ manifest }: BuildResult): string =>
  [
    manifest.model,
    targetText(manifest),
    convsInKernels(manifest),
    `${bytes(manifest.arenaBytes)} arena`,
  ].join("  ");

/** `cpu avx512 avx2 baseline`, `cpu bf16 amx`, `cuda f16 sm_80..sm_120` */
function targetText({ target, precision, level }: Manifest): string {
  const all = level.split(" ");
  const span = target !== "cpu" && all.length > 2 ? `${all[0]}..${all.at(-1)}` : all.join(" ");
  const plain = target === "cpu" && precision === "f32";
  return [target, ...(plain ? [] : [precision]), span].join(" ");
}
