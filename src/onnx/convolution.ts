import type { Node } from "../graph/graph.js";
import { conv2d, type ConvAttrs } from "../ops/conv.js";
import { operand, result, rule } from "./rule.js";
import { padsOf } from "./window.js";
import type { Writer } from "./writer.js";

const activations = { relu: "Relu", sigmoid: "Sigmoid", tanh: "Tanh" } as const;

function writeConv(writer: Writer, node: Node<ConvAttrs>): void {
  const { kernel, stride, pads, dilation, groups, split, activation } = node.attrs;
  if (split.length !== 1) {
    throw new RangeError(
      `${node.outputs.map((value) => value.name).join(", ")} were merged by a pass; an ONNX file is written from the graph before passes.`,
    );
  }
  const weights = ["weight", "bias"].map((role) => writer.weight(node, role));
  const inputs = [operand(writer, node), ...weights.filter((name) => name !== undefined)];
  const attributes = {
    kernel_shape: kernel,
    strides: stride,
    pads: padsOf(pads),
    dilations: dilation,
    group: groups,
  };
  if (activation === "none") {
    writer.node("Conv", inputs, attributes, result(writer, node));
  } else {
    const linear = writer.node("Conv", inputs, attributes);
    writer.node(activations[activation], [linear], {}, result(writer, node));
  }
}

export const convolutionRules = [rule(conv2d, writeConv)];
