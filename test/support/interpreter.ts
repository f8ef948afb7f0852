/**
 * Runs a graph in plain double precision, prepare steps and all, by the definitions alone: the
 * judge of passes, with nothing in common with the native code. Values are dense C,H,W.
 */
import { isNode, type Graph, type Node, type Tensor, type Value } from "../../src/graph/graph.js";
import { adaptiveAvgPool, type AdaptivePoolAttrs } from "../../src/ops/adaptive-pool.js";
import { batchNorm } from "../../src/ops/batchnorm.js";
import { conv2d, type ConvAttrs } from "../../src/ops/conv.js";
import { add, concat } from "../../src/ops/join.js";
import { linear } from "../../src/ops/linear.js";
import { lrn, type LrnAttrs } from "../../src/ops/lrn.js";
import { avgPool, maxPool, type PoolAttrs } from "../../src/ops/pool.js";
import { scale } from "../../src/ops/scale.js";
import { channels, elements, plane } from "../../src/ops/shape.js";
import { softmax } from "../../src/ops/softmax.js";
import { prepare, type Weights } from "./prepare.js";

export type Numbers = Float64Array;

/**
 * The outputs by name.
 *
 * @param round what storing a number does to it: every value's, and the weights of convolutions and
 *   linears
 */
export function interpret(
  graph: Graph,
  input: ArrayLike<number>,
  weights: Weights,
  round: (x: number) => number = (x) => x,
): Map<string, Numbers> {
  const values = new Map<Value, Numbers>([[graph.input, Float64Array.from(input, round)]]);
  const cache = new Map<Tensor, Numbers>();
  const read = (tensor: Tensor | undefined): Numbers | undefined =>
    tensor && prepare(tensor, weights, cache);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((value) => values.get(value)!);
    const multiplies = isNode(node, conv2d) || isNode(node, linear);
    const weight: Weight = (role) => {
      const numbers = read(node.weights[role]);
      return multiplies ? numbers?.map(round) : numbers;
    };
    const result = compute(node, inputs, weight).map(round);
    let start = 0;
    for (const output of node.outputs) {
      values.set(output, result.slice(start, start + elements(output.shape)));
      start += elements(output.shape);
    }
  }
  return new Map(graph.outputs.map(({ name, value }) => [name, values.get(value)!]));
}

type Weight = (role: string) => Numbers | undefined;

function compute(node: Node, inputs: readonly Numbers[], weight: Weight): Numbers {
  const x = inputs[0]!;
  if (isNode(node, conv2d)) return convolve(node, x, weight);
  if (isNode(node, linear)) return multiply(node.attrs.features, x, weight);
  if (isNode(node, maxPool)) return pool(node, x, largest);
  if (isNode(node, avgPool)) return pool(node, x, average);
  if (isNode(node, adaptiveAvgPool)) return adaptivePool(node, x);
  if (isNode(node, batchNorm)) return normalise(node, x, node.attrs.eps, weight);
  if (isNode(node, lrn)) return respond(node, x);
  if (isNode(node, softmax)) return distribute(node, x);
  if (isNode(node, concat)) return Float64Array.from(inputs.flatMap((values) => [...values]));
  if (isNode(node, scale)) {
    const { scale: s, shift } = node.attrs;
    const at = (list: readonly number[], c: number): number => list[list.length === 1 ? 0 : c]!;
    return perChannel(node, x, (v, c) => v * at(s, c) + at(shift, c));
  }
  if (isNode(node, add)) {
    const { scales } = node.attrs;
    return x.map((_, i) => inputs.reduce((sum, values, n) => sum + scales[n]! * values[i]!, 0));
  }
  const f = elementwise[node.primitive.name];
  if (f === undefined) throw new Error(`the interpreter lacks ${node.primitive.name}`);
  return x.map(f);
}

const elementwise: Readonly<Record<string, (x: number) => number>> = {
  relu: (x) => (x < 0 ? 0 : x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: (x) => Math.tanh(x),
  dropout: (x) => x,
  identity: (x) => x,
  flatten: (x) => x,
};

function convolve(node: Node<ConvAttrs>, x: Numbers, weight: Weight): Numbers {
  const { kernel, stride, pads, dilation, groups, channels: count } = node.attrs;
  const depth = channels(node.inputs[0]!.shape) / groups;
  const [height, width] = plane(node.inputs[0]!.shape);
  const [rows, columns] = plane(node.outputs[0]!.shape);
  const w = weight("weight")!;
  const bias = weight("bias");
  const result = new Float64Array(count * rows * columns);
  let at = 0;
  for (let o = 0; o < count; o++) {
    const first = Math.floor(o / (count / groups)) * depth;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = bias?.[o] ?? 0;
        for (let i = 0; i < depth; i++) {
          for (let ky = 0; ky < kernel[0]; ky++) {
            const y = row * stride[0] - pads.top + ky * dilation[0];
            if (y < 0 || y >= height) continue;
            for (let kx = 0; kx < kernel[1]; kx++) {
              const xx = column * stride[1] - pads.left + kx * dilation[1];
              if (xx < 0 || xx >= width) continue;
              const tap = w[((o * depth + i) * kernel[0] + ky) * kernel[1] + kx]!;
              sum += tap * x[((first + i) * height + y) * width + xx]!;
            }
          }
        }
        result[at++] = activations[node.attrs.activation](sum);
      }
    }
  }
  return result;
}

const activations = {
  none: (x: number): number => x,
  relu: elementwise["relu"]!,
  sigmoid: elementwise["sigmoid"]!,
  tanh: elementwise["tanh"]!,
};

function multiply(features: number, x: Numbers, weight: Weight): Numbers {
  const w = weight("weight")!;
  const bias = weight("bias");
  return new Float64Array(features).map((_, o) =>
    x.reduce((sum, value, i) => sum + value * w[o * x.length + i]!, bias?.[o] ?? 0),
  );
}

type Reduce = (taps: readonly number[], attrs: PoolAttrs, padded: number) => number;

const largest: Reduce = (taps) => taps.reduce((a, b) => Math.max(a, b), -Infinity);
const average: Reduce = (taps, { countPad }, padded) =>
  taps.reduce((a, b) => a + b, 0) / (countPad ? padded : taps.length);

function pool(node: Node<PoolAttrs>, x: Numbers, reduce: Reduce): Numbers {
  const { kernel, stride, pads } = node.attrs;
  const [height, width] = plane(node.inputs[0]!.shape);
  const [rows, columns] = plane(node.outputs[0]!.shape);
  const result: number[] = [];
  for (let c = 0; c < channels(node.outputs[0]!.shape); c++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [top, left] = [row * stride[0] - pads.top, column * stride[1] - pads.left];
        // Padding counts for an average, the overhang of ceil mode beyond it does not.
        const bottom = Math.min(top + kernel[0], height + pads.bottom);
        const right = Math.min(left + kernel[1], width + pads.right);
        const taps: number[] = [];
        for (let y = Math.max(top, 0); y < Math.min(bottom, height); y++) {
          for (let xx = Math.max(left, 0); xx < Math.min(right, width); xx++) {
            taps.push(x[(c * height + y) * width + xx]!);
          }
        }
        result.push(reduce(taps, node.attrs, (bottom - top) * (right - left)));
      }
    }
  }
  return Float64Array.from(result);
}

function adaptivePool(node: Node<AdaptivePoolAttrs>, x: Numbers): Numbers {
  const [height, width] = plane(node.inputs[0]!.shape);
  const [rows, columns] = node.attrs.size;
  const result: number[] = [];
  const from = (i: number, size: number, bins: number): number => Math.floor((i * size) / bins);
  const to = (i: number, size: number, bins: number): number => Math.ceil(((i + 1) * size) / bins);
  for (let c = 0; c < channels(node.outputs[0]!.shape); c++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let [sum, count] = [0, 0];
        for (let y = from(row, height, rows); y < to(row, height, rows); y++) {
          for (let xx = from(column, width, columns); xx < to(column, width, columns); xx++) {
            sum += x[(c * height + y) * width + xx]!;
            count++;
          }
        }
        result.push(sum / count);
      }
    }
  }
  return Float64Array.from(result);
}

/** `f` sees each element and its channel. */
function perChannel(node: Node, x: Numbers, f: (v: number, channel: number) => number): Numbers {
  const [height, width] = plane(node.inputs[0]!.shape);
  return x.map((v, i) => f(v, Math.floor(i / (height * width))));
}

function normalise(node: Node, x: Numbers, eps: number, weight: Weight): Numbers {
  const [mean, variance] = [weight("running_mean")!, weight("running_var")!];
  const [gamma, beta] = [weight("weight"), weight("bias")];
  return perChannel(node, x, (v, c) => {
    const unit = (v - mean[c]!) / Math.sqrt(variance[c]! + eps);
    return unit * (gamma?.[c] ?? 1) + (beta?.[c] ?? 0);
  });
}

function respond(node: Node<LrnAttrs>, x: Numbers): Numbers {
  const { size, alpha, beta, k } = node.attrs;
  const [height, width] = plane(node.inputs[0]!.shape);
  const pixels = height * width;
  return x.map((v, i) => {
    let sum = 0;
    for (let d = -(size - 1) / 2; d <= (size - 1) / 2; d++) sum += (x[i + d * pixels] ?? 0) ** 2;
    return v / (k + (alpha / size) * sum) ** beta;
  });
}

function distribute(node: Node, x: Numbers): Numbers {
  const [height, width] = plane(node.inputs[0]!.shape);
  const pixels = height * width;
  return x.map((v, i) => {
    let most = -Infinity;
    for (let j = i % pixels; j < x.length; j += pixels) most = Math.max(most, x[j]!);
    let sum = 0;
    for (let j = i % pixels; j < x.length; j += pixels) sum += Math.exp(x[j]! - most);
    return Math.exp(v - most) / sum;
  });
}
