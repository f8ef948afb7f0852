/**
 * Pools. ONNX's `ceil_mode` has been read differently by its engines and versions, and so has what
 * an average divides by; neither is used. The windows that the network's own rule keeps are laid
 * out with explicit padding, and an average is a sum over k elements, times k / (elements counted).
 */
import type { Node } from "../graph/graph.js";
import { adaptiveAvgPool, type AdaptivePoolAttrs } from "../ops/adaptive-pool.js";
import { avgPool, maxPool, type PoolAttrs } from "../ops/pool.js";
import { plane } from "../ops/shape.js";
import { operand, result, rule } from "./rule.js";
import { padsOf } from "./window.js";
import type { Writer } from "./writer.js";

function writeMaxPool(writer: Writer, node: Node<PoolAttrs>): void {
  const { kernel, stride } = node.attrs;
  const attributes = { kernel_shape: kernel, strides: stride, pads: padsNeeded(node) };
  writer.node("MaxPool", [operand(writer, node)], attributes, result(writer, node));
}

function writeAvgPool(writer: Writer, node: Node<PoolAttrs>): void {
  const { kernel, stride } = node.attrs;
  const input = operand(writer, node);
  const attributes = {
    kernel_shape: kernel,
    strides: stride,
    pads: padsNeeded(node),
    count_include_pad: 1,
  };
  const factors = corrections(node);
  if (factors.every((factor) => factor === 1)) {
    writer.node("AveragePool", [input], attributes, result(writer, node));
    return;
  }
  const average = writer.node("AveragePool", [input], attributes);
  const shape = [1, 1, ...plane(node.outputs[0]!.shape)];
  const correction = writer.constant("pool_correction", shape, factors);
  writer.node("Mul", [average, correction], {}, result(writer, node));
}

/** Elements under the whole kernel / elements that count, for each output pixel. */
function corrections(node: Node<PoolAttrs>): Float32Array {
  const { kernel, stride, pads, countPad } = node.attrs;
  const [height, width] = plane(node.inputs[0]!.shape);
  const [rows, columns] = plane(node.outputs[0]!.shape);
  const up = countedAlong(rows, height, kernel[0], stride[0], pads.top, pads.bottom, countPad);
  const across = countedAlong(
    columns,
    width,
    kernel[1],
    stride[1],
    pads.left,
    pads.right,
    countPad,
  );
  const whole = kernel[0] * kernel[1];
  return Float32Array.from(up.flatMap((y) => across.map((x) => whole / (y * x))));
}

/** How many positions under each window count, along one axis. */
function countedAlong(
  windows: number,
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
  countPad: boolean,
): number[] {
  const first = countPad ? -before : 0;
  const end = countPad ? size + after : size;
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + kernel, end) - Math.max(start, first);
  });
}

/** The padding that yields exactly the windows of the pool's output. */
function padsNeeded(node: Node<PoolAttrs>): readonly number[] {
  const { kernel, stride, pads } = node.attrs;
  const [height, width] = plane(node.inputs[0]!.shape);
  const [rows, columns] = plane(node.outputs[0]!.shape);
  return padsOf({
    top: pads.top,
    left: pads.left,
    bottom: Math.max(0, (rows - 1) * stride[0] + kernel[0] - height - pads.top),
    right: Math.max(0, (columns - 1) * stride[1] + kernel[1] - width - pads.left),
  });
}

/** Bins of one size are an ordinary pool; others two products with matrices of averages. */
function writeAdaptive(writer: Writer, node: Node<AdaptivePoolAttrs>): void {
  const [height, width] = plane(node.inputs[0]!.shape);
  const [rows, columns] = node.attrs.size;
  const input = operand(writer, node);
  const output = result(writer, node);
  if (rows === 1 && columns === 1) {
    writer.node("GlobalAveragePool", [input], {}, output);
  } else if (height % rows === 0 && width % columns === 0) {
    const kernel = [height / rows, width / columns];
    writer.node("AveragePool", [input], { kernel_shape: kernel, strides: kernel }, output);
  } else {
    const left = writer.constant("row_bins", [rows, height], bins(rows, height));
    const right = writer.constant(
      "column_bins",
      [width, columns],
      transpose(bins(columns, width), columns, width),
    );
    const across = writer.node("MatMul", [input, right]);
    writer.node("MatMul", [left, across], {}, output);
  }
}

/** Row i averages elements floor(i * size / count) to ceil((i + 1) * size / count) - 1. */
function bins(count: number, size: number): Float32Array {
  const matrix = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const start = Math.floor((i * size) / count);
    const end = Math.ceil(((i + 1) * size) / count);
    matrix.fill(1 / (end - start), i * size + start, i * size + end);
  }
  return matrix;
}

function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}

export const poolingRules = [
  rule(maxPool, writeMaxPool),
  rule(avgPool, writeAvgPool),
  rule(adaptiveAvgPool, writeAdaptive),
];
