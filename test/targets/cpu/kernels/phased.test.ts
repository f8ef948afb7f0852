/** A strided convolution is one of stride 1 of its phases: the same numbers, by the definition in f64. */
import { expect, test } from "vitest";
import { evaluateGraph } from "../../../../src/graph/evaluate.js";
import { type Graph, isNode, type Node, parametersOf } from "../../../../src/graph/graph.js";
import { conv2d, type ConvAttrs } from "../../../../src/ops/conv2d.js";
import type { Pair } from "../../../../src/ops/window.js";
import { phased, phasedBytes } from "../../../../src/targets/cpu/kernels/phased.js";
import { GraphWriter } from "../../../support/graphs.js";
import { Random } from "../../../support/random.js";

interface Layer {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: ConvAttrs["pads"];
}

const outputs = 3;

function convolution({ shape, ...attrs }: Layer): { graph: Graph; node: Node<ConvAttrs> } {
  const w = new GraphWriter(shape);
  const graph = w.output(w.conv("y", w.input, outputs, { ...attrs, bias: false })).graph();
  const [node] = graph.nodes.filter((each): each is Node<ConvAttrs> => isNode(each, conv2d));
  return { graph, node: node! };
}

function result(graph: Graph, image: Float64Array, weight: Float64Array): Float64Array {
  const [parameter] = parametersOf(graph);
  const numbersOf = evaluateGraph(
    graph,
    new Map([[graph.inputs[0]!, image]]),
    new Map([[parameter!.name, weight]]),
    1,
  );
  return numbersOf(graph.outputs[0]!.value);
}

test.each<readonly [string, Layer, readonly number[]]>([
  [
    "GoogLeNet's first layer, smaller",
    layer([3, 23, 25], [7, 7], [2, 2], [3, 2, 3, 3]),
    [12, 15, 15],
  ],
  ["strides that differ", layer([2, 11, 13], [5, 4], [3, 2], [1, 0, 2, 1]), [12, 5, 7]],
  ["a kernel shorter than its stride", layer([1, 9, 8], [2, 5], [4, 1], [0, 2, 0, 2]), [4, 2, 12]],
  ["a side of stride 1", layer([4, 6, 9], [3, 3], [1, 2], [1, 1, 1, 1]), [8, 8, 6]],
])("%s", (_, { shape, kernel, stride, pads }, expected) => {
  const { graph, node } = convolution({ shape, kernel, stride, pads });
  const form = phased(node);
  expect(form.inputs[0]!.shape).toEqual(expected);
  const [channels, height, width] = expected as [number, number, number];
  expect(phasedBytes(form)).toBe(4 * Math.ceil(channels / 16) * 16 * height * width);

  const random = new Random(5);
  const draw = (count: number): Float64Array => Float64Array.from(random.floats(count, -1, 1));
  const image = draw(shape[0] * shape[1] * shape[2]);
  const weight = draw(outputs * shape[0] * kernel[0] * kernel[1]);
  // Of channel (phase of row, phase of column, own): what lies there, and zeros outside of it.
  const taken = (
    of: (own: number, y: number, x: number) => number,
    rows: number,
    columns: number,
  ) =>
    Float64Array.from({ length: channels * rows * columns }, (_each, at) => {
      const channel = Math.floor(at / (rows * columns));
      const [phase, own] = [Math.floor(channel / shape[0]), channel % shape[0]];
      const y = Math.floor(at / columns) % rows;
      const row = y * stride[0] + Math.floor(phase / stride[1]);
      return of(own, row, (at % columns) * stride[1] + (phase % stride[1]));
    });
  const at = (numbers: Float64Array, [own, y, x]: number[], [h, w]: readonly number[]): number =>
    y! < 0 || x! < 0 || y! >= h! || x! >= w! ? 0 : numbers[(own! * h! + y!) * w! + x!]!;
  const sorted = taken(
    (own, y, x) => at(image, [own, y - pads.top, x - pads.left], shape.slice(1)),
    height,
    width,
  );
  const each = shape[0] * kernel[0] * kernel[1];
  const taps = Array.from({ length: outputs }, (_o, o) => {
    const plane = weight.subarray(o * each, (o + 1) * each);
    return [...taken((own, y, x) => at(plane, [own, y, x], kernel), ...form.attrs.kernel)];
  });
  const own = convolution({ shape: [channels, height, width], ...form.attrs });
  const expectedNumbers = result(graph, image, weight);
  const numbers = result(own.graph, sorted, Float64Array.from(taps.flat()));
  expect(own.node.outputs[0]!.shape).toEqual(node.outputs[0]!.shape);
  expect(numbers.length).toBeGreaterThan(0);
  numbers.forEach((x, i) => expect(x).toBeCloseTo(expectedNumbers[i]!, 12));
});

function layer(
  shape: Layer["shape"],
  kernel: Pair,
  stride: Pair,
  [top, left, bottom, right]: readonly [number, number, number, number],
): Layer {
  return { shape, kernel, stride, pads: { top, left, bottom, right } };
}
