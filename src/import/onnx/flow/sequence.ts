/** Several nodes that are one primitive together, where the first is none alone. */
import { readFirst } from "../../../onnx/read.js";
import type { StoredNode } from "../../../ops/onnx.js";
import { type Call, asConstant, attributesOf } from "../call.js";
import type { Tensor } from "../constants/tensor.js";
import type { FileNode } from "../decode/model.js";
import { Flow } from "./flow.js";
import { emit, stored } from "./primitive.js";

/** A node behind another one, which alone reads that one's result. */
export interface Following {
  readonly node: FileNode;
  /** What it reads besides, which is fixed; undefined at the place of the result, or where nothing is. */
  readonly operands: readonly (Tensor | "result" | undefined)[];
}

/** The most that any sequence has. */
export const longestSequence = 3;

/** The primitive, and how many nodes it is; undefined where they are none together. */
export function readSequence(
  call: Call,
  behind: readonly Following[],
): { readonly flow: Flow; readonly nodes: number } | undefined {
  const operands = call.operands.map((operand) =>
    operand instanceof Flow ? call.natural(operand) : operand,
  );
  const [first] = operands;
  if (!(first instanceof Flow)) return undefined;
  const nodes = [
    call.stored(operands.map(stored)),
    ...behind.map((each) => storedBehind(each, call.opset)),
  ];
  const reading = readFirst(nodes);
  if ("refused" in reading || reading.nodes === 1) return undefined;
  const last = behind[reading.nodes - 2]!.node;
  // What they make together goes by the last one's result.
  const value = emit(call, reading, operands, {
    ...call.node,
    outputs: last.outputs,
  });
  return { flow: Flow.natural(value, first.batch), nodes: reading.nodes };
}

const storedBehind = ({ node, operands }: Following, opset: number): StoredNode => ({
  opType: node.opType,
  opset,
  attributes: attributesOf(node),
  operands: operands.map((operand) =>
    operand === "result" ? { shape: undefined } : operand && asConstant(operand),
  ),
  outputs: 1,
});
