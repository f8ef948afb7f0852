import type { Unreadable } from "../../checkpoints/checkpoint.js";
import type { NamedShape } from "../../checkpoints/named-shape.js";
import { elements, sameShape, type Shape } from "../../ops/shape.js";

/** A tensor of a checkpoint; values that a caller gave have no stored type. */
export interface GivenTensor extends NamedShape {
  readonly dtype?: string;
  readonly unreadable?: Unreadable;
  /** Of values whose shape nobody said: as many as there are fit any shape of as many. */
  readonly flat?: boolean;
}

export const fitsShape = ({ shape, flat }: GivenTensor, wanted: Shape): boolean =>
  sameShape(shape, wanted) || (flat === true && elements(shape) === elements(wanted));

/** Batches that a norm of PyTorch's has seen: no weight. */
export const isCounter = (name: string): boolean => /(?:^|\.)num_batches_tracked$/.test(name);

/** The name without its last part: `conv_1` of `conv_1.weight`. */
export const layerOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf(".")));
