/** The primitives that nodes of an ONNX file are. */
import type { OnnxReading, OnnxRefusal, StoredNode } from "../ops/onnx.js";
import type { Primitive } from "../ops/primitive.js";
import { primitives } from "../ops/registry.js";

export interface ReadNode extends OnnxReading<unknown> {
  readonly primitive: Primitive;
}

/** What the first of some nodes is, with as many behind it as are one primitive together. */
export interface ReadNodes extends ReadNode {
  readonly nodes: number;
}

/**
 * What nodes begin with that follow one another, each the only reader of the one before; or, as a
 * sentence without its full stop, what of the first has no word here.
 */
export function readFirst(nodes: readonly StoredNode[]): ReadNodes | OnnxRefusal {
  const names = nodes.map(({ opType }) => opType);
  let refused: OnnxRefusal | undefined;
  for (const primitive of primitives.values()) {
    const { sequence } = primitive.onnx;
    if (sequence?.operators.every((name, i) => names[i] === name) !== true) continue;
    const count = sequence.operators.length;
    const reading = sequence.read(nodes.slice(0, count));
    if (!("refused" in reading)) return { ...reading, primitive, nodes: count };
    refused ??= reading;
  }
  const reading = readNode(nodes[0]!);
  if (!("refused" in reading)) return { ...reading, nodes: 1 };
  return refused ?? reading;
}

/** Whether an operator is the first of several nodes that are one primitive together. */
export const begins = (opType: string): boolean =>
  [...primitives.values()].some(({ onnx }) => onnx.sequence?.operators[0] === opType);

/** What a node is by itself; or, as a sentence without its full stop, what of it has no word here. */
export function readNode(node: StoredNode): ReadNode | OnnxRefusal {
  const refused: string[] = [];
  let isKnown = false;
  for (const primitive of primitives.values()) {
    const { read } = primitive.onnx;
    if (!Object.hasOwn(read, node.opType)) continue;
    isKnown = true;
    const reading = read[node.opType]?.(node);
    if (reading === undefined) continue;
    if (!("refused" in reading)) return { ...reading, primitive };
    refused.push(reading.refused);
  }
  // Primitives that one operator may be refuse it with the same words where it is none of them.
  if (refused.length > 0) return { refused: [...new Set(refused)].join("; ") };
  const why = isKnown ? "has no such operands here" : "has no word here";
  return { refused: `${node.opType} ${why}` };
}
