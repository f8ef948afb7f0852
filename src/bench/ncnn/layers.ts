/** The layers of ncnn that compute what primitives do, by ncnn's own names and ids. */
import type { Node } from "../../graph/graph.js";
import { activationOf, type MaybeApplied } from "../../ops/activations.js";
import { adaptiveAvgPool } from "../../ops/adaptive-pool.js";
import { batchNorm } from "../../ops/batchnorm.js";
import type { BatchNormAttrs } from "../../ops/batchnorm-attrs.js";
import { conv2d } from "../../ops/conv2d.js";
import { flatten } from "../../ops/flatten.js";
import { type AddAttrs, add } from "../../ops/joins/add.js";
import { concat, slice } from "../../ops/joins/concat.js";
import { max } from "../../ops/joins/max.js";
import { mul } from "../../ops/joins/mul.js";
import { type LinearAttrs, linear } from "../../ops/linear.js";
import { lrn } from "../../ops/lrn.js";
import type { LrnAttrs } from "../../ops/lrn-attrs.js";
import type { PoolAttrs } from "../../ops/pool-attrs.js";
import { prelu } from "../../ops/prelu.js";
import { avgPool, maxPool } from "../../ops/pool2d.js";
import { scale, type ScaleAttrs } from "../../ops/scale.js";
import type { SliceAttrs } from "../../ops/onnx-reading/slice.js";
import { channels } from "../../ops/shape.js";
import { shuffle } from "../../ops/shuffle.js";
import { softmax } from "../../ops/softmax.js";
import { axisOf, type SoftmaxAttrs } from "../../ops/softmax-attrs.js";
import type { Pads } from "../../ops/window.js";
import { zeroPad } from "../../ops/zeropad.js";
import { activationLayer, fusedActivation } from "./activations.js";
import { writeJoin } from "./joins.js";
import {
  int,
  type Layer,
  type Layers,
  plain,
  real,
  tagged,
  type WeightsOf,
  type Write,
} from "./layer.js";
import { refuse } from "./refuse.js";
import { writeAdaptive, writeConv, writePool } from "./windows.js";

/** @throws InceptError `bench/failed` where ncnn has no layer for it */
export function layersOf(node: Node, weights: WeightsOf): Layers {
  const activation = activationOf(node.primitive);
  if (activation !== undefined) {
    return [activationLayer({ ...(node.attrs as MaybeApplied), activation })];
  }
  const write = table[node.primitive.name] ?? refuse(node, node.primitive.name);
  return write(node, weights);
}

const writeLinear: Write<LinearAttrs> = ({ attrs }, weights) => {
  const [weight, bias] = [weights("weight"), weights("bias")];
  const size = {
    0: int(attrs.features),
    1: int(bias === undefined ? 0 : 1),
    2: int(weight!.length),
  };
  return [
    {
      type: "InnerProduct",
      numbers: { ...size, ...fusedActivation(attrs) },
      weights: [...tagged(weight), ...plain(bias)],
    },
  ];
};

const writeLrn: Write<LrnAttrs> = ({ attrs: { size, alpha, beta, k } }) => [
  { type: "LRN", numbers: { 0: int(0), 1: int(size), 2: real(alpha), 3: real(beta), 4: real(k) } },
];

const writeSoftmax: Write<SoftmaxAttrs> = ({ attrs }) => [
  { type: "Softmax", numbers: { 0: int(axisOf(attrs)), 1: int(1) } },
];

const writeBatchNorm: Write<BatchNormAttrs> = ({ attrs, inputs }, weights) => {
  const count = channels(inputs[0]!.shape);
  const each = [
    weights("weight") ?? new Float32Array(count).fill(1),
    weights("running_mean"),
    weights("running_var"),
    weights("bias") ?? new Float32Array(count),
  ];
  const numbers = { 0: int(count), 1: real(attrs.eps) };
  return [{ type: "BatchNorm", numbers, weights: each.flatMap(plain) }];
};

const writeScale: Write<ScaleAttrs> = ({ attrs, inputs }) => {
  const count = channels(inputs[0]!.shape);
  const each = ({ length, 0: one }: readonly number[], all: readonly number[]): Float32Array =>
    length === 1 ? new Float32Array(count).fill(one!) : Float32Array.from(all);
  const weights = [attrs.scale, attrs.shift].flatMap((numbers) => plain(each(numbers, numbers)));
  return [{ type: "Scale", numbers: { 0: int(count), 1: int(1) }, weights }];
};

const writePRelu: Write = (_, weights) => {
  const slopes = weights("weight");
  return [{ type: "PReLU", numbers: { 0: int(slopes!.length) }, weights: plain(slopes) }];
};

/** Along channels, which of a vector are its width. */
const writeSlice: Write<SliceAttrs> = ({ attrs: { from }, outputs: [made] }) => {
  const [count, height, width] = made!.shape;
  const numbers =
    height === undefined
      ? { 0: int(from), 3: int(count!) }
      : { 2: int(from), 3: int(width!), 4: int(height), 5: int(count!) };
  return [{ type: "Crop", numbers }];
};

const writeShuffle: Write<{ groups: number }> = ({ attrs: { groups } }) => [
  { type: "ShuffleChannel", numbers: { 0: int(groups) } },
];

const writePad: Write<{ pads: Pads }> = ({ attrs: { pads } }) => [
  {
    type: "Padding",
    numbers: { 0: int(pads.top), 1: int(pads.bottom), 2: int(pads.left), 3: int(pads.right) },
  },
];

const single =
  (type: string, numbers: Layer["numbers"] = {}): Write =>
  () => [{ type, numbers }];

/** A writer that knows the attributes of its own primitive. */
const of = <A>(write: Write<A>): Write => write as Write;

const table: Readonly<Record<string, Write>> = {
  [conv2d.name]: of(writeConv),
  [linear.name]: of(writeLinear),
  [maxPool.name]: of((node: Node<PoolAttrs>) => writePool(node, "largest")),
  [avgPool.name]: of((node: Node<PoolAttrs>) => writePool(node, "average")),
  [adaptiveAvgPool.name]: of(writeAdaptive),
  [lrn.name]: of(writeLrn),
  [softmax.name]: of(writeSoftmax),
  [batchNorm.name]: of(writeBatchNorm),
  [scale.name]: of(writeScale),
  [prelu.name]: writePRelu,
  [concat.name]: single("Concat", { 0: int(0) }),
  [flatten.name]: single("Flatten"),
  [add.name]: of((node: Node<AddAttrs>) => writeJoin(node, "add", node.attrs.scales)),
  [mul.name]: (node) => writeJoin(node, "mul"),
  [max.name]: (node) => writeJoin(node, "max"),
  [slice.name]: of(writeSlice),
  [shuffle.name]: of(writeShuffle),
  [zeroPad.name]: of(writePad),
};
