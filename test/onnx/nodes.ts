/** ONNX nodes as exporters write them, with what each is here. */
import type { OnnxRole, StoredNode } from "../../src/ops/onnx.js";
import { moves } from "./moving-nodes.js";
import { transposedNodes } from "./transposed-nodes.js";
import { activations } from "./activation-nodes.js";
import { imageNorms } from "./image-norm-nodes.js";
import { distributions } from "./softmax-nodes.js";
import { filled, fixed, flow, image, kernel, node, vector, weights } from "./stored.js";

export interface NodeCase {
  readonly title: string;
  readonly node: StoredNode;
  /** Those behind it that make one primitive together with it. */
  readonly then?: readonly StoredNode[];
  readonly is: {
    readonly primitive: string;
    readonly attrs: unknown;
    readonly roles: readonly (OnnxRole | undefined)[];
    readonly flattened?: true;
  };
}

const weight = { weight: "weight" };
const bias = { weight: "bias" };
const pads = (top: number, left: number, bottom: number, right: number) => ({
  top,
  left,
  bottom,
  right,
});

const conv = (more: object, hasBias = false) => ({
  primitive: "conv",
  attrs: {
    kernel: [3, 3],
    stride: [1, 1],
    pads: pads(0, 0, 0, 0),
    dilation: [1, 1],
    groups: 1,
    channels: 4,
    bias: hasBias,
    activation: "none",
    split: [4],
    ...more,
  },
  roles: ["input", weight, ...(hasBias ? [bias] : [])] as const,
});

const pool = (primitive: string, more: object) => ({
  primitive,
  attrs: {
    kernel: [3, 3],
    stride: [2, 2],
    pads: pads(0, 0, 0, 0),
    ceil: false,
    countPad: primitive === "maxpool",
    ...more,
  },
  roles: ["input"] as const,
});

const scale = (factors: readonly number[], shift: readonly number[], first = "input") => ({
  primitive: "scale",
  attrs: { scale: factors, shift },
  roles: (first === "input"
    ? ["input", "attribute"]
    : ["attribute", "input"]) as readonly OnnxRole[],
});

const join = (primitive: string, operands: number, attrs: unknown = {}) => ({
  primitive,
  attrs,
  roles: Array.from({ length: operands }, () => "input" as const),
});

const pooled = { primitive: "adaptiveavgpool", attrs: { size: [1, 1] } };
const flattened = { primitive: "flatten", attrs: {}, roles: ["input", "attribute"] as const };
const statistics = ["running_mean", "running_var"].map((role) => ({ weight: role }));
const f32 = Math.fround;

export const read: readonly NodeCase[] = [
  {
    title: "a convolution that says nothing",
    node: node("Conv", [image, kernel()]),
    is: conv({}),
  },
  {
    title: "a convolution that says all, with a bias",
    node: node("Conv", [image, kernel(3, 2, 3), weights(4)], {
      kernel_shape: [3, 2],
      strides: [2, 1],
      pads: [1, 0, 2, 3],
      dilations: [1, 2],
      group: 2,
      auto_pad: "NOTSET",
    }),
    is: conv(
      { kernel: [3, 2], stride: [2, 1], pads: pads(1, 0, 2, 3), dilation: [1, 2], groups: 2 },
      true,
    ),
  },
  {
    title: "a depthwise convolution",
    node: node("Conv", [image, weights(6, 1, 3, 3)], { group: 6, pads: [1, 1, 1, 1] }),
    is: conv({ groups: 6, channels: 6, split: [6], pads: pads(1, 1, 1, 1) }),
  },
  {
    title: "SAME_UPPER of a known size, as tf2onnx writes it",
    node: node("Conv", [flow(2, 6, 6, 8), kernel()], { auto_pad: "SAME_UPPER", strides: [2, 2] }),
    is: conv({ stride: [2, 2], pads: pads(0, 0, 1, 1) }),
  },
  {
    title: "SAME_LOWER of a known size",
    node: node("Conv", [flow(2, 6, 6, 8), kernel()], { auto_pad: "SAME_LOWER", strides: [2, 2] }),
    is: conv({ stride: [2, 2], pads: pads(1, 1, 0, 0) }),
  },
  {
    title: "SAME_UPPER at a stride of 1, of any size",
    node: node("Conv", [flow(undefined, 6, undefined, undefined), kernel(2, 3)], {
      auto_pad: "SAME_UPPER",
    }),
    is: conv({ kernel: [2, 3], pads: pads(0, 1, 1, 1) }),
  },
  {
    title: "SAME_LOWER with a dilation",
    node: node("Conv", [image, kernel(2, 3)], { auto_pad: "SAME_LOWER", dilations: [1, 2] }),
    is: conv({ kernel: [2, 3], dilation: [1, 2], pads: pads(1, 2, 0, 2) }),
  },
  {
    title: "VALID",
    node: node("Conv", [image, kernel()], { auto_pad: "VALID" }),
    is: conv({}),
  },
  {
    title: "VALID, with pads of nothing",
    node: node("Conv", [image, kernel()], { auto_pad: "VALID", pads: [0, 0, 0, 0] }),
    is: conv({}),
  },
  {
    title: "a convolution of an input that nothing is known of",
    node: node("Conv", [{ shape: undefined }, kernel()]),
    is: conv({}),
  },
  {
    title: "Gemm as PyTorch writes it",
    node: node("Gemm", [vector, weights(4, 6), weights(4)], { alpha: 1, beta: 1, transB: 1 }),
    is: { primitive: "linear", attrs: { features: 4, bias: true }, roles: ["input", weight, bias] },
  },
  {
    title: "Gemm as it is by default, with factors and a row of offsets",
    node: node("Gemm", [vector, weights(6, 4), weights(1, 4)], { alpha: 0.5, beta: f32(0.1) }),
    is: {
      primitive: "linear",
      attrs: { features: 4, bias: true },
      roles: [
        "input",
        { weight: "weight", transposed: true, factor: 0.5 },
        { weight: "bias", flattened: true, factor: 0.1 },
      ],
    },
  },
  {
    title: "Gemm without offsets",
    node: node("Gemm", [vector, weights(6, 4)]),
    is: {
      primitive: "linear",
      attrs: { features: 4, bias: false },
      roles: ["input", { weight: "weight", transposed: true }],
    },
  },
  {
    title: "Gemm whose offsets count nothing",
    node: node("Gemm", [vector, weights(4, 6), weights(4)], { transB: 1, beta: 0 }),
    is: {
      primitive: "linear",
      attrs: { features: 4, bias: false },
      roles: ["input", weight, "attribute"],
    },
  },
  {
    title: "MatMul by a matrix, the first of a MatMul and an Add",
    node: node("MatMul", [vector, weights(6, 4)]),
    is: {
      primitive: "linear",
      attrs: { features: 4, bias: false },
      roles: ["input", { weight: "weight", transposed: true }],
    },
  },
  {
    title: "a max pool whose stride is 1 unless it is written",
    node: node("MaxPool", [image], { kernel_shape: [3, 3] }),
    is: pool("maxpool", { stride: [1, 1] }),
  },
  {
    title: "a max pool of Caffe's",
    node: node("MaxPool", [flow(2, 6, 6, 8)], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      ceil_mode: 1,
      dilations: [1, 1],
      storage_order: 0,
      pads: [0, 0, 0, 0],
    }),
    is: pool("maxpool", { ceil: true }),
  },
  {
    title: "a max pool of TensorFlow's",
    node: node("MaxPool", [flow(2, 6, 6, 7)], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      auto_pad: "SAME_UPPER",
    }),
    is: pool("maxpool", { pads: pads(0, 1, 1, 1) }),
  },
  {
    title: "an average that leaves padding out unless it is said",
    node: node("AveragePool", [image], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    }),
    is: pool("avgpool", { pads: pads(1, 1, 1, 1) }),
  },
  {
    title: "an average over the padding too",
    node: node("AveragePool", [image], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
      count_include_pad: 1,
    }),
    is: pool("avgpool", { pads: pads(1, 1, 1, 1), countPad: true }),
  },
  {
    title: "GlobalMaxPool of a known size",
    node: node("GlobalMaxPool", [image]),
    is: pool("maxpool", { kernel: [5, 7], stride: [1, 1] }),
  },
  ...transposedNodes,
  ...moves,
  {
    title: "MaxPool whose taps do not lie side by side",
    node: node("MaxPool", [image], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
      dilations: [2, 1],
    }),
    is: pool("maxpool", { pads: pads(1, 1, 1, 1), dilation: [2, 1] }),
  },
  {
    title: "Pad as PyTorch writes it",
    node: node("Pad", [image, fixed([8], 0, 0, 1, 2, 0, 0, 3, 0), fixed([], 0)], {
      mode: "constant",
    }),
    is: {
      primitive: "zeropad",
      attrs: { pads: pads(1, 2, 3, 0) },
      roles: ["input", "attribute", "attribute"],
    },
  },
  {
    title: "Pad before opset 11",
    node: node("Pad", [image], { pads: [0, 0, 1, 1, 0, 0, 1, 1] }, { opset: 10 }),
    is: { primitive: "zeropad", attrs: { pads: pads(1, 1, 1, 1) }, roles: ["input"] },
  },
  {
    title: "GlobalAveragePool",
    node: node("GlobalAveragePool", [image]),
    is: { ...pooled, roles: ["input"] },
  },
  {
    title: "a mean over the plane, its axes an attribute",
    node: node("ReduceMean", [image], { axes: [-1, -2], keepdims: 1 }),
    is: { ...pooled, roles: ["input"] },
  },
  {
    title: "a mean over the plane that drops it, its axes an operand",
    node: node("ReduceMean", [image, fixed([2], 2, 3)], { keepdims: 0 }, { opset: 18 }),
    is: { ...pooled, roles: ["input", "attribute"], flattened: true },
  },
  {
    title: "BatchNormalization as PyTorch writes it",
    node: node("BatchNormalization", [image, weights(6), weights(6), weights(6), weights(6)], {
      epsilon: f32(1e-5),
      momentum: f32(0.9),
      training_mode: 0,
    }),
    is: {
      primitive: "batchnorm",
      attrs: { eps: 1e-5, scale: true, shift: true, momentum: 0.1 },
      roles: ["input", weight, bias, ...statistics],
    },
  },
  {
    title: "BatchNormalization of vectors, of Keras' numbers",
    node: node("BatchNormalization", [vector, weights(6), weights(6), weights(6), weights(6)], {
      epsilon: f32(1e-3),
      momentum: f32(0.99),
    }),
    is: {
      primitive: "batchnorm",
      attrs: { eps: 1e-3, scale: true, shift: true, momentum: 0.01 },
      roles: ["input", weight, bias, ...statistics],
    },
  },
  {
    title: "BatchNormalization that multiplies by 1 and adds 0",
    node: node("BatchNormalization", [image, filled(1, 6), filled(0, 6), weights(6), weights(6)]),
    is: {
      primitive: "batchnorm",
      attrs: { eps: 1e-5, scale: false, shift: false, momentum: 0.1 },
      roles: ["input", "attribute", "attribute", ...statistics],
    },
  },
  {
    title: "BatchNormalization that adds 0 alone",
    node: node("BatchNormalization", [image, weights(6), filled(0, 6), weights(6), weights(6)]),
    is: {
      primitive: "batchnorm",
      attrs: { eps: 1e-5, scale: true, shift: false, momentum: 0.1 },
      roles: ["input", weight, "attribute", ...statistics],
    },
  },
  {
    title: "BatchNormalization that multiplies by 1 alone, as TF-slim's",
    node: node("BatchNormalization", [image, filled(1, 6), weights(6), weights(6), weights(6)]),
    is: {
      primitive: "batchnorm",
      attrs: { eps: 1e-5, scale: false, shift: true, momentum: 0.1 },
      roles: ["input", "attribute", bias, ...statistics],
    },
  },
  {
    title: "LRN as AlexNet has it",
    node: node("LRN", [image], { size: 5, alpha: f32(1e-4), beta: f32(0.75), bias: 2 }),
    is: { primitive: "lrn", attrs: { size: 5, alpha: 1e-4, beta: 0.75, k: 2 }, roles: ["input"] },
  },
  {
    title: "LRN with ONNX's own numbers",
    node: node("LRN", [image], { size: 3 }),
    is: { primitive: "lrn", attrs: { size: 3, alpha: 1e-4, beta: 0.75, k: 1 }, roles: ["input"] },
  },
  ...["Relu", "Sigmoid", "Tanh"].map((opType) => ({
    title: opType,
    node: node(opType, [image]),
    is: { primitive: opType.toLowerCase(), attrs: {}, roles: ["input"] as const },
  })),
  {
    title: "Swish, as it is by default",
    node: node("Swish", [image], {}, { opset: 24 }),
    is: { primitive: "silu", attrs: {}, roles: ["input"] },
  },
  {
    title: "Swish that says what it is by default",
    node: node("Swish", [image], { alpha: 1 }, { opset: 24 }),
    is: { primitive: "silu", attrs: {}, roles: ["input"] },
  },
  ...activations,
  ...distributions,
  ...imageNorms,
  {
    title: "Dropout with its share as an operand",
    node: node("Dropout", [image, fixed([], f32(0.4)), fixed([], 0)]),
    is: { primitive: "dropout", attrs: { p: 0.4 }, roles: ["input", "attribute", "attribute"] },
  },
  {
    title: "Dropout with its share as an attribute",
    node: node("Dropout", [image], { ratio: f32(0.7) }, { opset: 11 }),
    is: { primitive: "dropout", attrs: { p: 0.7 }, roles: ["input"] },
  },
  {
    title: "Dropout that says nothing",
    node: node("Dropout", [image, undefined, fixed([], 0)], { seed: 3 }),
    is: { primitive: "dropout", attrs: { p: 0.5 }, roles: ["input", undefined, "attribute"] },
  },
  {
    title: "Identity",
    node: node("Identity", [image]),
    is: { primitive: "identity", attrs: {}, roles: ["input"] },
  },
  {
    title: "Flatten by default",
    node: node("Flatten", [image]),
    is: { primitive: "flatten", attrs: {}, roles: ["input"] },
  },
  {
    title: "Flatten by an axis from the end",
    node: node("Flatten", [image], { axis: -3 }),
    is: { primitive: "flatten", attrs: {}, roles: ["input"] },
  },
  {
    title: "Reshape that copies the batch",
    node: node("Reshape", [flow(undefined, 6, undefined, undefined), fixed([2], 0, -1)]),
    is: flattened,
  },
  {
    title: "Reshape that leaves the batch over",
    node: node("Reshape", [flow(undefined, 6, 5, 7), fixed([2], -1, 210)]),
    is: flattened,
  },
  {
    title: "Reshape of a fixed batch",
    node: node("Reshape", [flow(1, 6, 5, 7), fixed([2], 1, 210)], { allowzero: 0 }),
    is: flattened,
  },
  {
    title: "Squeeze of a pixel",
    node: node("Squeeze", [flow(2, 6, 1, 1), fixed([2], -1, -2)]),
    is: flattened,
  },
  {
    title: "Squeeze of a pixel, its axes an attribute",
    node: node("Squeeze", [flow(2, 6, 1, 1)], { axes: [2, 3] }, { opset: 11 }),
    is: { ...flattened, roles: ["input"] },
  },
  {
    title: "Mul by one number",
    node: node("Mul", [image, fixed([], f32(0.17))]),
    is: scale([0.17], [0]),
  },
  {
    title: "Mul of a number a channel, from the left",
    node: node("Mul", [fixed([1, 6, 1, 1], 1, 2, 3, 4, 5, 6), image]),
    is: scale([1, 2, 3, 4, 5, 6], [0], "attribute"),
  },
  {
    title: "Add of a number a channel, without the batch",
    node: node("Add", [image, fixed([6, 1, 1], 1, 2, 3, 4, 5, 6)]),
    is: scale([1], [1, 2, 3, 4, 5, 6]),
  },
  {
    title: "Add of a bias to vectors, the second of a MatMul and an Add",
    node: node("Add", [vector, fixed([6], 1, 2, 3, 4, 5, 6)]),
    is: scale([1], [1, 2, 3, 4, 5, 6]),
  },
  {
    title: "Sub of a mean",
    node: node("Sub", [image, fixed([6, 1, 1], 1, 2, 3, 4, 5, 6)]),
    is: scale([1], [-1, -2, -3, -4, -5, -6]),
  },
  {
    title: "Sub from one number",
    node: node("Sub", [fixed([1], 1), image]),
    is: scale([-1], [1], "attribute"),
  },
  {
    title: "Div by a std",
    node: node("Div", [image, fixed([1], 4)]),
    is: scale([0.25], [0]),
  },
  {
    title: "Neg",
    node: node("Neg", [image]),
    is: { primitive: "scale", attrs: { scale: [-1], shift: [0] }, roles: ["input"] },
  },
  {
    title: "Add of two",
    node: node("Add", [image, image]),
    is: join("add", 2, { scales: [1, 1] }),
  },
  {
    title: "Sum of three, one of them spread",
    node: node("Sum", [image, flow(2, 6, 1, 1), image]),
    is: join("add", 3, { scales: [1, 1, 1] }),
  },
  {
    title: "Mul by a gate",
    node: node("Mul", [image, flow(2, 6, 1, 1)]),
    is: join("mul", 2),
  },
  {
    title: "Mul of what little is known of",
    node: node("Mul", [{ shape: undefined }, flow(undefined, 6, undefined, undefined)]),
    is: join("mul", 2),
  },
  { title: "Max", node: node("Max", [image, image, image]), is: join("max", 3) },
  {
    title: "Concat of channels",
    node: node("Concat", [image, flow(2, 1, 5, 7)], { axis: 1 }),
    is: join("concat", 2),
  },
  {
    title: "Concat of vectors by the last axis",
    node: node("Concat", [vector, flow(2, 3)], { axis: -1 }),
    is: join("concat", 2),
  },
];
