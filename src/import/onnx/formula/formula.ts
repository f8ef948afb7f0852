import { refuse, unlessRefused } from "../../../ops/onnx-reading/reader.js";
import type { Call } from "../call.js";
import { Formula, type Meaning } from "../meaning.js";
import { type Element, sameElement } from "../constants/element.js";
import { Tensor } from "../constants/tensor.js";
import { Flow } from "../flow/flow.js";
import type { Step } from "./sample.js";
import { shaped } from "./shaped.js";
import { vocabulary } from "./vocabulary.js";

/** More of them are no single function that anybody has a name for. */
const mostForeign = 16;

/** Longer ways through one would take as long again at each of its nodes. */
const deepest = 64;

/**
 * A node as a step of a formula; undefined where its operator is none that formulas are made of.
 *
 * @param why what is said against it as a primitive; none where it reads another formula
 */
export function formulaOf(call: Call, why: string | undefined): Formula | undefined {
  const { opType } = call.node;
  const there = call.operands.filter((operand) => operand !== undefined);
  // What the others say of shapes hangs on the batch. An Expand is spread where it is read as well.
  const isOfFirst = opType === "Expand" || Object.hasOwn(shaped, opType);
  const operands = isOfFirst ? there.slice(0, 1) : there;
  const read = unlessRefused(opType, () => {
    const step = stepOf(call, operands);
    call.reader.nothingElse();
    return step;
  });
  if (read === undefined || "refused" in read) return undefined;
  const below = operands.flatMap((operand) => (operand instanceof Formula ? operand.foreign : []));
  const own = why === undefined ? [] : [{ node: call.node, why }];
  const foreign = [...new Set([...below, ...own])];
  const reduces = reductions.test(opType) || windows.includes(opType);
  const depth = 1 + Math.max(...operands.map((each) => (each instanceof Formula ? each.depth : 0)));
  if (foreign.length > mostForeign || depth > deepest) return undefined;
  return new Formula(operands, read, foreign, { reduces, depth });
}

/** Undefined for an operator that has no word in formulas. */
function stepOf(call: Call, operands: readonly Meaning[]): Step | undefined {
  const { opType } = call.node;
  const [first] = operands;
  if (first === undefined) return undefined;
  if (Object.hasOwn(shaped, opType)) return shaped[opType]!(call, dimsOf(first));
  if (!Object.hasOwn(vocabulary, opType)) return undefined;
  const compute = vocabulary[opType]!(call, dimsOf(first).length);
  return { compute, dims: dimsBehind(call, operands), windows: [] };
}

export const dimsOf = (meaning: Meaning): readonly Element[] =>
  meaning instanceof Tensor ? meaning.shape : meaning.dims;

const reductions = /^Reduce/;
/** Of what is around an element. */
const windows = ["AveragePool", "Pad"];

function dimsBehind(call: Call, operands: readonly Meaning[]): readonly Element[] {
  const { opType } = call.node;
  const dims = operands.map(dimsOf);
  if (opType === "Cast") return dims[0]!;
  if (opType === "Expand") return spreadTogether(dims[0]!, targetOf(call));
  if (!reductions.test(opType)) return dims.reduce(spreadTogether, []);
  // Which are reduced is found by trying: those are 1 behind it, or gone.
  const said =
    call.operands[1] instanceof Tensor
      ? call.constants.integers(1)
      : (call.reader.integers("axes") ?? []);
  const rank = dims[0]!.length;
  const axes = new Set(said.map((axis) => (axis < 0 ? axis + rank : axis)));
  const all = axes.size === 0;
  const keeps = call.reader.flag("keepdims", 1);
  const isGone = (i: number): boolean => all || axes.has(i);
  return keeps
    ? dims[0]!.map((side, i) => (isGone(i) ? 1 : side))
    : dims[0]!.filter((_, i) => !isGone(i));
}

/** What an Expand spreads over. */
function targetOf({ operands: [, target] }: Call): readonly Element[] {
  const known = target instanceof Tensor ? target.numbers : undefined;
  return known ?? refuse("spreads over a shape that is not known");
}

function spreadTogether(a: readonly Element[], b: readonly Element[]): readonly Element[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (x === 1) return y;
    return y === 1 || sameElement(x, y) ? x : refuse("has operands of shapes that do not fit");
  });
}

/** The tensors that flow into a formula, each once. */
export function flowsOf(formula: Formula): readonly Flow[] {
  const found = new Set<Flow>();
  const seen = new Set<Formula>();
  const visit = (meaning: Meaning): void => {
    if (meaning instanceof Flow) found.add(meaning);
    if (!(meaning instanceof Formula) || seen.has(meaning)) return;
    seen.add(meaning);
    meaning.operands.forEach(visit);
  };
  visit(formula);
  return [...found];
}
