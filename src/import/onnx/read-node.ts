import { refuse, unlessRefused } from "../../ops/onnx-reading/reader.js";
import { Call, type CallOf, type Meaning } from "./call.js";
import { constantOf } from "./constants/constant.js";
import { folded, Operands } from "./constants/folding.js";
import { constantOfShape } from "./constants/folds/made.js";
import { folds } from "./constants/folds.js";
import type { Tensor } from "./constants/tensor.js";
import { Flow } from "./flow/flow.js";
import { partings } from "./flow/parts.js";
import { readPrimitive } from "./flow/primitive.js";
import { shapeOf } from "./flow/shape-of.js";
import { structures } from "./flow/structure.js";

/** What a node's results are; or, as a sentence without its full stop, what of it has no word here. */
export const readNode = (of: CallOf): readonly Meaning[] | { readonly refused: string } =>
  unlessRefused(of.node.opType, () => {
    const { domain, opType } = of.node;
    if (domain !== "" && domain !== "ai.onnx")
      refuse(`is an operator of ${domain}, and not of ONNX`);
    const call = new Call(of);
    return opType === "Constant" ? [constantOf(call)] : meaningsOf(opType, call);
  });

function meaningsOf(opType: string, call: Call): readonly Meaning[] {
  const { node, operands, reader } = call;
  if (opType === "Shape" || opType === "Size") return asked(call, [shapeOf(opType, call)]);
  const constants = operands.filter((operand) => !(operand instanceof Flow));
  if (constants.length === operands.length) {
    const fill = node.attributes.get("value");
    const fold =
      opType === "ConstantOfShape" && fill ? constantOfShape(constantOf(call)) : foldOf(opType);
    if (fold === undefined) refuse("has no word here for constants alone");
    const given = new Operands(constants as readonly (Tensor | undefined)[]);
    const foldings = fold(reader, given);
    if (opType !== "ConstantOfShape" && opType !== "Dropout") reader.nothingElse();
    return folded(Array.isArray(foldings) ? foldings : [foldings], given, node.outputs[0] ?? "");
  }
  return flowing(opType, call);
}

const foldOf = (opType: string) => (Object.hasOwn(folds, opType) ? folds[opType] : undefined);

function flowing(opType: string, call: Call): readonly Meaning[] {
  const structure = Object.hasOwn(structures, opType) ? structures[opType] : undefined;
  if (structure !== undefined) {
    const flow = call.flow(0);
    return asked(call, [flow.as(structure(flow, call))]);
  }
  const parting = Object.hasOwn(partings, opType) ? partings[opType] : undefined;
  if (parting !== undefined) return asked(call, parting(call));
  return [readPrimitive(call)];
}

/** Of a node that has no attribute but those that were looked at. */
function asked(call: Call, meanings: readonly Meaning[]): readonly Meaning[] {
  call.reader.nothingElse();
  return meanings;
}
