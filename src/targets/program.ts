/**
 * What a target makes of a plan: two straight lines of calls, `prepare` (once, when weights are
 * loaded) and `run` (for each image). Shared by all targets; `emit` spells it out.
 */
import type { Origin } from "../graph/graph.js";

/** An address that generated code passes to a kernel. Offsets are in floats. */
export type Pointer =
  /** Activations and scratch of one image. */
  | { readonly kind: "arena"; readonly offset: number }
  /** Prepared weights, kept as long as the instance. */
  | { readonly kind: "weights"; readonly offset: number }
  /** Scratch of `prepare`. */
  | { readonly kind: "staging"; readonly offset: number }
  /** A parameter as the checkpoint has it. */
  | { readonly kind: "parameter"; readonly name: string }
  /** The image's input. */
  | { readonly kind: "input" }
  /** The image's output `index` of the graph. */
  | { readonly kind: "output"; readonly index: number }
  | { readonly kind: "null" };

export type Argument =
  | Pointer
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "layer"; readonly layer: Layer }
  | { readonly kind: "numbers"; readonly numbers: Numbers }
  /** Runs of floats one after another: `{{p[3], 64}, {nullptr, 32}}`. */
  | { readonly kind: "rows"; readonly rows: readonly Rows[] };

export interface Rows {
  readonly from: Pointer;
  readonly count: number;
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

/** `size(layer)`, a constexpr function of the kernels, must be `value`. */
export interface SizeCheck {
  readonly size: string;
  readonly layer: Layer;
  readonly value: number;
}

export interface Call {
  readonly kind: "call";
  /** Below native/: `cpu/conv.hpp`. */
  readonly header: string;
  readonly function: string;
  /** Template arguments: layers, and text of the target's own such as `Tile<2, 14>`. */
  readonly templates: readonly (Layer | string)[];
  readonly args: readonly Argument[];
}

/** What computes one node, with its place in the spec. */
export interface Section<Step> {
  /** `inception_3a.b1`, or several after fusion. */
  readonly paths: readonly string[];
  /** `conv 3x3 128 pad 1 relu` */
  readonly what: string;
  /** Absent for an output that is the network's input. */
  readonly origin?: Origin;
  readonly steps: readonly Step[];
}

/** All threads of the team wait for one another. */
export interface Barrier {
  readonly kind: "barrier";
}

export type RunSection = Section<Call | Barrier>;
export type PrepareSection = Section<Call>;

export interface Program {
  /** `cpu` */
  readonly target: string;
  /** The instruction set: `avx512`. */
  readonly level: string;
  /** What the compiler is given for the files that hold kernels. */
  readonly flags: readonly string[];
  readonly layers: readonly Layer[];
  readonly numbers: readonly Numbers[];
  readonly checks: readonly SizeCheck[];
  readonly prepare: readonly PrepareSection[];
  /** Sections between two barriers do not depend on one another. */
  readonly run: readonly (RunSection | Barrier)[];
  readonly arenaBytes: number;
  readonly weightFloats: number;
  readonly stagingFloats: number;
  /** Launches of convolutions, and the convolutions of the spec that they compute. */
  readonly kernels: number;
  readonly convolutions: number;
}
