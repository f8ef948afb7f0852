import { expect, test } from "vitest";
import { hintOf } from "../../../src/import/onnx/hints.js";
import type { FileNode } from "../../../src/import/onnx/decode/model.js";

const node = (
  opType: string,
  name: string,
  output: string,
  scopes: readonly string[] = [],
): FileNode => ({
  name,
  opType,
  domain: "",
  inputs: [],
  outputs: [output],
  attributes: new Map(),
  scopes,
});

const weight = (name: string) => ({ name, read: () => Promise.resolve(new Float32Array()) });

const legacy = node("Conv", "/features/features.0/branch2/branch2.1/conv/Conv", "/x_output_0");
const dynamo = node("Relu", "node_relu_3", "relu_3", [
  "",
  "stage2",
  "stage2.1",
  "stage2.1.act",
  "relu_3",
]);

test.each([
  ["a weight of PyTorch", legacy, ["layer1.0.conv1.weight"], ["layer1", "0", "conv1"]],
  ["a weight of Caffe2", legacy, ["conv1/7x7_s2_w_0"], ["conv1", "7x7_s2"]],
  ["a weight of TensorFlow", legacy, ["block/conv2d/kernel"], ["block", "conv2d"]],
  [
    "a weight that was folded",
    legacy,
    ["onnx::Conv_542"],
    ["features", "0", "branch2", "1", "conv"],
  ],
  ["a module's path", legacy, [], ["features", "0", "branch2", "1", "conv"]],
  ["the scopes of a node", dynamo, [], ["stage2", "1", "act"]],
  ["a function outside of modules", node("Relu", "node_relu", "relu", ["", "relu"]), [], []],
  [
    "a result's name",
    node("Concat", "", "inception_3a/output_1"),
    [],
    ["inception_3a", "output_1"],
  ],
  ["a result that nobody named", node("Relu", "", "r137"), [], []],
  ["a result that is called by its operator", node("Relu", "Relu_7", "Relu_output_0"), [], []],
] as const)("%s", (_, of, weights, hint) => {
  expect(hintOf(of, weights.map(weight))).toEqual(hint);
});
