import type { Shape } from "../ops/shape.js";

/**
 * What a network looks like to the type checker: names and shapes, batch left out. A generated
 * `.d.incept.ts` narrows it to one network; a network loaded by path at run time has this one.
 */
export interface NetworkTypes {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: Readonly<Record<string, Shape>>;
  readonly stages: Readonly<Record<string, Shape>>;
}

/**
 * `Uint8Array` values are converted as they are: 255 becomes 255.0. A `Buffer` is refused: its bytes
 * may be f32 values or u8 values, and a length that fits says nothing about which. So are the pixels
 * of a canvas (`Uint8ClampedArray`), which lie R,G,B,A side by side.
 */
export type TensorInput = Float32Array | (Uint8Array & NotABuffer);

/** A method that a Buffer has and a Uint8Array has not. */
interface NotABuffer {
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
