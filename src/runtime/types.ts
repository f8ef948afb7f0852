import type { LossKind } from "../autodiff/loss.js";
import type { Setting } from "../model/network.js";
import type { Shape } from "../ops/shape.js";

/**
 * What a network looks like to the type checker: names and shapes, batch left out. A generated
 * `.d.incept.ts` narrows it to one network; a network loaded by path at run time has this one.
 */
export interface NetworkTypes {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: Readonly<Record<string, Shape>>;
  readonly stages: Readonly<Record<string, Shape>>;
  // Declarations of an earlier version have none of these: any text is taken then.
  /** The model's. */
  readonly name?: string;
  /** Values of the model's parameters. */
  readonly settings?: Readonly<Record<string, Setting>>;
  /** The weights. */
  readonly parameters?: Readonly<Record<string, Shape>>;
  /** Auxiliary heads, which inference leaves out. */
  readonly aux?: Readonly<Record<string, Shape>>;
  /** By output how it is trained, where the spec says something else than cross-entropy of all. */
  readonly losses?: Readonly<Record<string, { readonly kind: LossKind }>>;
}

/**
 * `Uint8Array` values are converted as they are: 255 becomes 255.0. A `Buffer` is refused: its bytes
 * may be f32 values or u8 values, and a length that fits says nothing about which. So are the pixels
 * of a canvas (`Uint8ClampedArray`), which lie R,G,B,A side by side.
 */
export type TensorInput = Float32Array | (Uint8Array & NotABuffer);

/** A method that a Buffer has and a Uint8Array has not. */
export interface NotABuffer {
  readonly readUInt8?: never;
}

/** One tensor an input, N,C,H,W with any N of at least 1. */
export type Inputs<N extends NetworkTypes> = { readonly [K in keyof N["inputs"]]: TensorInput };

/** One tensor an output, and one a tap, N,C,H,W or N,C. */
export type Outputs<N extends NetworkTypes, T extends string = never> = {
  readonly [K in (keyof N["outputs"] & string) | T]: Float32Array;
};

/** What `tap` may name: a stage, or any step inside one (`conv_2.2`). */
export type TapName<N extends NetworkTypes> =
  (keyof N["stages"] & string) | `${keyof N["stages"] & string}.${string}`;

/** What `model` may name. */
export type ModelName<N extends NetworkTypes> = N extends { readonly name: infer M extends string }
  ? M
  : string;

/** What `set` takes: some of the settings, each a value of its kind. */
export type Settings<N extends NetworkTypes> = N extends { readonly settings: infer S }
  ? [keyof S] extends [never]
    ? Readonly<Record<string, never>>
    : { readonly [K in keyof S]?: S[K] }
  : Readonly<Record<string, Setting>>;

/** A weight's name in the network. */
export type ParameterName<N extends NetworkTypes> = N extends { readonly parameters: infer P }
  ? keyof P & string
  : string;

/** Auxiliary heads by name. */
export type Aux<N extends NetworkTypes> = N extends { readonly aux: infer A }
  ? A
  : Readonly<Record<string, Shape>>;

/** What `output` of `classify` may name: outputs, and taps, that are or may be vectors. */
export type ClassOutput<N extends NetworkTypes, T extends string = never> =
  VectorName<N["outputs"]> | TappedVector<N["stages"], T>;

type VectorName<P> = {
  [K in keyof P & string]: MaybeVector<P[K]> extends true ? K : never;
}[keyof P & string];

/** Of steps inside a stage nothing is known. */
type TappedVector<S, T extends string> = T extends keyof S
  ? MaybeVector<S[T]> extends true
    ? T
    : never
  : T;

/** Sides of an image of one pixel are 1, or depend on a parameter. */
type MaybeVector<P> = P extends readonly [unknown, ...infer Sides] ? AllMaybeOne<Sides> : true;

type AllMaybeOne<S extends readonly unknown[]> = S extends readonly [infer Side, ...infer Others]
  ? 1 extends Side
    ? AllMaybeOne<Others>
    : false
  : true;
