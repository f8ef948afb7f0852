/** The primitive that one node of an ONNX file is. */
import type { OnnxReading, StoredNode } from "../ops/onnx.js";
import type { Primitive } from "../ops/primitive.js";
import { primitives } from "../ops/registry.js";

export interface ReadNode extends OnnxReading<unknown> {
  readonly primitive: Primitive;
}

/** What a node is; or, as a sentence without its full stop, what of it has no word here. */
export function readNode(node: StoredNode): ReadNode | { readonly refused: string } {
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
