import { activatedRange } from "./activations.js";
import { conv2d, type ConvAttrs } from "./conv2d.js";
import { perImage } from "./evaluate.js";
import { noOnnx } from "./inner.js";
import { avgPool, maxPool } from "./pool2d.js";
import type { PoolAttrs } from "./pool-attrs.js";
import type { Primitive } from "./primitive.js";
import { anything } from "./range.js";
import type { Shape } from "./shape.js";

export interface PooledConvAttrs {
  readonly average: boolean;
  readonly pool: PoolAttrs;
  /** Of one result. */
  readonly conv: ConvAttrs;
}

/** A convolution of what a pool makes of the image. Passes make it of the two. */
export const pooledConv: Primitive<PooledConvAttrs> = {
  name: "pooledconv",
  infer: ([input], attrs) => conv2d.infer([pooledShape(input!, attrs)], attrs.conv),
  weights: ([input], attrs) => conv2d.weights([pooledShape(input!, attrs)], attrs.conv),
  macs: ([input], attrs) => conv2d.macs([pooledShape(input!, attrs)], attrs.conv),
  format: (attrs) =>
    `${poolOf(attrs).name} ${poolOf(attrs).format(attrs.pool)}, conv ${conv2d.format(attrs.conv)}`,
  tolerance: conv2d.tolerance,
  inPlace: false,
  range: (_, { conv }) => activatedRange(anything, conv),
  evaluate: perImage(({ inputs, weights }, attrs) => {
    const [{ shape, data }] = inputs as [(typeof inputs)[0]];
    const [pooled] = poolOf(attrs).evaluate(
      { inputs: [{ shape, data }], weights: {} },
      attrs.pool,
      1,
    );
    const image = { shape: pooledShape(shape, attrs), data: pooled! };
    return conv2d.evaluate({ inputs: [image], weights }, attrs.conv, 1);
  }),
  onnx: noOnnx("passes fuse pools"),
};

const poolOf = ({ average }: PooledConvAttrs): Primitive<PoolAttrs> =>
  average ? avgPool : maxPool;

/** What the convolution sees. */
export const pooledShape = (input: Shape, attrs: PooledConvAttrs): Shape =>
  poolOf(attrs).infer([input], attrs.pool)[0]!;
