import { activationNames, activationPrimitives } from "../../ops/activations.js";
import type { NoAttrs } from "../../ops/elementwise.js";
import type { Primitive } from "../../ops/primitive.js";
import { scale } from "../../ops/scale.js";
import { channels } from "../../ops/shape.js";
import { extent, field } from "../describe.js";
import type { Call } from "../program.js";
import { at } from "./node.js";
import { type Rule, rule } from "./rule.js";

const activation = (primitive: Primitive<NoAttrs>): Rule =>
  rule(primitive, (cx): readonly Call[] => {
    const layer = cx.layer("Activate", extent(cx.node.inputs[0]!.shape), field(primitive.name));
    return [cx.kernel("elementwise", "activate", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
  });

/** Activations that no convolution took in. */
export const activationRules = activationNames.map((name) =>
  activation(activationPrimitives[name]),
);

export const scaleRule = rule(scale, (cx, attrs): readonly Call[] => {
  const { shape } = cx.node.inputs[0]!;
  const [from, to] = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
  const [factor, ...factors] = attrs.scale;
  const [offset, ...offsets] = attrs.shift;
  if (factors.length + offsets.length === 0) {
    const numbers = [field("factor", { real: factor! }), field("offset", { real: offset! })];
    const layer = cx.layer("Scale", extent(shape), ...numbers);
    return [cx.kernel("elementwise", "scale", layer, from, to)];
  }
  const layer = cx.layer("Scale", extent(shape));
  const each = (values: readonly number[]): readonly number[] =>
    Array.from({ length: channels(shape) }, (_, c) => values[c] ?? values[0]!);
  const by = cx.numbers("factors", each(attrs.scale));
  const plus = cx.numbers("offsets", each(attrs.shift));
  return [cx.kernel("elementwise", "scale", layer, from, by, plus, to)];
});
