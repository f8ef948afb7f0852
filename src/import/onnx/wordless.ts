import { readFirst } from "../../onnx/read.js";
import { attributesOf } from "./call.js";
import { folds } from "./constants/folds.js";
import type { FileNode } from "./decode/model.js";
import { lists } from "./flow/lists.js";
import { partings } from "./flow/parts.js";
import { structures } from "./flow/structure.js";
import { vocabulary } from "./formula/vocabulary.js";
import { lying } from "./lying/lying.js";

const known = [folds, lists, partings, structures, vocabulary, lying];
export const others: ReadonlySet<string> = new Set([
  "CastLike",
  "Constant",
  "ConstantOfShape",
  "If",
  "Shape",
  "Size",
]);

/**
 * What has no word of a node behind one that is refused, of whose operands nothing is known any more:
 * a sentence without its full stop, of those that are the same whatever the operands are.
 */
export function wordless(node: FileNode, opset: number): string | undefined {
  const { domain, opType } = node;
  if (domain !== "" && domain !== "ai.onnx") {
    return `${opType} is an operator of ${domain}, and not of ONNX`;
  }
  const isKnown = others.has(opType) || known.some((table) => Object.hasOwn(table, opType));
  if (isKnown) return undefined;
  const unknown = { shape: undefined };
  const operands = node.inputs.map((name) => (name === "" ? undefined : unknown));
  const reading = readFirst([
    { opType, opset, attributes: attributesOf(node), operands, outputs: 1 },
  ]);
  if (!("refused" in reading)) return undefined;
  // A reader that goes by the operands cannot tell without them.
  return /has no word here$|has mode|has auto_pad|has an attribute/.test(reading.refused)
    ? reading.refused
    : undefined;
}
