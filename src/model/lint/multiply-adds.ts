import { bug } from "../../diagnostics/bug.js";
import type { Operator } from "../../ops/operator.js";
import type { Builder } from "../../ops/primitive.js";
import type { Shape } from "../../ops/shape.js";

/** Multiply-adds of one step for one image of this shape, as the primitives that it builds count them. */
export function multiplyAdds<A>(operator: Operator<A>, args: A, input: Shape): number {
  let sum = 0;
  const builder: Builder = {
    node(primitive, inputs, attrs) {
      const shapes = inputs.map(({ shape }) => shape);
      sum += primitive.macs(shapes, attrs);
      const [shape] = primitive.infer(shapes, attrs);
      if (shape === undefined) bug(`${primitive.name} gives nothing`);
      return { shape };
    },
  };
  operator.build(builder, { shape: input }, args);
  return sum;
}
