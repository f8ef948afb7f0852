import { dropoutTraining } from "./training/dropout.js";
import { passThrough } from "./elementwise.js";
import { fraction } from "./kinds.js";
import type { OnnxNode, OnnxReading } from "./onnx.js";
import { type NodeReader, reads, refuse, shortest } from "./onnx-reading/reader.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";

/** `p` is the share of elements dropped in training; inference passes everything through. */
export interface DropoutAttrs {
  readonly p: number;
}

export const dropout: Primitive<DropoutAttrs> = {
  ...passThrough<DropoutAttrs>(
    "dropout",
    { write: writeOnnx, read: reads({ Dropout: readOnnx }) },
    ({ p }) => `${p}`,
  ),
  training: (b, { inputs, attrs: { p } }) => {
    const attrs = { p, stream: b.stream() };
    return [b.node(dropoutTraining, inputs, attrs, { random: b.random() })];
  },
};

/** Identity unless a third operand says that it trains. */
function writeOnnx(node: OnnxNode, { p }: DropoutAttrs): void {
  node.finish("Dropout", [node.inputs[0]!.name, node.constant("ratio", [], Float32Array.of(p))]);
}

/** The share was an attribute before opset 12. */
function readOnnx(node: NodeReader): OnnxReading<DropoutAttrs> {
  node.flowing(0);
  node.integer("seed", 0);
  const p = node.has(1) ? shortest(node.scalar(1)) : node.float("ratio", 0.5);
  if (!(p >= 0 && p < 1)) refuse(`drops a share of ${p}; here that is from 0 to below 1`);
  if (node.has(2) && node.scalar(2) !== 0) refuse("trains; here it passes everything on");
  return { attrs: { p }, roles: ["input", "attribute", "attribute"] };
}

const args = signature({ p: positional(fraction, "The share of elements dropped in training.") });

export const dropoutOperator: Operator<ArgsIn<typeof args>> = {
  name: "dropout",
  doc: "Drops a share `p` of the elements in training and scales the rest by 1 / (1 - p); identity at inference.",
  signature: args,
  spelling: spelling(dropout, ({ p }) => ({ p: saying.number(p) })),
  linearity: () => "transparent",
  shape: (input) => input,
  traces: ({ traces }) => traces,
  parameters: () => [],
  build: (b, x, { p }) => b.node(dropout, [x], { p }),
};
