import { existsSync } from "node:fs";
import { type InceptErrorCode, isInceptErrorCode } from "../diagnostics/error-codes.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { shownPath } from "../files/display.js";
import type { ImageInput } from "../model/network.js";
import type { Shape } from "../ops/shape.js";
import type { OptimizerName } from "../ops/training/optimizers.js";
import type { Cut } from "./image/cut.js";
import type { Raster } from "./image/raster.js";

/** What native/addon/addon.cpp exports. */
export interface NativeAddon {
  describe(): NativeDescription;
  /**
   * Describes every layer of a batch to the vendor's libraries, which need no GPU for that; how
   * many there were. 0 on the CPU.
   */
  verify(batch: number): number;
  /**
   * Resizes, crops and normalises decoded pictures on another thread; writes C,H,W of each to
   * `tensor`. Nobody else touches its memory or theirs until it resolves.
   *
   * @param cuts one a picture. Default: the centre of each, as inference has it
   */
  preparePictures(
    rasters: readonly Raster[],
    image: ImageInput,
    tensor: Float32Array,
    cuts?: readonly Cut[],
  ): Promise<void>;
  /** Whether this machine can run the network; fails with the reason. A GPU is opened for it. */
  probe(options: SessionOptions): Promise<void>;
  /**
   * Of a build that is timed: nanoseconds of each section, in all runs by `runSync` since this was last
   * called.
   */
  laps?(sections: number): number[];
  /** Whether `load` reads files of this process by their descriptors. */
  readonly readsFiles?: boolean;
  readonly Model: new () => NativeModel;
  readonly Session: new () => NativeSession;
  /** Of a build that can train. */
  readonly Trainer?: new () => NativeTrainer;
}

export interface SessionOptions {
  /** 0 takes the physical cores; of the CPU. */
  readonly threads: number;
  /** Which of the GPUs that the process sees; 0 on the CPU. */
  readonly device: number;
  /** Microseconds that a thread stays awake for the next run; of the CPU. Default: 200. */
  readonly spin?: number | undefined;
}

/** The weights, prepared once for all sessions. */
export interface NativeModel {
  /**
   * Once. Nobody else touches the arrays until it resolves, and the file stays open.
   *
   * @param values in the order of the parameters; a number says at which byte of the file they begin,
   *   little-endian and dense
   * @param file its descriptor
   * @returns the indices of parameters that were read from the file and hold NaN or infinities
   */
  load(values: readonly (Float32Array | number)[], file?: number): Promise<readonly number[]>;
  /** Sessions go on: what they share is freed with the last of them. */
  dispose(): void;
}

export interface NativeDescription {
  readonly abiVersion: number;
  readonly model: string;
  /** What runs: `cpu avx2`. */
  readonly target: string;
  /** What there are programs for, best first: `avx512 avx2 baseline`. */
  readonly levels: string;
  readonly maxBatch: number;
  readonly inputs: readonly NativePort[];
  readonly outputs: readonly NativePort[];
  readonly parameters: readonly NativePort[];
  readonly arenaBytes: number;
  readonly weightBytes: number;
  /** About how many microseconds one core takes for an image; 0 on a GPU. */
  readonly work: number;
  readonly training?: NativeTraining;
}

export interface NativeTraining {
  readonly inputs: readonly (NativePort & { readonly extent: "image" | "batch" })[];
  /** What a batch gives, one number each. */
  readonly results: readonly string[];
  readonly parameters: readonly NativePort[];
  readonly imageBytes: number;
  readonly batchBytes: number;
  readonly weightBytes: number;
}

export interface Port {
  readonly name: string;
  readonly shape: Shape;
}

export interface NativePort extends Port {
  readonly dtype: "f32" | "i32" | "u8";
}

/** One at a time: a call before the last one's promise resolved is the caller's mistake. */
export interface NativeSession {
  /** Bytes of activations that it holds: for the images that it computes at once. 0 before `open`. */
  readonly arenaBytes: number;
  /** Once, with a model that is loaded. Takes memory for activations, and threads or a GPU. */
  open(model: NativeModel, options: SessionOptions): Promise<void>;
  run(
    batch: number,
    inputs: readonly Float32Array[],
    outputs: readonly Float32Array[],
  ): Promise<void>;
  runSync(batch: number, inputs: readonly Float32Array[], outputs: readonly Float32Array[]): void;
  /** How each layer that a vendor's library computes is carried out; empty on the CPU. */
  report(): string;
  dispose(): void;
}

/**
 * Parameters that follow their gradients, with their states and moments. One call at a time: one
 * before the last one's promise resolved is the caller's mistake. Arrays are nobody else's until then.
 */
export interface NativeTrainer {
  /** Once. `rates`: two numbers a parameter, the factors on learning rate and weight decay. */
  open(
    names: readonly string[],
    arrays: readonly Float32Array[],
    rates: Float64Array,
    options: NativeTrainerOptions,
  ): Promise<void>;
  /**
   * Trains on a batch; the promise gives the norm of all gradients, before they are clipped. Rejects
   * with the code `train/not-finite`, and has changed nothing then.
   *
   * @param results filled in the order of `describe().training.results`
   */
  train(
    batch: number,
    inputs: readonly TrainingArray[],
    numbers: TrainNumbers,
    results: Float32Array,
  ): Promise<number>;
  /** Fills the arrays, one a parameter; undefined where it is not asked for or there is none. */
  read(kept: Kept, arrays: readonly (Float32Array | undefined)[]): Promise<void>;
  write(kept: Kept, arrays: readonly (Float32Array | undefined)[]): Promise<void>;
  dispose(): void;
}

export interface NativeTrainerOptions {
  /** 0 takes the physical cores. */
  readonly threads: number;
  /** The largest batch. */
  readonly batch: number;
  readonly optimizer: OptimizerName;
  /** Whether an average follows the parameters. */
  readonly average: boolean;
}

export type TrainingArray = Float32Array | Int32Array | Uint8Array;

/** What is kept of parameters: themselves and states, moments of the optimizer, the average. */
export type Kept = "values" | "moment_1" | "moment_2" | "average";

/** Numbers of one run; an optimizer reads those that it has. */
export interface TrainNumbers {
  /** From 1. */
  readonly step: number;
  readonly rate: number;
  readonly decay: number;
  readonly momentum: number;
  /** 0 or 1. */
  readonly nesterov: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly alpha: number;
  readonly eps: number;
  /** 0: gradients are not clipped. */
  readonly clipNorm: number;
  /** The decay of the average. */
  readonly average: number;
}

/** INCEPT_ABI_VERSION of native/abi/incept.h. */
const abiVersion = 6;

/** What this thread has loaded: a second `dlopen` would give another object. */
const loaded = new Map<string, unknown>();

/**
 * Loads a compiled network into this process.
 *
 * @throws InceptError `artefact/missing`, `artefact/incompatible` (another platform, processor or
 *   C library) or `artefact/abi` (another version of inceptc built it)
 */
export function openAddon(binary: string): NativeAddon {
  if (!existsSync(binary)) throw noBinary(binary);
  const addon = load(binary);
  const found = addon.describe().abiVersion;
  if (found !== abiVersion) {
    throw new InceptError(
      "artefact/abi",
      `${shownPath(binary)} has version ${found} of the native interface, this runtime needs ${abiVersion}.`,
      { help: "build the network again with this version of inceptc" },
    );
  }
  return addon;
}

export const noBinary = (binary: string): InceptError =>
  new InceptError("artefact/missing", `${shownPath(binary)} does not exist.`, {
    help: "build the network again: inceptc build SPEC",
  });

function load(binary: string): NativeAddon {
  let addon: unknown;
  try {
    addon = loaded.get(binary) ?? open(binary);
    loaded.set(binary, addon);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InceptError(
      "artefact/incompatible",
      `${shownPath(binary)} cannot be loaded on ${process.platform} ${process.arch}: ${why}`,
      { help: "build the network on this machine, or on one like it: inceptc build SPEC", cause },
    );
  }
  if (!isAddon(addon)) {
    throw new InceptError(
      "artefact/incompatible",
      `${shownPath(binary)} is not a compiled network.`,
    );
  }
  return addon;
}

/** What `require` does with a .node file; a bundler would look for what it is to replace. */
function open(binary: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, binary);
  return module.exports;
}

const isAddon = (value: unknown): value is NativeAddon =>
  typeof value === "object" && value !== null && "describe" in value && "Session" in value;

/** An error that the native side threw, its code kept; a code that there is not is a bug. */
export function fromNative(error: unknown, advice: Advice = {}): unknown {
  if (!(error instanceof Error) || error instanceof InceptError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code?.includes("/") !== true) return error;
  if (!isInceptErrorCode(code)) {
    const message = `The native side failed with ${code}, which this version does not know: ${error.message}`;
    const help = "build the network again; if it fails so again, this is a bug: please report it";
    return new InceptError("bug/native-code", message, { cause: error, help });
  }
  const help = advice[code] ?? helps[code];
  return new InceptError(code, error.message, {
    cause: error,
    ...(help === undefined ? {} : { help }),
  });
}

type Advice = Readonly<Partial<Record<InceptErrorCode, string>>>;

/** What to do about a machine that lacks something; the native messages say what it lacks. */
const helps: Advice = {
  "cpu/level": "unset INCEPT_CPU, or build with --cpu all",
  "cpu/unsupported": "build for this machine, or for every one: inceptc build SPEC --cpu all",
  "cuda/no-driver":
    "install NVIDIA's driver, or take target cpu; inceptc doctor shows what is there",
  "cuda/old-driver": "update NVIDIA's driver, or build with an older CUDA toolkit",
  "cuda/no-gpu": "take target cpu, or let the process see a GPU (CUDA_VISIBLE_DEVICES, containers)",
  "cuda/old-gpu": "take target cpu",
  "cuda/no-kernels": "build again with this GPU's --arch; inceptc doctor shows it",
  "cuda/lost": "load the model again",
  "memory/exhausted": "take a smaller maxBatch or fewer instances",
  "train/not-finite":
    "take a smaller learning rate, a warmup or clipNorm; look at the batch if its input is to blame",
};
