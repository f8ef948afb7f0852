import type { Node } from "../../graph/graph.js";

/** What ncnn's two files hold of a layer: its numbers by their ids, and its weights in their order. */
export interface Layer {
  readonly type: string;
  /** As the text spells them: see `int`, `real` and `list`. */
  readonly numbers: Readonly<Record<number, string>>;
  readonly weights?: readonly Weights[];
}

/** What a node becomes, one after another; mostly one. */
export type Layers = readonly Layer[];
export type Write<A = unknown> = (node: Node<A>, weights: WeightsOf) => Layers;
/** A node's weights by their role. */
export type WeightsOf = (role: string) => Float32Array | undefined;

export interface Weights {
  readonly values: Float32Array;
  /** Whether a word before them says how they are stored: 0, as they are. */
  readonly tagged: boolean;
}

export const int = (value: number): string => `${value}`;

/** ncnn tells a number's type by its text: a float has a point or an exponent. It reads 15 characters at most. */
export const real = (value: number): string => value.toExponential(8);

/** Of floats. Its id is written as -23300 minus the id. */
export const list = (values: readonly number[]): string =>
  [values.length, ...values.map(real)].join(",");

/** `0=64 1=3 -23310=1,1e-1` */
export const numbersText = (numbers: Layer["numbers"]): string =>
  Object.entries(numbers)
    .map(([id, text]) => (text.includes(",") ? `${-23300 - Number(id)}=${text}` : `${id}=${text}`))
    .join(" ");

export const plain = (values: Float32Array | undefined): readonly Weights[] =>
  values === undefined ? [] : [{ values, tagged: false }];

export const tagged = (values: Float32Array | undefined): readonly Weights[] =>
  values === undefined ? [] : [{ values, tagged: true }];
