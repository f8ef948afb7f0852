import type { BuildEvent } from "../build/request.js";
import type { LabelSource } from "./labels.js";
import type { ModelName, NetworkTypes, Settings, TapName } from "./types.js";
import type { Naming } from "./weights/naming.js";
import type { RenameMap } from "./weights/rename.js";
import type { WeightSource } from "./weights/source.js";

/** Which variant of a network is compiled. Each is built once and then found in the cache. */
export interface BuildOptions<T extends string = string, N extends NetworkTypes = NetworkTypes> {
  /** Values for the model's parameters, `{ classes: 10 }`. Default: those of the spec. */
  readonly set?: Settings<N>;
  /** Which model of the file; `load` knows only its module's own. Default: the only one. */
  readonly model?: ModelName<N>;
  /**
   * Default: `"auto"`, an NVIDIA GPU where there is one and the compiler for it, else the CPU.
   * `"cuda-sim"` runs the program of a GPU on the host and checks every access: for tests.
   */
  readonly target?: "auto" | "cpu" | "cuda" | "cuda-sim";
  /**
   * How numbers are stored and multiplied; `"tf32"` and `"f16"` need a GPU. On the CPU `"bf16"` keeps
   * images in 16 bits between layers, and multiplies them so where the processor has AMX. Default: `"f32"`.
   */
  readonly precision?: "f32" | "tf32" | "f16" | "bf16";
  /**
   * Instruction sets of the CPU to compile for; `"all"` of this architecture make one artefact, which
   * picks when it is loaded. Default: `"native"`, the best of this machine.
   */
  readonly cpu?: "native" | "amx" | "avx512" | "avx2" | "baseline" | "neon" | "all";
  /** GPU architectures to make machine code for, 90 for sm_90. Default: all that are known. */
  readonly arch?: readonly number[];
  /** The largest batch of one native call; longer inputs are split. Default: 8. */
  readonly maxBatch?: number;
  /** Stages or steps whose values are added to the outputs, under these names. Default: none. */
  readonly tap?: readonly T[];
  /** `false` builds the graph as written on the plain reference kernels. Default: `true`. */
  readonly passes?: boolean;
  /**
   * `false` computes linear layers in a row one by one, as written. Otherwise they become one map where
   * that takes less: `inceptc explain SPEC --passes` says where. Default: `true`.
   */
  readonly algebra?: boolean;
  /**
   * `true` sums what the definition sums: no linear maps in a row become one, and no convolution is
   * computed by Winograd's tiles, which differ by some 1e-6. Default: `false`.
   */
  readonly strict?: boolean;
  /** Passes to leave out, `["merge-siblings"]`: `inceptc explain SPEC --passes` names all. Default: none. */
  readonly without?: readonly string[];
  /**
   * Kernels to take wherever they can be, `["conv.direct"]`, or `["conv.direct:2x14"]` for one tuning:
   * `inceptc explain SPEC --kernels` shows names. For the CPU. Default: none.
   */
  readonly force?: readonly string[];
  /** What drives the C++ compiler. Default: `"cmake-js"`. */
  readonly builder?: "cmake-js" | "node-gyp";
}

/** What `loadModel` takes. */
export interface CompileOptions<N extends NetworkTypes = NetworkTypes> extends BuildOptions<
  string,
  N
> {
  /**
   * A folder, or its file URL: the spec's imports and labels may name files in there too. Default:
   * they stay inside the spec's repository, or its package where it is in none.
   */
  readonly root?: string | URL;
  /**
   * Called as a build goes on, never where an earlier one is found. Default: a line on stderr when
   * it begins and one when it has ended.
   */
  readonly onProgress?: (event: BuildEvent) => void;
}

/**
 * What `load` takes. `R` is the map that `rename` has, or undefined where it has none: then the names
 * of weights that are given as a record are the network's own.
 */
export interface LoadOptions<
  N extends NetworkTypes = NetworkTypes,
  T extends TapName<N> = never,
  R extends RenameMap<N> | undefined = RenameMap<N> | undefined,
>
  extends BuildOptions<T, N>, Naming<N, R> {
  /**
   * A checkpoint (path or file URL) or its bytes, `random:SEED`, or Float32Arrays by parameter name.
   * Safetensors and what PyTorch, Caffe, Keras and ONNX write are read, stored as F32, F16, BF16 or
   * F64; nothing of it is executed. NaN, infinities and negative variances are warned of.
   */
  readonly weights: WeightSource<[R] extends [undefined] ? N : NetworkTypes>;
  /** Threads of one instance, on the CPU. Default: the physical cores. */
  readonly threads?: number;
  /**
   * Microseconds that the threads of an instance stay awake for its next run, on the CPU: waking them
   * takes some, and meanwhile nothing else has their cores. Default: 200.
   */
  readonly spin?: number;
  /** Which of the GPUs that the process may see, counted from 0. Default: 0. */
  readonly device?: number;
  /**
   * Runs that may be under way at once. Each instance has memory for activations of its own; the
   * weights are there once. Default: 1.
   */
  readonly instances?: number;
  /**
   * Runs that may wait for an instance; one more rejects with `model/busy`. Each holds a copy of its
   * inputs while it waits. Default: no limit.
   */
  readonly maxQueue?: number;
}

export interface RunOptions {
  /**
   * Rejects the run with the signal's reason, at once. A native call under way is not broken off:
   * its instance takes the next run when it has ended.
   */
  readonly signal?: AbortSignal;
}

export interface PictureOptions extends RunOptions {
  /** Pictures of more pixels are refused before they are decoded. Default: 100 megapixels. */
  readonly maxPixels?: number;
}

export interface ClassifyOptions<O extends string = string> extends PictureOptions {
  /** How many classes, likeliest first. Default: 5. */
  readonly top?: number;
  /** A file with one name a row, or the names. Default: the spec's `labels`, else the indices. */
  readonly labels?: LabelSource;
  /** Which output to read. Default: the first. */
  readonly output?: O;
}

/** Of calls that take none. */
export type NoOptions = Readonly<Record<string, never>>;
