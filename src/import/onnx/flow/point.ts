import type { Node } from "../../../graph/graph.js";
import { isNode } from "../../../graph/graph.js";
import type { Value } from "../../../graph/value.js";
import { activationOf } from "../../../ops/activations.js";
import { batchNorm } from "../../../ops/batchnorm.js";
import { conv2d } from "../../../ops/conv2d.js";
import { dropout } from "../../../ops/dropout.js";
import { flatten } from "../../../ops/flatten.js";
import { add } from "../../../ops/joins/add.js";
import { concat, slice } from "../../../ops/joins/concat.js";
import { max } from "../../../ops/joins/max.js";
import { mul } from "../../../ops/joins/mul.js";
import { linear } from "../../../ops/linear.js";
import type { Primitive } from "../../../ops/primitive.js";
import { scale } from "../../../ops/scale.js";
import { isImage, plane } from "../../../ops/shape.js";
import { noPads } from "../../../ops/window.js";
import type { FileNode } from "../decode/model.js";
import type { GraphBuilder } from "../graph-builder.js";

/** What does the same to a vector and to an image of one pixel. */
const alike = new Set(
  ([add, batchNorm, concat, dropout, max, mul, scale, slice] as readonly Primitive[]).map(
    ({ name }) => name,
  ),
);

/** Longer than the gates of any network. */
const mostSteps = 32;

/** The vectors that are images of one pixel already, or cannot be: each is made once. */
export type Points = Map<Value, Value | undefined>;

/**
 * A vector as an image of one pixel, by making what makes the vector anew: a linear map is a
 * convolution over the whole of its image. So are the gates of a squeeze-and-excite block made that a
 * network writes with linear maps. Undefined where the vector comes from elsewhere.
 */
export function asPoint(
  builder: GraphBuilder,
  vector: Value,
  about: FileNode,
  points: Points,
  steps = mostSteps,
): Value | undefined {
  if (!points.has(vector)) points.set(vector, made(builder, vector, about, points, steps));
  return points.get(vector);
}

function made(
  builder: GraphBuilder,
  vector: Value,
  about: FileNode,
  points: Points,
  steps: number,
): Value | undefined {
  const maker = builder.makerOf(vector);
  if (maker === undefined || steps === 0) return undefined;
  const [from] = maker.inputs;
  if (isNode(maker, flatten))
    return plane(from!.shape).every((side) => side === 1) ? from : undefined;
  if (isNode(maker, linear)) return asConv(builder, maker, about, points, steps);
  if (!alike.has(maker.primitive.name) && activationOf(maker.primitive) === undefined)
    return undefined;
  const inputs = maker.inputs.map((input) => asPoint(builder, input, about, points, steps - 1));
  const known = inputs.filter((input) => input !== undefined);
  return known.length === inputs.length ? builder.again(maker, known, about) : undefined;
}

function asConv(
  builder: GraphBuilder,
  maker: Node,
  about: FileNode,
  points: Points,
  steps: number,
): Value | undefined {
  const [from] = maker.inputs;
  const before = builder.makerOf(from!);
  const flattened = before !== undefined && isNode(before, flatten) ? before.inputs[0]! : from!;
  const image = isImage(flattened.shape)
    ? flattened
    : asPoint(builder, flattened, about, points, steps - 1);
  if (image === undefined) return undefined;
  const { weight, ...others } = builder.weightsOf(maker);
  const [channels = 0] = weight!.shape;
  const attrs = {
    kernel: plane(image.shape),
    stride: [1, 1],
    pads: noPads,
    dilation: [1, 1],
    groups: 1,
    channels,
    bias: others["bias"] !== undefined,
    activation: "none",
    split: [channels],
  } as const;
  const whole = { ...weight!, shape: [channels, ...image.shape] };
  return builder.node(conv2d, [image], attrs, about, { weight: whole, ...others });
}
