import { activationNames, activationPrimitives } from "../../ops/activations.js";
import type { NoAttrs } from "../../ops/elementwise.js";
import type { Primitive } from "../../ops/primitive.js";
import { scale } from "../../ops/scale.js";
import { channels } from "../../ops/shape.js";
import { extent, field } from "../describe.js";
import type { Argument } from "../program.js";
import { type Step } from "./node.js";
import { type Rule, rule } from "./rule.js";

const activation = (primitive: Primitive<NoAttrs>): Rule =>
  rule(primitive, (cx): readonly Step[] => {
    const shape = extent(cx.node.inputs[0]!.shape);
    const layer = cx.layer("Activate", shape, field(primitive.name));
    const { before, from } = cx.blockedInput(0);
    return [...before, cx.kernel("elementwise", "activate", layer, [from, cx.outputs[0]!])];
  });

/** Activations that no convolution took in. */
export const activationRules = activationNames.map((name) =>
  activation(activationPrimitives[name]),
);

export const scaleRule = rule(scale, (cx, attrs): readonly Step[] => {
  const { shape } = cx.node.inputs[0]!;
  const { before, from } = cx.blockedInput(0);
  const to = cx.outputs[0]!;
  const [factor, ...factors] = attrs.scale;
  const [offset, ...offsets] = attrs.shift;
  if (factors.length + offsets.length === 0) {
    const numbers = [field("factor", { real: factor! }), field("offset", { real: offset! })];
    const layer = cx.layer("Scale", extent(shape), ...numbers);
    return [...before, cx.kernel("elementwise", "scale", layer, [from, to])];
  }
  const layer = cx.layer("Scale", extent(shape));
  const each = (name: string, values: readonly number[]): Argument => {
    const all = Array.from({ length: channels(shape) }, (_, c) => values[c] ?? values[0]!);
    return {
      kind: "numbers",
      numbers: cx.target.table.numbers(`${cx.node.outputs[0]!.name}.${name}`, all),
    };
  };
  const args = [from, each("factors", attrs.scale), each("offsets", attrs.shift), to];
  return [...before, cx.kernel("elementwise", "scale", layer, args)];
});
