/** Nodes of activations beside those without attributes, with what each is here. */
import type { OnnxRole, StoredNode } from "../../src/ops/onnx.js";
import type { NodeCase } from "./nodes.js";
import { fixed, image, node, vector, weights } from "./stored.js";

const f32 = Math.fround;

const activation = (
  title: string,
  primitive: string,
  attrs: object,
  given: StoredNode,
  more: readonly (OnnxRole | undefined)[] = [],
): NodeCase => ({ title, node: given, is: { primitive, attrs, roles: ["input", ...more] } });

const slope = { weight: "weight", flattened: true } as const;

export const activations: readonly NodeCase[] = [
  activation(
    "Clip to 0 and 6 as PyTorch writes it",
    "relu6",
    {},
    node("Clip", [image, fixed([], 0), fixed([], 6)]),
    ["attribute", "attribute"],
  ),
  activation(
    "Clip to 0 and 6 before opset 11",
    "relu6",
    {},
    node("Clip", [image], { min: 0, max: 6 }, { opset: 10 }),
  ),
  activation("Clip at 0 alone", "relu", {}, node("Clip", [image, fixed([], 0), undefined]), [
    "attribute",
    undefined,
  ]),
  activation(
    "LeakyRelu, as it is by default",
    "leakyrelu",
    { alpha: 0.01 },
    node("LeakyRelu", [image]),
  ),
  activation(
    "LeakyRelu of Darknet's slope",
    "leakyrelu",
    { alpha: 0.1 },
    node("LeakyRelu", [image], { alpha: f32(0.1) }),
  ),
  activation("Elu, as it is by default", "elu", { alpha: 1 }, node("Elu", [vector])),
  activation("Elu", "elu", { alpha: 0.5 }, node("Elu", [image], { alpha: 0.5 })),
  activation("Gelu", "gelu", {}, node("Gelu", [image], {}, { opset: 20 })),
  activation(
    "Gelu by tanh",
    "gelu_tanh",
    {},
    node("Gelu", [image], { approximate: "tanh" }, { opset: 20 }),
  ),
  activation(
    "HardSigmoid as PyTorch writes it",
    "hardsigmoid",
    {},
    node("HardSigmoid", [image], { alpha: f32(1 / 6) }),
  ),
  activation("HardSwish", "hardswish", {}, node("HardSwish", [image])),
  {
    title: "PRelu of a slope a channel, as PyTorch writes it",
    node: node("PRelu", [image, weights(6, 1, 1)]),
    is: { primitive: "prelu", attrs: { shared: false }, roles: ["input", slope] },
  },
  {
    title: "PRelu of vectors",
    node: node("PRelu", [vector, weights(6)]),
    is: { primitive: "prelu", attrs: { shared: false }, roles: ["input", slope] },
  },
  {
    title: "PRelu of one slope",
    node: node("PRelu", [image, weights(1)]),
    is: { primitive: "prelu", attrs: { shared: true }, roles: ["input", slope] },
  },
];
