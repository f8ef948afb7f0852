/** Joins other than concat: of equal shapes by Eltwise, and spread ones by BinaryOp. */
import type { Node } from "../../graph/graph.js";
import { sameShape } from "../../ops/shape.js";
import { int, type Layers, list } from "./layer.js";
import { refuse } from "./refuse.js";

/** Ids of Eltwise and, for two operands of which one is spread, of BinaryOp. */
const joins = {
  mul: { all: 0, two: 2 },
  add: { all: 1, two: 0 },
  max: { all: 2, two: 4 },
} as const;

export function writeJoin(
  node: Node,
  name: keyof typeof joins,
  scales: readonly number[] = [],
): Layers {
  const [first, ...others] = node.inputs.map(({ shape }) => shape);
  const scaled = scales.some((scale) => scale !== 1);
  if (others.every((shape) => sameShape(shape, first!))) {
    const factors = scaled ? { 1: list(scales) } : {};
    return [{ type: "Eltwise", numbers: { 0: int(joins[name].all), ...factors } }];
  }
  if (scaled || others.length > 1) refuse(node, `such a ${name}`);
  return [{ type: "BinaryOp", numbers: { 0: int(joins[name].two) } }];
}
