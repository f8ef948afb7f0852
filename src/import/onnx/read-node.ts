import { refuse, unlessRefused } from "../../ops/onnx-reading/reader.js";
import { Call, type CallOf } from "./call.js";
import type { Meaning } from "./meaning.js";
import { constantOf } from "./constants/constant.js";
import { folded, Operands } from "./constants/folding.js";
import { constantOfShape } from "./constants/folds/made.js";
import { folds } from "./constants/folds.js";
import { Tensor } from "./constants/tensor.js";
import { Flow } from "./flow/flow.js";
import { lists } from "./flow/lists.js";
import { partings } from "./flow/parts.js";
import { readPrimitive } from "./flow/primitive.js";
import { Formula, List } from "./meaning.js";
import { formulaOf } from "./formula/formula.js";
import { recognised } from "./formula/recognise.js";
import { shapeOf } from "./flow/shape-of.js";
import { structures } from "./flow/structure.js";
import { readElementwise } from "./lying/elementwise.js";
import { lying } from "./lying/lying.js";

/** Another domain's operator may be called alike. */
export const isOfOnnx = ({ domain }: CallOf["node"]): boolean =>
  domain === "" || domain === "ai.onnx";

/** What a node's results are; or, as a sentence without its full stop, what of it has no word here. */
export const readNode = (of: CallOf): readonly Meaning[] | { readonly refused: string } =>
  unlessRefused(of.node.opType, () => {
    const { domain, opType } = of.node;
    if (!isOfOnnx(of.node)) refuse(`is an operator of ${domain}, and not of ONNX`);
    const call = new Call(of);
    return opType === "Constant" ? [constantOf(of.node, of.file)] : meaningsOf(opType, call);
  });

function meaningsOf(opType: string, call: Call): readonly Meaning[] {
  const { node, operands, reader } = call;
  if (opType === "Shape" || opType === "Size") return asked(call, [shapeOf(opType, call)]);
  const [first] = operands;
  if (opType === "CastLike" && first instanceof Tensor) return [castLike(call, first)];
  const list = own(lists, opType);
  if (list !== undefined) return asked(call, [list(call)]);
  if (operands.some((operand) => operand instanceof List)) refuse("takes a list of tensors");
  if (operands.some((operand) => operand instanceof Formula)) return ofFormulas(call);
  const constants = operands.filter((operand) => !(operand instanceof Flow));
  if (constants.length === operands.length) {
    const fold = opType === "ConstantOfShape" ? constantOfShape(call.fill) : own(folds, opType);
    if (fold === undefined) refuse("has no word here for constants alone");
    const given = new Operands(constants as readonly (Tensor | undefined)[]);
    const foldings = fold(reader, given);
    if (opType !== "ConstantOfShape" && opType !== "Dropout") reader.nothingElse();
    return folded(Array.isArray(foldings) ? foldings : [foldings], given, node.outputs[0] ?? "");
  }
  return flowing(opType, call);
}

/** What is no number of the wanted kind would have to be rounded. */
function castLike({ operands: [, like], node }: Call, first: Tensor): Tensor {
  const wanted = like instanceof Tensor ? like.kind : "float";
  if (first.kind === wanted) return first;
  if (wanted === "integer") refuse("makes integers of numbers");
  return first.as(node.outputs[0] ?? "", wanted);
}

/** The first way that reads it; where none does, what the first says against it. */
function flowing(opType: string, call: Call): readonly Meaning[] {
  const structure = own(structures, opType);
  if (structure !== undefined) {
    const flow = call.flow(0);
    return asked(call, [flow.as(structure(flow, call))]);
  }
  const parting = own(partings, opType);
  if (parting !== undefined) return asked(call, parting(call));
  const ways = [readPrimitive, ...(own(lying, opType) ?? []), readElementwise];
  let first: string | undefined;
  for (const way of ways) {
    const read = unlessRefused("", () => way(call));
    if (!("refused" in read)) return [read];
    first ??= read.refused.trim();
  }
  const why = first ?? "has no word here";
  return [understood(call, formulaOf(call, `${opType} ${why}`)) ?? refuse(why)];
}

/** What reads a formula is a step of one too, with which it may become something that has a word. */
function ofFormulas(call: Call): readonly Meaning[] {
  const formula = understood(call, formulaOf(call, undefined));
  return formula === undefined ? [] : [formula];
}

/** The primitive that a formula is, or else the formula. */
function understood(call: Call, formula: Formula | undefined): Meaning | undefined {
  const known = formula && recognised(formula, call.builder);
  if (known === undefined) return formula;
  const { primitive, attrs } = known.candidate;
  const value = call.builder.node(primitive, [known.of.value], attrs, call.node);
  return new Flow(value, known.of.arrangement);
}

const own = <V>(table: Readonly<Record<string, V>>, key: string): V | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** Of a node that has no attribute but those that were looked at. */
function asked(call: Call, meanings: readonly Meaning[]): readonly Meaning[] {
  call.reader.nothingElse();
  return meanings;
}
