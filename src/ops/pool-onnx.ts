/**
 * How pools are written. ONNX's `ceil_mode` has been read differently by its engines and versions, and
 * is not used: the windows that the network's own rule keeps are laid out with explicit padding. That
 * lets an average count too much where padding counts but the overhang of ceil mode does not: then it
 * is one over the whole kernel, times k / (elements counted).
 */
import type { AdaptivePoolAttrs } from "./pool-attrs.js";
import type { MaybeApplied } from "./activations.js";
import { beforeFusing, type OnnxNode, onnxPads } from "./onnx.js";
import { type PoolAttrs, poolWindow } from "./pool-attrs.js";
import { binsAlong, corrections } from "./pool-corrections.js";
import { plane } from "./shape.js";
import { span } from "./window.js";

/** ONNX Runtime takes no padding as large as a kernel, though a spread one reaches farther. */
export function writeMaxPool(node: OnnxNode, attrs: PoolAttrs): void {
  refuseFused(attrs);
  const { kernel, stride, dilation } = attrs;
  const pads = padsNeeded(node, attrs);
  const wide = pads.some((pad, side) => pad >= kernel[side % 2]!);
  const input = inputOf(node).name;
  node.finish("MaxPool", [wide ? lowestAround(node, input, pads) : input], {
    kernel_shape: kernel,
    strides: stride,
    pads: wide ? [0, 0, 0, 0] : pads,
    ...(dilation && { dilations: dilation }),
  });
}

function lowestAround(node: OnnxNode, input: string, pads: readonly number[]): string {
  const [top, left, bottom, right] = pads as readonly [number, number, number, number];
  const sides = node.integers("pads", [0, 0, top, left, 0, 0, bottom, right]);
  return node.add("Pad", [input, sides, node.constant("lowest", [], Float32Array.of(-Infinity))]);
}

/** @throws RangeError for what passes made of it: they run after a graph is exported */
function refuseFused({ activation = "none" }: MaybeApplied): void {
  if (activation !== "none") throw new RangeError(beforeFusing);
}

const inputOf = ({ inputs }: OnnxNode) => inputs[0]!;

export function writeAvgPool(node: OnnxNode, attrs: PoolAttrs): void {
  refuseFused(attrs);
  const { kernel, stride } = attrs;
  const input = inputOf(node).name;
  const attributes = {
    kernel_shape: kernel,
    strides: stride,
    pads: padsNeeded(node, attrs),
    count_include_pad: attrs.countPad ? 1 : 0,
  };
  const factors = attrs.countPad
    ? corrections(attrs, plane(inputOf(node).shape), plane(node.output.shape))
    : new Float32Array();
  if (factors.every((factor) => factor === 1)) {
    node.finish("AveragePool", [input], attributes);
    return;
  }
  const average = node.add("AveragePool", [input], attributes);
  const shape = [1, 1, ...plane(node.output.shape)];
  node.finish("Mul", [average, node.constant("pool_correction", shape, factors)]);
}

/** The padding that yields exactly the windows of the pool's output. */
function padsNeeded(node: OnnxNode, attrs: PoolAttrs): readonly number[] {
  const { kernel, stride, pads, dilation } = poolWindow(attrs);
  const [height, width] = plane(inputOf(node).shape);
  const [rows, columns] = plane(node.output.shape);
  const reach = [span(kernel[0], dilation[0]), span(kernel[1], dilation[1])] as const;
  return onnxPads({
    top: pads.top,
    left: pads.left,
    bottom: Math.max(0, (rows - 1) * stride[0] + reach[0] - height - pads.top),
    right: Math.max(0, (columns - 1) * stride[1] + reach[1] - width - pads.left),
  });
}

/** Bins of one size are an ordinary pool; others two products with matrices of averages. */
export function writeAdaptivePool(node: OnnxNode, { size, ...applied }: AdaptivePoolAttrs): void {
  refuseFused(applied);
  const { name: input, shape } = inputOf(node);
  const [height, width] = plane(shape);
  const [rows, columns] = size;
  if (rows === 1 && columns === 1) {
    node.finish("GlobalAveragePool", [input]);
  } else if (height % rows === 0 && width % columns === 0) {
    const kernel = [height / rows, width / columns];
    node.finish("AveragePool", [input], { kernel_shape: kernel, strides: kernel });
  } else {
    const left = node.constant("row_bins", [rows, height], binsAlong(rows, height));
    const right = node.constant(
      "column_bins",
      [width, columns],
      transpose(binsAlong(columns, width), columns, width),
    );
    node.finish("MatMul", [left, node.add("MatMul", [input, right])]);
  }
}

function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}
