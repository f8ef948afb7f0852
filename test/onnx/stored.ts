/** Nodes of ONNX files, and what goes into them. */
import type { StoredNode, StoredOperand } from "../../src/ops/onnx.js";
import { elements } from "../../src/ops/shape.js";
import { Random } from "../support/random.js";

type Dims = readonly (number | undefined)[];

const random = new Random(7);

/** What flows in; a `?` of a shape is `undefined`. */
export const flow = (...shape: Dims): StoredOperand => ({ shape });

export const image = flow(2, 6, 5, 7);
export const vector = flow(2, 6);

export const fixed = (shape: readonly number[], ...values: readonly number[]): StoredOperand => ({
  shape,
  values,
});

/** Weights of between 0.5 and 1.5, which a variance may be too. */
export const weights = (...shape: readonly number[]): StoredOperand => ({
  shape,
  values: random.floats(elements(shape), 0.5, 1.5),
});

export const filled = (value: number, ...shape: readonly number[]): StoredOperand => ({
  shape,
  values: new Float32Array(elements(shape)).fill(value),
});

export const node = (
  opType: string,
  operands: StoredNode["operands"],
  attributes: StoredNode["attributes"] = {},
  { opset = 17, outputs = 1 } = {},
): StoredNode => ({ opType, opset, attributes, operands, outputs });

/** Of a convolution that gives 4 channels. */
export const kernel = (height = 3, width = 3, channels = 6): StoredOperand =>
  weights(4, channels, height, width);
