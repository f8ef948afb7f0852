import type { Extent, Primitive, ResultType } from "../ops/primitive.js";
import type { Value } from "./value.js";

/** What a primitive makes of operands that fit it. */
export function resultTypes<A>(
  primitive: Primitive<A>,
  inputs: readonly Value[],
  weights: readonly Value[],
  attrs: A,
): readonly ResultType[] {
  const shapes = primitive.infer(
    inputs.map(({ shape }) => shape),
    attrs,
  );
  const own = primitive.results?.(attrs) ?? [];
  const most = widest([...inputs, ...weights]);
  return shapes.map((shape, i) => ({ shape, dtype: "f32", extent: most, ...own[i] }));
}

const width: Readonly<Record<Extent, number>> = { model: 0, batch: 1, image: 2 };

/** There is one for each image of what depends on something of which there is. */
const widest = (operands: readonly Value[]): Extent =>
  operands.reduce<Extent>(
    (extent, operand) => (width[operand.extent] > width[extent] ? operand.extent : extent),
    "model",
  );
