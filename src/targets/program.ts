/**
 * What a target makes of a plan: two straight lines of calls, `prepare` (once, when weights are
 * loaded; in training after each batch) and `run` (for each image; in training once a batch). Shared by
 * all targets; `emit` spells it out.
 */
import type { Node, Origin } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { DType } from "../ops/primitive.js";
import type { Shape } from "../ops/shape.js";

/** An address that generated code passes to a kernel, its offset in the target's own unit. */
export type Pointer =
  /** Activations and scratch of one image. */
  | { readonly kind: "arena"; readonly offset: number }
  /** Prepared weights, kept as long as the instance. */
  | { readonly kind: "weights"; readonly offset: number }
  /** Scratch of `prepare`. */
  | { readonly kind: "staging"; readonly offset: number }
  /** A parameter as the checkpoint has it. */
  | { readonly kind: "parameter"; readonly name: string }
  /** The image's input `index` of the graph. */
  | { readonly kind: "input"; readonly index: number }
  /** The image's output `index` of the graph. */
  | { readonly kind: "output"; readonly index: number }
  /** A value of a training run, for one of its images or for all of them. */
  | { readonly kind: "place"; readonly by: "image" | "batch"; readonly place: BatchPlace }
  /** What lies at `of` for each image of a run; of what is the caller's, `count` numbers an image. */
  | { readonly kind: "images"; readonly of: Pointer; readonly count?: number }
  /** Memory that is counted in floats, where it holds numbers of 16 bits. */
  | { readonly kind: "bf16"; readonly of: Pointer }
  /** Scratch of the thread that computes an image of a training run. */
  | { readonly kind: "scratch" }
  | { readonly kind: "null" }
  /** Weights that a task of a GPU does without: `none` of native/cuda/walk.hpp. */
  | { readonly kind: "none" };

export type Argument =
  | Pointer
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "layer"; readonly layer: Layer }
  | { readonly kind: "numbers"; readonly numbers: Numbers }
  /** A value by its place in the arena, for targets whose kernels take more than an address. */
  | { readonly kind: "value"; readonly value: Stripe }
  | { readonly kind: "values"; readonly values: readonly Stripe[] }
  /** Stretches of floats one after another: `{{p[3], 64}, {nullptr, 32}}`. */
  | { readonly kind: "rows"; readonly rows: readonly Rows[] };

/** A channels-last stripe of a buffer, `buffer` bytes into the arena of one image. */
export interface Stripe {
  readonly path: string;
  readonly buffer: number;
  readonly shape: Shape;
  /** Channels of the whole buffer, and the one at which the stripe begins. */
  readonly pitch: number;
  readonly channel: number;
}

/** Where a value of a training run lies, by the types of native/cpu/train/run.hpp. */
export interface BatchPlace {
  /** Of the value: emitted code calls it so. */
  readonly name: string;
  readonly type: "ImageValue" | "BatchValue" | "ImageInput" | "BatchInput" | "BatchOutput";
  readonly dtype: DType;
  readonly numbers: readonly number[];
}

export interface Rows {
  readonly from: Pointer;
  readonly count: number;
  /** What they are multiplied with, where they are added. */
  readonly factor?: number;
}

/**
 * A shape known at compile time: `Conv{}.input(3, 224, 224)…`. Layers of one shape are one layer,
 * so that their kernel is compiled once; `path` is the first one's.
 */
export interface Layer {
  readonly path: string;
  readonly type: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly args: readonly (number | boolean | Real)[];
}

/** A number that must reach C++ as a float, even where it is whole. */
export interface Real {
  readonly real: number;
}

/** Constants of the spec that a kernel reads from memory: one number a channel. */
export interface Numbers {
  readonly path: string;
  readonly values: readonly number[];
}

/** `size(layer)`, a constexpr function of the kernels, must be `value`; `fits(layer)` say, true. */
export interface SizeCheck {
  readonly size: string;
  readonly layer: Layer;
  readonly value: number | true;
  /** Where the function is, if no call that prepares weights names its header. */
  readonly header?: string;
}

export interface Call {
  readonly kind: "call";
  /** Below native/: `cpu/conv.hpp`. */
  readonly header: string;
  readonly function: string;
  /** Template arguments: layers, and text of the target's own such as `Direct<2, 14>`. */
  readonly templates: readonly (Layer | string)[];
  readonly args: readonly Argument[];
}

/** What computes one node, with its place in the spec. */
export interface Section<Instruction> {
  /** `inception_3a.b1`, or several after fusion. */
  readonly paths: readonly string[];
  /** `conv 3x3 128 pad 1 relu` */
  readonly what: string;
  /** Absent for an output that is the network's input. */
  readonly origin?: Origin;
  readonly instructions: readonly Instruction[];
}

/** All threads of the team wait for one another. */
export interface Barrier {
  readonly kind: "barrier";
}

export type RunSection = Section<Call | Barrier>;

export interface PrepareSection extends Section<Call> {
  /**
   * Sections of one number hand values to one another, and run in their order. Those of different
   * numbers may run side by side, each with scratch of its own.
   */
  readonly chain: number;
}

/** What runs once everything that it names has ended, and beside all else. */
export interface TaskSection extends Section<Call> {
  /** Names of earlier tasks. */
  readonly after: readonly string[];
  /** Unique: a path of the spec, or `output prob`. */
  readonly name: string;
}

export interface ProgramParts {
  /** The instruction set, or the GPUs: `avx512`, `sm_80 sm_90`. */
  readonly level: string;
  /** What the compiler is given for the files that hold kernels. */
  readonly flags: readonly string[];
  readonly layers: readonly Layer[];
  readonly numbers: readonly Numbers[];
  readonly checks: readonly SizeCheck[];
  readonly prepare: readonly PrepareSection[];
  /** Of one image. */
  readonly arenaBytes: number;
  readonly weightBytes: number;
  readonly stagingFloats: number;
  /** Launches of convolutions, and the convolutions of the spec that they compute. */
  readonly kernels: number;
  readonly convolutions: number;
}

export interface CpuProgram extends ProgramParts {
  readonly target: "cpu";
  /** Sections between two barriers do not depend on one another. */
  readonly run: readonly (InferenceSection | Barrier)[];
  /** Whether it times its sections: see cpu/laps.ts. */
  readonly timed: boolean;
  /** How many images it takes together, each in an arena of its own: see cpu/group.ts. */
  readonly group: number;
  /** What an image is reckoned to take on one core, in microseconds. */
  readonly work: number;
}

/** A section of a run of several images; its calls are made for each of them, or once. */
export interface BatchSection extends RunSection {
  readonly eachImage: boolean;
}

export interface InferenceSection extends BatchSection {
  /** What it computes; absent for a value that is stored as an output. */
  readonly node?: Node;
}

/** What a state becomes where a batch has gone well. */
export interface StateUpdate {
  readonly state: string;
  readonly from: BatchPlace;
  readonly count: number;
}

/** A value that a run makes, to be looked at where numbers went bad. */
export interface Watched extends Pick<BatchSection, "paths" | "what" | "origin"> {
  /** The barrier, counted from 0, after which it is there. */
  readonly level: number;
  readonly value: Value;
  readonly place: BatchPlace;
  readonly blocked: boolean;
}

/** The losses and derivatives of a batch, on the CPU. */
export interface TrainingProgram extends ProgramParts {
  readonly target: "cpu";
  /** A barrier stands after each level. */
  readonly run: readonly (BatchSection | Barrier)[];
  readonly updates: readonly StateUpdate[];
  readonly watched: readonly Watched[];
  /** What there is one of a batch, and the scratch that each thread has. */
  readonly batchBytes: number;
  readonly threadBytes: number;
}

export interface CudaProgram extends ProgramParts {
  /** For a GPU, or for the simulator of one: the same program. */
  readonly target: "cuda" | "cuda-sim";
  readonly precision: GpuPrecision;
  readonly architectures: readonly GpuArchitecture[];
  /** In an order that respects `after`. */
  readonly run: readonly TaskSection[];
}

export type GpuPrecision = "f32" | "tf32" | "f16" | "bf16";

/** Compute capabilities that machine code is made for: 90 is sm_90. */
export type GpuArchitecture = 80 | 86 | 89 | 90 | 100 | 120;

export type Program = CpuProgram | CudaProgram;
