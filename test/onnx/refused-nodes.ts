import type { StoredNode } from "../../src/ops/onnx.js";
import { shuffling } from "./moving-nodes.js";
import { fixed, flow, image, kernel, node, vector, weights } from "./stored.js";

/** Nodes that have no word here, and the sentence that says why. */
export const refused: readonly (readonly [sentence: string, node: StoredNode])[] = [
  ["Einsum has no word here", node("Einsum", [image])],
  [
    "ConvTranspose has auto_pad SAME_UPPER; here the padding of a transposed convolution is said",
    node("ConvTranspose", [image, weights(6, 4, 3, 2)], { auto_pad: "SAME_UPPER" }),
  ],
  [
    "ConvTranspose says the shape of its result; here that follows from its padding",
    node("ConvTranspose", [image, weights(6, 4, 3, 2)], { output_shape: [9, 9] }),
  ],
  [
    "ConvTranspose has output_padding 1, 0 at strides 1, 1; here it is less than the stride",
    node("ConvTranspose", [image, weights(6, 4, 3, 2)], { output_padding: [1, 0] }),
  ],
  [
    "ConvTranspose has kernels over 4 channels, and 6 come in",
    node("ConvTranspose", [image, weights(4, 6, 3, 2)]),
  ],
  [
    "Resize has mode cubic; here that is nearest or linear",
    node("Resize", [image, undefined, fixed([4], 1, 1, 2, 2)], { mode: "cubic" }),
  ],
  [
    "Resize has mode linear, and the outermost pixels stay at the corners; here each lies in the middle of what it becomes, as half_pixel",
    node("Resize", [image, undefined, fixed([4], 1, 1, 2, 2)], {
      mode: "linear",
      coordinate_transformation_mode: "align_corners",
    }),
  ],
  [
    "Resize has mode linear, and pixels lie as asymmetric says; here each lies in the middle of what it becomes, as half_pixel",
    node("Resize", [image, fixed([4], 1, 1, 2, 2)], { mode: "linear" }, { opset: 10 }),
  ],
  [
    "Resize makes 1 x 1 x 1.5 x 2 of the image; here height and width grow by whole factors",
    node("Resize", [image, undefined, fixed([4], 1, 1, 1.5, 2)], { mode: "linear" }),
  ],
  [
    "Upsample has mode linear, and pixels lie as asymmetric says; here each lies in the middle of what it becomes, as half_pixel",
    node("Upsample", [image, fixed([4], 1, 1, 2, 2)], { mode: "linear" }, { opset: 9 }),
  ],
  [
    "Resize makes 1 x 1 x 1.5 x 2 of the image; here height and width grow by whole factors",
    node("Resize", [image, undefined, fixed([4], 1, 1, 1.5, 2)]),
  ],
  [
    "Resize has coordinate_transformation_mode align_corners and nearest_mode floor; here each pixel is repeated as often",
    node("Resize", [image, undefined, fixed([4], 1, 1, 2, 2)], {
      coordinate_transformation_mode: "align_corners",
      nearest_mode: "floor",
    }),
  ],
  [
    "Upsample has no list of integers as scales",
    node("Upsample", [image], { scales: [1, 1, 1.5, 2] }, { opset: 7 }),
  ],
  [
    "Slice cuts along axes 2; here that is channels alone",
    node("Slice", [image, fixed([1], 0), fixed([1], 3), fixed([1], 2)]),
  ],
  [
    "Slice takes steps of 2; here channels follow one another",
    node("Slice", [image, fixed([1], 0), fixed([1], 6), fixed([1], 1), fixed([1], 2)]),
  ],
  [
    "Slice cuts from 3 to 3, which leaves no channel",
    node("Slice", [image, fixed([1], 3), fixed([1], 3), fixed([1], 1)]),
  ],
  [
    "Slice cuts from 0 to -1, and the number of channels is not known",
    node("Slice", [flow(2, undefined, 6, 8), fixed([1], 0), fixed([1], -1), fixed([1], 1)]),
  ],
  ["toString has no word here", node("toString", [image])],
  [
    "Conv has auto_pad SAME_UPPER at a stride of 2, which depends on the size of its input, and that is not known",
    node("Conv", [flow(undefined, 6, undefined, 8), kernel()], {
      auto_pad: "SAME_UPPER",
      strides: [2, 2],
    }),
  ],
  [
    "Conv has auto_pad SAME, which ONNX does not know",
    node("Conv", [image, kernel()], { auto_pad: "SAME" }),
  ],
  ["Conv has no text as auto_pad", node("Conv", [image, kernel()], { auto_pad: 1 })],
  [
    "Conv has both auto_pad VALID and pads",
    node("Conv", [image, kernel()], { auto_pad: "VALID", pads: [1, 1, 1, 1] }),
  ],
  [
    "Conv crops by pads 0, 0, -1, 0; nothing here crops",
    node("Conv", [image, kernel()], { pads: [0, 0, -1, 0] }),
  ],
  [
    "Conv has 2 numbers as pads; here they are of height and width",
    node("Conv", [image, kernel()], { pads: [0, 0] }),
  ],
  [
    "Conv takes 3 dimensions; here an image has four, the batch counted",
    node("Conv", [flow(2, 6, 5), weights(4, 6, 3)]),
  ],
  [
    "Conv has a kernel of 5 dimensions; here windows have height and width",
    node("Conv", [{ shape: undefined }, weights(4, 6, 1, 1, 1)]),
  ],
  ["Conv computes its second operand; here it is fixed", node("Conv", [image, flow(4, 6, 3, 3)])],
  ["Conv has no second operand", node("Conv", [image])],
  [
    "Conv takes a constant as first operand; there an image or a vector flows in",
    node("Conv", [weights(1, 6, 5, 7), kernel()]),
  ],
  [
    "Conv says kernel_shape 5, 5 of a kernel of 3 x 3",
    node("Conv", [image, kernel()], { kernel_shape: [5, 5] }),
  ],
  ["Conv parts 4 channels into 3 groups", node("Conv", [image, kernel(3, 3, 2)], { group: 3 })],
  ["Conv parts 4 channels into 0 groups", node("Conv", [image, kernel()], { group: 0 })],
  ["Conv has no integer as group", node("Conv", [image, kernel()], { group: 1.5 })],
  ["Conv has kernels over 3 channels, and 6 come in", node("Conv", [image, kernel(3, 3, 3)])],
  [
    "Conv has a bias that is not one number for each of 4 channels",
    node("Conv", [image, kernel(), weights(1)]),
  ],
  ["Conv has 0, 1 as strides, less than 1", node("Conv", [image, kernel()], { strides: [0, 1] })],
  [
    "Conv has 1 number as strides; here windows have height and width",
    node("Conv", [image, kernel()], { strides: [2] }),
  ],
  [
    "Conv has no list of integers as dilations",
    node("Conv", [image, kernel()], { dilations: "2" }),
  ],
  [
    "Conv has an attribute activation, which nothing here answers to",
    node("Conv", [image, kernel()], { activation: "Relu" }),
  ],
  [
    "Conv has a fourth operand, which nothing here answers to",
    node("Conv", [image, kernel(), weights(4), image]),
  ],
  [
    "Conv has 2 numbers as second operand that its shape does not fit",
    node("Conv", [image, fixed([4, 6, 3, 3], 1, 2)]),
  ],
  ["Conv has no numbers as second operand", node("Conv", [image, fixed([0, 6, 3, 3])])],
  [
    "Gemm has transA 1; its first operand has an image a row",
    node("Gemm", [vector, weights(6, 4)], { transA: 1 }),
  ],
  [
    "Gemm adds 1; a linear map here adds one number to each of 4 features",
    node("Gemm", [vector, weights(6, 4), weights(1)]),
  ],
  [
    "Gemm adds 2 x 4; a linear map here adds one number to each of 4 features",
    node("Gemm", [vector, weights(6, 4), weights(2, 4)]),
  ],
  ["Gemm maps 5 features, and 6 come in", node("Gemm", [vector, weights(5, 4)])],
  ["Gemm has no number as alpha", node("Gemm", [vector, weights(6, 4)], { alpha: Infinity })],
  [
    "MatMul has its matrix on the left; a linear map here has it on the right",
    node("MatMul", [weights(4, 6), flow(6, 2)]),
  ],
  [
    "MatMul multiplies 4 dimensions; a linear map here takes a vector an image",
    node("MatMul", [image, weights(7, 4)]),
  ],
  ["MatMul multiplies by 6; a linear map here is a matrix", node("MatMul", [vector, weights(6)])],
  ["MatMul computes its second operand; here it is fixed", node("MatMul", [vector, flow(6, 4)])],
  ["MaxPool says no kernel_shape", node("MaxPool", [image])],
  [
    "AveragePool has dilations 2, 2; averages here have none",
    node("AveragePool", [image], { kernel_shape: [2, 2], dilations: [2, 2] }, { opset: 19 }),
  ],
  [
    "MaxPool gives 2 results; here it gives one",
    node("MaxPool", [image], { kernel_shape: [2, 2] }, { outputs: 2 }),
  ],
  [
    "AveragePool has auto_pad SAME_LOWER at a stride of 2, which depends on the size of its input, and that is not known",
    node("AveragePool", [{ shape: undefined }], {
      kernel_shape: [2, 2],
      strides: [2, 2],
      auto_pad: "SAME_LOWER",
    }),
  ],
  [
    "GlobalMaxPool is a window of the whole image, and the size of its input is not known",
    node("GlobalMaxPool", [flow(2, 6, undefined, 8)]),
  ],
  [
    "Pad has mode reflect; here padding is zeros",
    node("Pad", [image, fixed([8], 0, 0, 1, 1, 0, 0, 1, 1)], { mode: "reflect" }),
  ],
  [
    "Pad fills with 2; here padding is zeros",
    node("Pad", [image, fixed([8], 0, 0, 1, 1, 0, 0, 1, 1), fixed([], 2)]),
  ],
  [
    "Pad pads by 0, 1, 0, 0, 0, 0, 0, 0; here that is height and width",
    node("Pad", [image, fixed([8], 0, 1, 0, 0, 0, 0, 0, 0)]),
  ],
  [
    "Pad crops by pads 0, 0, -1, 0, 0, 0, 0, 0; nothing here crops",
    node("Pad", [image, fixed([8], 0, 0, -1, 0, 0, 0, 0, 0)]),
  ],
  ["Pad computes its second operand; here it is fixed", node("Pad", [image, flow(8)])],
  [
    "Pad says which axes it pads; here they are height and width",
    node("Pad", [image, fixed([2], 1, 1), undefined, fixed([1], 2)]),
  ],
  [
    "ReduceMean averages over axes 1; here that is over height and width",
    node("ReduceMean", [image], { axes: [1] }),
  ],
  [
    "ReduceMean averages over everything; here that is over height and width",
    node("ReduceMean", [image], { noop_with_empty_axes: 0 }, { opset: 18 }),
  ],
  [
    "ReduceMean takes 2 dimensions; here an image has four, the batch counted",
    node("ReduceMean", [vector], { axes: [1] }),
  ],
  [
    "BatchNormalization has training_mode 1; here statistics are fixed",
    node("BatchNormalization", [image, weights(6), weights(6), weights(6), weights(6)], {
      training_mode: 1,
    }),
  ],
  [
    "BatchNormalization has 5 numbers for 6 channels",
    node("BatchNormalization", [image, weights(6), weights(5), weights(6), weights(6)]),
  ],
  [
    "BatchNormalization has epsilon 0; here it is above 0",
    node("BatchNormalization", [image, weights(6), weights(6), weights(6), weights(6)], {
      epsilon: 0,
    }),
  ],
  [
    "BatchNormalization computes its fourth operand; here it is fixed",
    node("BatchNormalization", [image, weights(6), weights(6), flow(6), weights(6)]),
  ],
  [
    "LpNormalization is taken over axis 3; here that is over channels",
    node("LpNormalization", [image]),
  ],
  [
    "LayerNormalization is taken over the last dimensions; here that is over channels",
    node("LayerNormalization", [image, weights(7), weights(7)]),
  ],
  [
    "GroupNormalization has a factor a group, as before opset 21; here that is one a channel",
    node("GroupNormalization", [image, weights(3), weights(3)], { num_groups: 3 }, { opset: 18 }),
  ],
  [
    "InstanceNormalization has 5 numbers for 6 channels",
    node("InstanceNormalization", [image, weights(5), weights(5)]),
  ],
  ["LRN says no size", node("LRN", [image])],
  ["LRN sums over 4 channels; here that is an odd number", node("LRN", [image], { size: 4 })],
  ["LRN has bias 0; here it is above 0", node("LRN", [image], { size: 3, bias: 0 })],
  ["Swish has alpha 2; here it is 1", node("Swish", [image], { alpha: 2 }, { opset: 24 })],
  [
    "Clip cuts off at 0 and 1; here that is at 0, or at 0 and 6",
    node("Clip", [image, fixed([], 0), fixed([], 1)]),
  ],
  [
    "Clip cuts off at nothing and 6; here that is at 0, or at 0 and 6",
    node("Clip", [image, undefined, fixed([], 6)]),
  ],
  ["Clip computes its second operand; here it is fixed", node("Clip", [image, flow()])],
  ["LeakyRelu has alpha -1; here it is at least 0", node("LeakyRelu", [image], { alpha: -1 })],
  ["Elu has alpha -0.5; here it is at least 0", node("Elu", [image], { alpha: -0.5 })],
  [
    "PRelu spreads 7; here it is one number, or one for each channel",
    node("PRelu", [image, weights(7)]),
  ],
  ["PRelu computes its second operand; here it is fixed", node("PRelu", [image, image])],
  ["HardSigmoid has alpha 0.2; here it is 0.16666667", node("HardSigmoid", [image])],
  [
    "HardSigmoid has beta 0.4; here it is 0.5",
    node("HardSigmoid", [image], { alpha: Math.fround(1 / 6), beta: Math.fround(0.4) }),
  ],
  [
    "Gelu has approximate sigmoid; here it is none or tanh",
    node("Gelu", [image], { approximate: "sigmoid" }, { opset: 20 }),
  ],
  [
    "Softmax is taken over axis 0; here that is over channels, height or width of an image",
    node("Softmax", [image], { axis: 0 }),
  ],
  [
    "LogSoftmax is taken over axis 2; here that is over channels, height or width of an image",
    node("LogSoftmax", [flow(2, 6, 5)], { axis: 2 }),
  ],
  [
    "Softmax is taken over channels, height and width together; here that is over one of them",
    node("Softmax", [image], { axis: 1 }, { opset: 12 }),
  ],
  [
    "Softmax counts axis -1 from the end, and the number of dimensions is not known",
    node("Softmax", [{ shape: undefined }]),
  ],
  [
    "Dropout trains; here it passes everything on",
    node("Dropout", [image, fixed([], 0.5), fixed([], 1)]),
  ],
  [
    "Dropout drops a share of 1; here that is from 0 to below 1",
    node("Dropout", [image], { ratio: 1 }, { opset: 11 }),
  ],
  [
    "Dropout has 2 numbers as second operand; it takes one",
    node("Dropout", [image, fixed([2], 0.5, 0.5)]),
  ],
  [
    "Flatten flattens from axis 2 on; here that is from channels on",
    node("Flatten", [image], { axis: 2 }),
  ],
  [
    "Reshape gives 3 dimensions; here it makes a vector of each image",
    node("Reshape", [image, fixed([3], 0, 6, -1)]),
  ],
  [
    "Reshape gives 1 x -1, and the size of its input is not known; here it makes a vector of each image",
    node("Reshape", [flow(undefined, 6, undefined, undefined), fixed([2], 1, -1)]),
  ],
  [
    "Reshape gives -1 x 35; here it makes a vector of each image",
    node("Reshape", [image, fixed([2], -1, 35)]),
  ],
  [
    "Reshape gives 0 x 210; here it makes a vector of each image",
    node("Reshape", [image, fixed([2], 0, 210)], { allowzero: 1 }),
  ],
  ["Reshape computes its second operand; here it is fixed", node("Reshape", [image, flow(2)])],
  [
    "Squeeze drops every dimension of 1; here that is height and width",
    node("Squeeze", [flow(2, 6, 1, 1)]),
  ],
  [
    "Squeeze drops axes 2; here that is height and width",
    node("Squeeze", [flow(2, 6, 1, 1), fixed([1], 2)]),
  ],
  [
    "Mul spreads 7; here it is one number, or one for each channel",
    node("Mul", [image, weights(7)]),
  ],
  [
    "Mul spreads 1 x 6 x 5 x 7; here it is one number, or one for each channel",
    node("Mul", [image, weights(1, 6, 5, 7)]),
  ],
  [
    "Add spreads 6 over an input whose number of dimensions is not known",
    node("Add", [{ shape: undefined }, weights(6)]),
  ],
  ["Add has 3 numbers for 6 channels", node("Add", [vector, weights(3)])],
  [
    "Sum has 3 operands, a constant among them; here a constant goes with one",
    node("Sum", [image, image, weights(6, 1, 1)]),
  ],
  [
    "Add takes a constant as second operand; there an image or a vector flows in",
    node("Add", [weights(6), weights(6)]),
  ],
  [
    "Div has a constant that is no finite number, or divides by 0",
    node("Div", [image, fixed([], 0)]),
  ],
  ["Div divides by what is computed; here that is fixed", node("Div", [fixed([], 1), image])],
  ["Sub has no such operands here", node("Sub", [image, image])],
  ["Add joins 6 x 5x7 and 1 x 5x7, which do not fit here", node("Add", [image, flow(2, 1, 5, 7)])],
  ["Max joins 6 x 5x7 and 6 x 1x1, which do not fit here", node("Max", [image, flow(2, 6, 1, 1)])],
  [
    "Concat joins along axis 2; here that is along channels",
    node("Concat", [image, image], { axis: 2 }),
  ],
  ["Concat says no axis", node("Concat", [image, image])],
  ["Concat joins nothing", node("Concat", [], { axis: 1 })],
  ["Concat has no such operands here", node("Concat", [image, weights(2, 1, 5, 7)], { axis: 1 })],
  ["Relu has no first operand", node("Relu", [undefined])],
  ["Relu has a second operand, which nothing here answers to", node("Relu", [image, image])],
];

/** The same of nodes that would be one primitive together. */
export const refusedSequences: readonly (readonly [
  sentence: string,
  nodes: readonly StoredNode[],
])[] = [
  [
    "Reshape, Transpose, Reshape gives 2 x 6 x 35 x 1 x 1; here channels become groups of channels",
    shuffling([2, 6, 35, 1, 1], [2, 6, 5, 7]),
  ],
  [
    "Reshape, Transpose, Reshape gives 2 x 4 x -1 x 5 x 7; here channels become groups of channels",
    shuffling([2, 4, -1, 5, 7], [2, 6, 5, 7]),
  ],
  [
    "Reshape, Transpose, Reshape gives 2 x 3 x 2 x 5 x 7, and the shape of its input is not known",
    shuffling([2, 3, 2, 5, 7], [2, 6, 5, 7], [0, 2, 1, 3, 4], flow(2, undefined, 5, 7)),
  ],
  [
    "Reshape, Transpose, Reshape is transposed by 0, 1, 2, 4, 3; here groups and their channels change places",
    shuffling([2, 3, 2, 5, 7], [2, 6, 5, 7], [0, 1, 2, 4, 3]),
  ],
  [
    "Reshape, Transpose, Reshape ends in 2 x 3 x 10 x 7; here it is 6 x 5 x 7 of each image again",
    shuffling([2, 3, 2, 5, 7], [2, 3, 10, 7]),
  ],
  [
    "Reshape gives 5 dimensions; here it makes a vector of each image",
    shuffling([2, 3, 2, 5, 7], [2, 6, 5, 7]).slice(0, 1),
  ],
];
