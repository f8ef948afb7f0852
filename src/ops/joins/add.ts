import type { OnnxNode } from "../onnx.js";
import { reads } from "../onnx-reading/reader.js";
import { joining } from "../onnx-reading/joins.js";
import { type Range, scaledRange, sumOf, withSum } from "../range.js";
import { gathered, scaled } from "../training/joins.js";
import { type Join, joinPrimitive } from "./join.js";
import { eachPlace, spreading } from "./spread.js";

export interface AddAttrs {
  /** One factor an operand. */
  readonly scales: readonly number[];
}

const ones = (operands: number): AddAttrs => ({
  scales: Array.from({ length: operands }, () => 1),
});

const readAdd = joining(spreading, ones);

/** The sum of scales[i] * x[i]. */
export const add = joinPrimitive<AddAttrs>({
  name: "add",
  rule: spreading,
  listed: ({ scales }) => scales,
  format: ({ scales }) => (scales.every((s) => s === 1) ? "" : `scales ${scales.join(", ")}`),
  tolerance: 1e-6,
  inPlace: true,
  passesOn: ({ scales }, operands) => operands === 1 && scales[0] === 1,
  range: (inputs, { scales }) =>
    total(inputs.map((range, i) => scaledRange(range, [scales[i] ?? 1], [0], 1))),
  evaluate: eachPlace((values, { scales }) =>
    values.reduce((sum, value, i) => sum + scales[i]! * value, 0),
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

function writeAdd(node: OnnxNode, { scales }: AddAttrs): void {
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
