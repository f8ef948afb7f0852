import type { Manifest } from "../emit/manifest.js";
import type { OutputLoss } from "../autodiff/loss.js";
import type { CpuLevel } from "../targets/cpu/level.js";
import type { GpuPrecision } from "../targets/program.js";
import type { Network } from "../model/network.js";

/** Which variant of a network to build. Every field but the spec and its network has a default. */
export interface BuildRequest {
  /** The spec's file: builds are kept in `.incept/` beside it. */
  readonly spec: string;
  /** What `checkSpec` made of it, without errors. */
  readonly network: Network;
  /** Default: `auto`, a GPU where there is one and the compiler for it, else the CPU. */
  readonly target?: "auto" | TargetName | undefined;
  /** Default: `f32`. The CPU has `bf16` beside it, the others are for GPUs. */
  readonly precision?: GpuPrecision | undefined;
  /**
   * Instruction sets of the CPU to compile for; `all` of this architecture are one artefact, which
   * picks when it is loaded. Default: `native`, the best of this machine.
   */
  readonly cpu?: CpuChoice | undefined;
  /** GPU architectures to make machine code for, 90 for sm_90. Default: all that are known. */
  readonly arch?: readonly number[] | undefined;
  /** Images of one native call. Default: 8. */
  readonly maxBatch?: number | undefined;
  /** Keep the auxiliary heads, as outputs. Default: `false`. */
  readonly aux?: boolean | undefined;
  /** Structural paths of steps whose values are outputs too. Default: none. */
  readonly taps?: readonly string[] | undefined;
  /** `false`: the graph as written, on the plain reference kernels. Default: `true`. */
  readonly passes?: boolean | undefined;
  /** `false`: linear maps in a row are computed one by one, as written. Default: `true`. */
  readonly algebra?: boolean | undefined;
  /** `true`: sums are of what the definition's are of, neither composed nor by Winograd. Default: `false`. */
  readonly strict?: boolean | undefined;
  /** Passes to leave out, by name. Default: none. */
  readonly without?: readonly string[] | undefined;
  /**
   * Kernels that are taken wherever they can be: `conv.direct`, or `conv.direct:2x14` for one tuning
   * of it. Of several the cheapest. For the CPU. Default: none.
   */
  readonly force?: readonly string[] | undefined;
  /** Time each section by itself, which is slower: what `inceptc bench --layers` runs. Default: `false`. */
  readonly timed?: boolean | undefined;
  /**
   * Which times of kernels are gone by, of those that `inceptc tune` keeps beside the spec: `here`,
   * those that were measured on this processor, with the same instructions and kernels; `any`;
   * `none`. For the CPU. Default: `here`.
   */
  readonly records?: WhichRecords | undefined;
  /** Train, too: what is minimised, and which parameters keep their values. For the CPU. */
  readonly train?: TrainRequest | undefined;
  /** Default: `cmake-js`. */
  readonly builder?: Builder | undefined;
  /** Whose builds are run where there is one. Default: `own`, those that this user made. */
  readonly trust?: Trust | undefined;
  /** Called as the build goes on; never where an earlier build is found. */
  readonly onProgress?: ((event: BuildEvent) => void) | undefined;
}

export type WhichRecords = "here" | "any" | "none";

/** What of training is decided when it is built. */
export interface TrainRequest {
  readonly losses: readonly OutputLoss[];
  /** Names of parameters that do not learn. */
  readonly frozen: readonly string[];
  /**
   * `true`: what trains takes the place of the network behind its front (autodiff/front.ts), whose
   * result is an output of what answers, a tap. Default: `false`.
   */
  readonly keepFeatures?: boolean | undefined;
}

/** `cuda-sim` is the program of a GPU, run and checked on the host. */
export type TargetName = "cpu" | "cuda" | "cuda-sim";

export type CpuChoice = "native" | CpuLevel | "all";

export type Builder = "cmake-js" | "node-gyp";

/**
 * Which builds are run. `own`: those that this user made, as a verb needs that is run on anybody's
 * repository. `verified`: all that are whole and that only root and this user could have written,
 * as an import takes a package's scripts for its own.
 */
export type Trust = "own" | "verified";

/**
 * `refuse` comes first, once for each build that is there and not run, with the reason, and `untuned`
 * where there are times of kernels that are not gone by. `compile`
 * comes once a file, with `done` of `total` files compiled; the others once. `wait` names the lock
 * file of the build that is waited for.
 */
export interface BuildEvent {
  readonly phase:
    "refuse" | "untuned" | "wait" | "emit" | "configure" | "compile" | "link" | "probe";
  readonly done?: number;
  readonly total?: number;
  readonly lock?: string;
  /** A sentence without its full stop. */
  readonly why?: string;
}

/** A built network. */
export interface BuildResult {
  /** The folder of `manifest.json`, the binary, and in `src/` the emitted sources. */
  readonly directory: string;
  /** The .node file, absolute. */
  readonly binary: string;
  /** That of the file, but that it tells of the spec's present wording: `doc` and `sources`. */
  readonly manifest: Manifest;
  /** Found, not built. */
  readonly cached: boolean;
}

/** Where `emitProject` writes, and for whom. */
export interface EmitRequest extends BuildRequest {
  readonly directory: string;
  /** A plain CMake project without Node: a program and a shared library with the C ABI. */
  readonly standalone?: boolean | undefined;
}
