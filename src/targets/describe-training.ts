/** What is computed in training as native/layers describes it: derivatives take their layer's descriptor. */
import type { Node } from "../graph/graph.js";
import type { Applied } from "../ops/activations.js";
import type { NormTrainingAttrs } from "../ops/batchnorm-attrs.js";
import type { CentredAttrs } from "../ops/image-norm-attrs.js";
import type { AdaptivePoolAttrs, PoolAttrs } from "../ops/pool-attrs.js";
import type { DistributionAttrs } from "../ops/softmax-attrs.js";
import { elements, plane, type Shape } from "../ops/shape.js";
import { type ConvTransposeAttrs, transposeOf } from "../ops/convtranspose2d.js";
import type { BilinearGradientAttrs } from "../ops/training/bilinear-gradient.js";
import type { ConvGradientAttrs } from "../ops/training/conv2d-gradient.js";
import type { CrossEntropyAttrs } from "../ops/training/cross-entropy.js";
import type { DropoutTrainingAttrs } from "../ops/training/dropout.js";
import {
  adaptivePoolFields,
  appliedField,
  bilinearFields,
  convFields,
  type Described,
  extent,
  field,
  imageNormFields,
  lrnFields,
  type Maybe,
  poolFields,
  preluFields,
  softmaxFields,
  unless,
} from "./describe.js";

/** Its type and its fields: `cx.layer(...descriptor)`. */
export type Descriptor = readonly [type: string, ...fields: readonly Maybe[]];

interface Of {
  readonly shape: Shape;
}

/** The layer that maps `x` to what has the shape of `dy`. */
const between = <A>(attrs: A, x: Shape, dy: Shape): Described<A> => ({
  attrs,
  inputs: [{ shape: x }],
  outputs: [{ shape: dy }],
});

/** The shape of the derivative that a node is given, which is its last operand. */
const given = ({ inputs }: Node): Shape => inputs.at(-1)!.shape;

/** The convolution of which it is the transpose. */
export const convTransposeLayer = ({
  attrs,
  inputs,
  outputs,
}: Node<ConvTransposeAttrs>): Descriptor => {
  const [x, y] = [inputs[0]!.shape, outputs[0]!.shape];
  return convOf(transposeOf(attrs, x, plane(y)), y, x);
};

const convOf = (attrs: ConvGradientAttrs, x: Shape, dy: Shape): Descriptor => {
  const own = { ...attrs, activation: "none", split: [attrs.channels] } as const;
  return ["Conv", ...convFields(between(own, x, dy))];
};

export const convInputLayer = (node: Node<ConvGradientAttrs>): Descriptor =>
  convOf(node.attrs, node.attrs.shape, given(node));

export const convWeightLayer = (node: Node<ConvGradientAttrs>): Descriptor =>
  convOf(node.attrs, node.inputs[0]!.shape, given(node));

/** A fully connected layer, whatever the shape of what it flattens. */
export const linearOf = (x: Shape, dy: Shape): Descriptor => [
  "Linear",
  extent([elements(x)]),
  field("features", elements(dy)),
];

export const linearInputLayer = (node: Node<Of>): Descriptor =>
  linearOf(node.attrs.shape, given(node));

export const linearWeightLayer = (node: Node): Descriptor =>
  linearOf(node.inputs[0]!.shape, given(node));

export const poolTapsLayer = (node: Node<PoolAttrs>): Descriptor => [
  "Pool",
  ...poolFields(node, false),
];

export const maxPoolLayer = (node: Node<PoolAttrs & Of>): Descriptor => [
  "Pool",
  ...poolFields(between(node.attrs, node.attrs.shape, given(node)), false),
];

export const avgPoolLayer = (node: Node<PoolAttrs & Of>): Descriptor => [
  "Pool",
  ...poolFields(between(node.attrs, node.attrs.shape, given(node)), true),
];

export const adaptivePoolLayer = (node: Node<AdaptivePoolAttrs & Of>): Descriptor => [
  "AdaptivePool",
  ...adaptivePoolFields(between(node.attrs, node.attrs.shape, given(node))),
];

export const bilinearLayer = (node: Node<BilinearGradientAttrs>): Descriptor => [
  "Bilinear",
  ...bilinearFields(between(node.attrs, node.attrs.shape, given(node))),
];

export const imageNormLayer = (node: Node<CentredAttrs>): Descriptor => [
  "ImageNorm",
  ...imageNormFields(node),
];

export const softmaxLayer = (node: Node<DistributionAttrs>): Descriptor => [
  "Softmax",
  ...softmaxFields(node),
];

export const lrnLayer = (node: Parameters<typeof lrnFields>[0]): Descriptor => [
  "Lrn",
  ...lrnFields(node),
];

export const activateLayer = (node: Node<Applied>): Descriptor => [
  "Activate",
  extent(node.inputs[0]!.shape),
  appliedField(node.attrs),
];

export const preluLayer = (node: Parameters<typeof preluFields>[0]): Descriptor => [
  "PRelu",
  ...preluFields(node),
];

/** With its momentum, of which derivatives know nothing. */
export const batchNormTrainingLayer = (node: Node<NormTrainingAttrs>): Descriptor => [
  ...batchNormLayer(node),
  field("momentum", { real: node.attrs.momentum }),
];

export const batchNormLayer = ({ inputs, attrs }: Node<NormTrainingAttrs>): Descriptor => [
  "BatchNorm",
  extent(inputs[0]!.shape),
  field("eps", { real: attrs.eps }),
  appliedField(attrs),
];

export const dropoutLayer = ({ inputs, attrs }: Node<DropoutTrainingAttrs>): Descriptor => [
  "Dropout",
  extent(inputs[0]!.shape),
  field("share", attrs.p),
  field("stream", attrs.stream),
];

/** Of the accuracy too. */
export const crossEntropyLayer = ({
  inputs,
  attrs,
}: Node<Pick<CrossEntropyAttrs, "ignore">>): Descriptor => [
  "CrossEntropy",
  extent(inputs[0]!.shape),
  unless(attrs.ignore === undefined, field("ignore", attrs.ignore ?? 0)),
];

/** Of what has a descriptor with nothing but the shape of the first operand. */
export const shapeLayer =
  (type: "NumericLoss" | "ChannelSum") =>
  ({ inputs }: Node): Descriptor => [type, extent(inputs[0]!.shape)];

export const fillLayer =
  (value: number) =>
  ({ outputs }: Node): Descriptor => [
    "Fill",
    extent(outputs[0]!.shape),
    field("value", { real: value }),
  ];

export const maxLayer = ({ inputs, outputs }: Node): Descriptor => [
  "Max",
  extent(outputs[0]!.shape),
  // All but dy and y.
  field("operands", inputs.length - 2),
];
