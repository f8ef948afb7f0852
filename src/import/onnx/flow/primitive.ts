/** Nodes that are primitives, by the readers of those. */
import { readFirst, type ReadNodes } from "../../../onnx/read.js";
import type { OnnxRole, StoredOperand } from "../../../ops/onnx.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import type { Call } from "../call.js";
import type { Meaning } from "../meaning.js";
import { asConstant, shownFlow } from "../call.js";
import { Tensor } from "../constants/tensor.js";
import type { Weight } from "../graph-builder.js";
import { weightOf } from "../weights.js";
import type { Arrangement } from "./arrangement.js";
import { Flow } from "./flow.js";

/** What a node is whose operands lie as the values of a graph do. */
export function readPrimitive(call: Call): Flow {
  const operands = call.operands.map((operand, i) => {
    if (!(operand instanceof Flow)) return operand instanceof Tensor ? operand : undefined;
    const what = `takes ${shownFlow(operand)} as operand ${i + 1}`;
    return call.natural(operand) ?? refuse(`${what}, which here is no image and no vector`);
  });
  const reading = reads(call, operands.map(stored));
  const batch = operands.find((operand) => operand instanceof Flow)?.batch;
  const flow = Flow.natural(emit(call, reading, operands), batch);
  return reading.flattened ? flow.as(withoutPlane(flow.arrangement)) : flow;
}

/** As the readers of primitives take it, where it lies as a value does. */
export const stored = (operand: Meaning | undefined): StoredOperand | undefined => {
  if (operand instanceof Flow) return { shape: [operand.batch, ...operand.value.shape] };
  return operand instanceof Tensor ? asConstant(operand) : undefined;
};

/**
 * @param instead attributes in place of the node's own
 * @throws what is refused, without the operator's name: whoever catches it says that again
 */
export function reads(
  call: Call,
  operands: readonly (StoredOperand | undefined)[],
  instead: Readonly<Record<string, unknown>> = {},
): ReadNodes {
  const stored = call.stored(operands);
  const node = { ...stored, attributes: { ...stored.attributes, ...instead } };
  const reading = readFirst([node]);
  if (!("refused" in reading)) return reading;
  const { refused } = reading;
  const begins = `${node.opType} `;
  return refuse(refused.startsWith(begins) ? refused.slice(begins.length) : refused);
}

/** The value that a reading makes of the node's operands. */
export function emit(
  call: Call,
  reading: ReadNodes,
  operands: Call["operands"],
  about = call.node,
): Flow["value"] {
  const { primitive, attrs, roles } = reading;
  requireOneBatch(operands.filter((operand) => operand instanceof Flow));
  const inputs = roles.flatMap((role, i) => {
    const operand = operands[i];
    return role === "input" && operand instanceof Flow ? [operand.value] : [];
  });
  return call.builder.node(primitive, inputs, attrs, about, weightsIn(roles, operands));
}

/** Of images that are joined there are as many: one for all would be of no image. */
export function requireOneBatch(flows: readonly Flow[]): void {
  const odd = flows.find(({ batch }) => batch !== flows[0]!.batch);
  if (odd !== undefined)
    refuse(`joins ${shownFlow(flows[0]!)} and ${shownFlow(odd)}, which are not as many images`);
}

export function weightsIn(
  roles: readonly (OnnxRole | undefined)[],
  operands: Call["operands"],
): Readonly<Record<string, Weight>> {
  const found = roles.flatMap((role, i) => {
    const operand = operands[i];
    const isWeight = typeof role === "object" && operand instanceof Tensor;
    return isWeight ? [[role.weight, weightOf(role, operand)] as const] : [];
  });
  return Object.fromEntries(found);
}

/** The operands behind the first, as the readers of primitives take them. */
export const storedBeside = (call: Call): readonly (StoredOperand | undefined)[] =>
  call.operands.slice(1).map(stored);

/** A vector of what is one pixel. */
const withoutPlane = (arrangement: Arrangement): Arrangement => arrangement.slice(0, 2);
