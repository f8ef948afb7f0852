import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InceptError } from "../../diagnostics/incept-error.js";
import { suggest } from "../../diagnostics/suggest.js";
import { shellWord } from "../../files/display.js";
import { frontOf } from "../../autodiff/front.js";
import type { Measurement } from "../../kernels/records.js";
import type { Network } from "../../model/network.js";
import { trainSettingsOf } from "../../model/settings/train.js";
import { allPasses } from "../../passes/pipelines.js";
import { type CpuLevel, type CpuPrecision, levelsHere } from "../../targets/cpu/level.js";
import type { GpuArchitecture, GpuPrecision } from "../../targets/program.js";
import { builders, cpuChoices, largestBatch, precisions, targetNames } from "./choices.js";
import { chooseTarget } from "./choose-target.js";
import { levelsFor, type Place } from "./cpu-levels.js";
import { allArchitectures, architecturesOf, cudaVersion } from "./cuda-toolkit.js";
import { findRecords, type FoundRecords } from "../records/find-records.js";
import { forcedKernels } from "./forced-kernels.js";
import type { Builder, BuildRequest, TargetName, TrainRequest } from "../request.js";
import { inOrder } from "./train-order.js";
import { trainRequestOf } from "./train-request.js";
import { findNvcc } from "./toolchain.js";

/** Which variant of its network a request means, every default in force. */
export interface Variant {
  readonly target: TargetName;
  readonly precision: GpuPrecision;
  /** Instruction sets of the CPU that there is a program for, best first; none for a GPU. */
  readonly levels: readonly CpuLevel[];
  /** Of the GPUs that machine code is made for; none but for `cuda`. */
  readonly architectures: readonly GpuArchitecture[];
  readonly maxBatch: number;
  readonly aux: boolean;
  readonly taps: readonly string[];
  readonly passes: boolean;
  /** Whether linear maps in a row become one; never without passes. */
  readonly algebra: boolean;
  /** Whether all sums are of what the definition's are of: neither algebra nor Winograd. */
  readonly strict: boolean;
  /** Passes that are left out, in the order in which they would run; none without passes. */
  readonly without: readonly string[];
  /** Kernels that are taken wherever they can be, in the order of their names. */
  readonly force: readonly string[];
  /** What was measured of kernels, and decides about them in place of their estimates. */
  readonly records: readonly Measurement[];
  readonly builder: Builder;
  /** Whether each section is timed by itself; absent where none is. */
  readonly timed?: true;
  /** Absent where the build only answers. */
  readonly train?: TrainVariant;
}

export interface TrainVariant extends Pick<TrainRequest, "losses" | "frozen"> {
  /** Path of the last step of the front, where that is not part of what trains. */
  readonly front?: string;
}

/**
 * @throws RangeError for a batch that no array could hold
 * @throws InceptError `build/target`, `build/precision`, `build/cpu`, `build/arch`, `build/pass`,
 *   `build/kernel`, `build/records` or `build/builder`
 */
export function variantOf(request: BuildRequest, place: Place = "here"): Variant {
  const { maxBatch = 8, aux = false, passes = true, builder = "cmake-js" } = request;
  if (!Number.isInteger(maxBatch) || maxBatch < 1 || maxBatch > largestBatch) {
    throw new RangeError(
      `maxBatch is ${maxBatch}, expected a whole number of 1 to ${largestBatch}.`,
    );
  }
  requireOneOf("target", request.target ?? "auto", targetNames);
  const precision = requireOneOf("precision", request.precision ?? "f32", precisions);
  requireOneOf("cpu", request.cpu ?? "native", cpuChoices);
  requireOneOf("builder", builder, builders);
  const target = targetOf(request);
  if (target === "cpu") requireCpuPrecision(request, precision);
  else requireCmake(builder);
  const architectures = chosenArchitectures(request.arch ?? [], target);
  const levels = levelsFor(request, target, cpuPrecision(precision), place);
  const omitted = omittedPasses(request.without ?? []);
  const without = passes ? omitted : [];
  const strict = request.strict ?? false;
  const algebra = passes && !strict && (request.algebra ?? true);
  const train = trainingOf(request, target);
  const force = forcedKernels(request.force ?? [], { target, passes, trains: train !== undefined });
  const measured = target === "cpu" && passes;
  const records = measured ? recordsOf(request, levels, precision).measurements : [];
  const taps = [...(request.taps ?? []), ...(train?.front === undefined ? [] : [train.front])];
  return {
    ...{ target, precision, levels, architectures, maxBatch, aux, taps },
    ...{ passes, algebra, strict, without, force, records, builder },
    ...(request.timed === true ? { timed: true } : {}),
    ...(train === undefined ? {} : { train }),
  };
}

/** Of several instruction sets the one whose kernels this machine can measure. */
export const measuredLevel = (levels: readonly CpuLevel[]): CpuLevel =>
  levels.find((level) => levelsHere("bf16").includes(level)) ?? levels[0]!;

/** Of several instruction sets the one that runs here, as native/cpu/choice.cpp picks it. */
export const runningLevel = (levels: readonly CpuLevel[]): CpuLevel =>
  levels.find((level) => level === process.env.INCEPT_CPU) ?? measuredLevel(levels);

const recordsOf = (
  { spec, records = "here" }: BuildRequest,
  levels: readonly CpuLevel[],
  precision: GpuPrecision,
): FoundRecords =>
  findRecords(spec, { level: measuredLevel(levels), precision: cpuPrecision(precision) }, records);

/** Why the times of kernels beside the spec are not gone by, where they could be: a sentence without its full stop. */
export const unusedRecords = (
  request: BuildRequest,
  {
    target,
    precision,
    passes,
    levels,
  }: Pick<Variant, "target" | "precision" | "passes" | "levels">,
): string | undefined =>
  target === "cpu" && passes ? recordsOf(request, levels, precision).unused : undefined;

/** Who asks for the same gets the same build. */
function trainingOf(
  { network, train }: BuildRequest,
  target: TargetName,
): TrainVariant | undefined {
  if (train === undefined) return undefined;
  if (target !== "cpu") {
    throw new InceptError("build/train", `Networks are not trained on target ${target} yet.`, {
      help: "build for target cpu: what was trained there runs on GPUs",
    });
  }
  if (train.keepFeatures !== true) return inOrder(train);
  const front = frontOf(network, train);
  if (front === undefined) {
    throw new InceptError(
      "train/no-front",
      `${network.name} has no front to keep the features of: its first layers learn, measure the batch or ` +
        "drop out, or what is trained reads the input past them.",
      { help: "freeze the first layers whole, norms among them, or leave keepFeatures out" },
    );
  }
  return { ...inOrder(train), front };
}

/** Training is for the CPU, and so are its instruction sets: `auto` means it there. */
const targetOf = ({ target = "auto", train, cpu }: BuildRequest): TargetName => {
  if (target !== "auto") return target;
  return train === undefined && cpu === undefined ? chooseTarget().target : "cpu";
};

function requireCpuPrecision(
  { target, train, passes = true }: BuildRequest,
  precision: GpuPrecision,
): void {
  if (precision === "f32") return;
  if (precision !== "bf16") {
    const chosen = target === "cpu" ? "" : ` The target auto means the CPU: ${chooseTarget().why}.`;
    throw new InceptError(
      "build/precision",
      `The CPU computes in f32 or bf16, not in ${precision}.${chosen}`,
      { help: "leave the precision out, or build for a GPU: target cuda" },
    );
  }
  if (train !== undefined) {
    throw new InceptError("build/precision", "Networks train in f32, not in bf16.", {
      help: "leave the precision out: what was trained can be built for bf16 afterwards",
    });
  }
  if (passes) return;
  throw new InceptError("build/precision", "Without passes the CPU computes in f32.", {
    help: "leave out the precision, or --no-passes (passes: false)",
  });
}

/** What the CPU stores images in; the request was found to be none of the others. */
export const cpuPrecision = (precision: GpuPrecision): CpuPrecision =>
  precision === "bf16" ? "bf16" : "f32";

function requireCmake(builder: Builder): void {
  if (builder === "cmake-js") return;
  throw new InceptError("build/builder", `${builder} builds for the CPU alone.`, {
    help: "leave the builder out: cmake-js builds for GPUs",
  });
}

/** Sorted, each once: every one that the toolkit knows unless some are named. */
function chosenArchitectures(
  given: readonly number[],
  target: TargetName,
): readonly GpuArchitecture[] {
  if (target !== "cuda") {
    if (given.length === 0) return [];
    throw new InceptError("build/arch", `Architectures are of GPUs, but the target is ${target}.`, {
      help: "leave them out, or build for target cuda",
    });
  }
  if (given.length === 0) {
    const nvcc = findNvcc();
    return architecturesOf(nvcc === undefined ? undefined : cudaVersion(nvcc));
  }
  const unknown = given.find((number) => !allArchitectures.some((known) => known === number));
  if (unknown === undefined) return allArchitectures.filter((known) => given.includes(known));
  throw new InceptError("build/arch", `There is no architecture ${unknown}.`, {
    help: `it is one of ${allArchitectures.join(", ")}; inceptc doctor shows this machine's`,
  });
}

function omittedPasses(names: readonly string[]): readonly string[] {
  const known = allPasses.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return known.filter((name) => names.includes(name));
  const near = suggest(unknown, known);
  throw new InceptError("build/pass", `There is no pass ${unknown}.`, {
    help: near === undefined ? `it is one of ${known.join(", ")}` : `did you mean ${near}?`,
  });
}

/** TypeScript callers can't get here; plain JavaScript can. */
function requireOneOf<const K extends string>(
  name: "target" | "precision" | "cpu" | "builder",
  value: string,
  known: readonly K[],
): K {
  const found = known.find((k) => k === value);
  if (found !== undefined) return found;
  const what = name === "cpu" ? "instruction set" : name;
  throw new InceptError(`build/${name}`, `There is no ${what} ${value}.`, {
    help: `it is one of ${known.join(", ")}`,
  });
}

/** What a trainer asks for by its options has no flag. */
function trainWords(network: Network, train: TrainRequest | undefined): readonly string[] {
  if (train === undefined) return [];
  const isSaid = trainSettingsOf(network).settings !== undefined;
  const same = isSaid && isDeepStrictEqual(inOrder(trainRequestOf(network)), train);
  return [same ? "--train" : "--train (with losses or frozen parameters of a trainer's own)"];
}

/** The command that asks for the same, for people: it is printed, never run. */
export function commandOf(
  { spec, network, cpu = "native" }: BuildRequest,
  variant: Variant,
): string {
  const settings = Object.entries(network.settings).map(([name, value]) => {
    const text = typeof value === "object" ? `${value.height}x${value.width}` : String(value);
    return `--set ${name}=${text}`;
  });
  const { target, precision, architectures } = variant;
  const some = architectures.length > 0 && architectures.length < allArchitectures.length;
  return [
    "inceptc build",
    shellWord(basename(spec)),
    ...settings,
    ...(target === "cpu" ? [] : [`--target ${target}`]),
    ...(precision === "f32" ? [] : [`--precision ${precision}`]),
    ...(cpu === "native" ? [] : [`--cpu ${cpu}`]),
    ...(some ? [`--arch ${architectures.join(",")}`] : []),
    ...(variant.maxBatch === 8 ? [] : [`--max-batch ${variant.maxBatch}`]),
    ...(variant.aux ? ["--aux"] : []),
    ...(variant.taps.length === 0 ? [] : [`--tap ${variant.taps.join(",")}`]),
    ...trainWords(network, variant.train),
    ...(variant.timed === true ? ["(timed, as for inceptc bench --layers)"] : []),
    ...(variant.passes ? [] : ["--no-passes"]),
    ...(variant.strict ? ["--strict"] : []),
    ...(variant.passes && !variant.algebra && !variant.strict ? ["--no-algebra"] : []),
    ...variant.without.map((name) => `--without ${name}`),
    ...variant.force.map((name) => `--force ${shellWord(name)}`),
  ].join(" ");
}
