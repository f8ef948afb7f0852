import { activatedRange, formatApplied, functionOf, type MaybeApplied } from "../activations.js";
import { beforeFusing, type OnnxNode } from "../onnx.js";
import { reads } from "../onnx-reading/reader.js";
import { joining } from "../onnx-reading/joins.js";
import { type Range, scaledRange, sumOf, withSum } from "../range.js";
import { words } from "../window.js";
import { gathered, scaled } from "../training/joins.js";
import { type Join, joinPrimitive } from "./join.js";
import { eachPlace, spreading } from "./spread.js";

export interface AddAttrs extends MaybeApplied {
  /** One factor an operand. */
  readonly scales: readonly number[];
}

const ones = (operands: number): AddAttrs => ({
  scales: Array.from({ length: operands }, () => 1),
});

const readAdd = joining(spreading, ones);

/** The sum of scales[i] * x[i], and what is applied to it. */
export const add = joinPrimitive<AddAttrs>({
  name: "add",
  rule: spreading,
  listed: ({ scales }) => scales,
  format: ({ scales, ...applied }) =>
    words(
      scales.every((s) => s === 1) ? "" : `scales ${scales.join(", ")}`,
      formatApplied(applied),
    ),
  tolerance: 1e-6,
  inPlace: true,
  passesOn: ({ scales, activation = "none" }, operands) =>
    operands === 1 && scales[0] === 1 && activation === "none",
  range: (inputs, attrs) => {
    const terms = inputs.map((range, i) => scaledRange(range, [attrs.scales[i] ?? 1], [0], 1));
    return activatedRange(total(terms), attrs);
  },
  evaluate: eachPlace((values, attrs) =>
    functionOf(attrs)(values.reduce((sum, value, i) => sum + attrs.scales[i]! * value, 0)),
  ),
  gradient: (b, { inputs, attrs: { scales } }, [dy]) => ({
    inputs: inputs.map((x, i) => scaled(b, gathered(b, x, dy!), scales[i]!)),
  }),
  onnx: { write: writeAdd, read: reads({ Add: readAdd, Sum: readAdd }) },
});

const total = (terms: readonly Range[]): Range =>
  withSum(
    terms.reduce((sum, { low }) => sum + low, 0),
    terms.reduce((sum, { high }) => sum + high, 0),
    sumOf(terms),
  );

/** @throws RangeError for what passes made of it: they run after a graph is exported */
function writeAdd(node: OnnxNode, { scales, activation = "none" }: AddAttrs): void {
  if (activation !== "none") throw new RangeError(beforeFusing);
  const terms = node.inputs.map(({ name }, i) => {
    const factor = scales[i]!;
    if (factor === 1) return name;
    return node.add("Mul", [name, node.constant("factor", [], Float32Array.of(factor))]);
  });
  node.finish("Sum", terms);
}

export const addJoin: Join<AddAttrs> = {
  name: "add",
  doc: "The sum of the branches. They are of one shape, but for those of C x 1x1, which are spread over height and width.",
  rule: spreading,
  linear: true,
  sideBySide: false,
  primitive: add,
  attrs: ones,
};
