/** How the shapes of branches come together. */
import { sameShape, formatShape, type Shape } from "../shape.js";
import { agreeing, type Traced, type Traces } from "../trace.js";

export interface JoinRule {
  /** The shape that a branch needs to fit beside another one: its own where it does. */
  beside(branch: Shape, other: Shape): Shape;
  /** Whether a branch takes its height and width from the others, and so says nothing of theirs. */
  follows(branch: Shape, all: readonly Shape[]): boolean;
  /** What branches give that fit. */
  shape(branches: readonly Shape[]): Shape;
  /** What each dimension of that depends on. */
  traces(branches: readonly Traced[]): Traces;
  /** What the others have to have of a shape too, as messages write it. */
  shown(shape: Shape): string;
}

/** All branches are of one shape, and so is the result. */
export const alike: JoinRule = {
  beside: (_, other) => other,
  follows: () => false,
  shape: ([first = []]) => first,
  traces: (branches) => agreeingTraces(branches),
  shown: formatShape,
};

/** Of branches that have to be equal in every dimension. */
export function agreeingTraces(branches: readonly Traced[]): Traces {
  const [first = [], ...others] = branches.map(({ traces }) => traces);
  return first.map((trace, d) => agreeing(trace, ...others.map((traces) => traces[d]!)));
}

export const fitsBeside = (rule: JoinRule, branch: Shape, other: Shape): boolean =>
  sameShape(rule.beside(branch, other), branch);

/** The first branch that does not follow others. */
export const leader = (rule: JoinRule, shapes: readonly Shape[]): Shape =>
  shapes.find((shape) => !rule.follows(shape, shapes)) ?? shapes[0] ?? [];

/** Whether branches of these shapes can be joined. */
export function agree(rule: JoinRule, shapes: readonly Shape[]): boolean {
  const first = leader(rule, shapes);
  return shapes.every((shape) => fitsBeside(rule, shape, first));
}
