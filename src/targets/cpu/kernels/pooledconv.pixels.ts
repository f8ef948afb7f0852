/** native/cpu/conv/pooled.hpp: a pool of a few rows, and products of them with packed weights. */
import { elements, plane } from "../../../ops/shape.js";
import { pooledConv, type PooledConvAttrs } from "../../../ops/pooled-conv.js";
import { poolFields } from "../../describe.js";
import type { Node } from "../../../graph/graph.js";
import type { ConvAttrs } from "../../../ops/conv2d.js";
import { block } from "../blocks.js";
import { blocked, kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { call } from "../node.js";
import { convBlocks, memberScratch } from "../scratch.js";
import { tileCount } from "../tiles.js";
import { type ConvAlgorithm, convolutionOf, convWay, depth, describe, packedBias } from "./conv.js";
import { pointwiseCost, type PointwiseTuning, pointwiseTunings } from "./conv.pointwise.js";
import { move, nearByte, pooledNumber } from "./costs.js";

/** `2x14x128 2 rows`: as a 1x1 convolution's, and the rows that are pooled at a time. */
class Tuning {
  constructor(
    readonly pixels: PointwiseTuning,
    readonly rows: number,
  ) {}

  toString(): string {
    return `${String(this.pixels)} ${this.rows} rows`;
  }
}

/** What is larger than that comes back from beyond the second cache. */
const near = 1 << 20;

export const pooledConvPixels = kernel<PooledConvAttrs, Tuning>({
  name: "pooledconv.pixels",
  primitive: pooledConv,
  refuses: (node, { precision }) => {
    if (precision === "bf16") return "its sums wait in the output, which is bf16";
    const rows = rowsAtOnce(node);
    const bytes =
      4 * pooledNumbers(convolutionOf(node)) * (rows / plane(node.outputs[0]!.shape)[0]);
    return bytes <= memberScratch ? undefined : "its rows are longer than a thread's scratch";
  },
  ways: (node, machine) => {
    const level = machine.level as CpuLevel;
    const tuning = new Tuning(pointwiseTunings[level], rowsAtOnce(node));
    const conv = convolutionOf(node);
    const way = convWay(conv, tuning, cost(conv, tuning, level), algorithm(conv, tuning), machine);
    return [{ ...way, inputs: [blocked] }];
  },
  lower: (cx, node, tuning) => {
    const conv = convolutionOf(node);
    const own = algorithm(conv, tuning);
    const pool = cx.layer("Pool", ...poolFields(poolingOf(node, conv), node.attrs.average));
    const layer = describe(cx, conv, own);
    cx.check(`${own.name}::fits`, layer, true);
    cx.check(`${own.name}::packed_weights`, layer, own.weights);
    cx.check(`${own.name}::packed_bias`, layer, packedBias(conv.attrs));
    const args = [cx.inputs[0]!, cx.weight("weight"), cx.weight("bias"), cx.outputs[0]!];
    const name = node.attrs.average ? "avg_pool_conv" : "max_pool_conv";
    return [call("cpu/conv/pooled.hpp", name, [pool, layer, own.name], args)];
  },
});

const poolingOf = ({ attrs, inputs }: Node<PooledConvAttrs>, conv: Node<ConvAttrs>) => ({
  attrs: attrs.pool,
  inputs,
  outputs: conv.inputs,
});

/** As many as make two tiles of AVX-512: fewer meet too few pixels for each weight that is read. */
function rowsAtOnce({ outputs: [result] }: Node<PooledConvAttrs>): number {
  const [height, width] = plane(result!.shape);
  return Math.min(height, Math.ceil(28 / width));
}

const pooledNumbers = (conv: Node<ConvAttrs>): number =>
  Math.ceil(depth(conv) / block) * block * elements(plane(conv.inputs[0]!.shape));

/**
 * What both take apart, without what the pooled image takes on its way: all of it where it is larger than
 * the caches, and half of it from another core where two threads share out the convolution's weights,
 * not its pixels. Weights come from the second cache for each strip of rows.
 */
function cost(conv: Node<ConvAttrs>, { pixels, rows }: Tuning, level: CpuLevel): number {
  const size = plane(conv.outputs[0]!.shape);
  const numbers = pooledNumbers(conv);
  const sharesWeights = tileCount(conv.attrs, size, pixels.tile) < 16;
  const way = 4 * numbers > near ? 1 : sharesWeights ? 1 / 2 : 0;
  const weights = 4 * depth(conv) * block * convBlocks(conv.attrs);
  const strips = Math.ceil(size[0] / rows);
  return (
    pointwiseCost(conv, pixels, level) +
    pooledNumber * numbers +
    nearByte * weights * strips -
    move * numbers * way
  );
}

const algorithm = (conv: Node<ConvAttrs>, { pixels, rows }: Tuning): ConvAlgorithm => ({
  header: "pooled",
  name: `Pooled<${pixels.tile.blocks}, ${pixels.tile.pixels}, ${pixels.depth}, ${rows}>`,
  planar: false,
  weights: depth(conv) * block * convBlocks(conv.attrs),
});
