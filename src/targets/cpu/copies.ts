/** What only moves values: joins that were not placed, flattening, and the network's outputs. */
import { dropout } from "../../ops/dropout.js";
import { flatten } from "../../ops/flatten.js";
import { identity } from "../../ops/identity.js";
import { concat } from "../../ops/joins/concat.js";
import type { Primitive } from "../../ops/primitive.js";
import { channels, elements, isImage } from "../../ops/shape.js";
import { inPlace } from "../../plan/place.js";
import type { PlannedCopy } from "../../plan/plan.js";
import { extent, field } from "../describe.js";
import type { Call } from "../program.js";
import { call, type CpuNode, placed, placeOf, type Step, type Target } from "./node.js";
import { type Rule, rule } from "./rule.js";

export const concatRule = rule(concat, (cx): readonly Step[] => {
  const whole = channels(cx.node.outputs[0]!.shape);
  const placed = inPlace(cx.node, cx.target.plan.placement);
  const steps: Step[] = [];
  let start = 0;
  for (const [i, { shape }] of cx.node.inputs.entries()) {
    if (!placed[i]) {
      const { before, from } = cx.blockedInput(i);
      // An input of the network is brought into blocks once, however often it is an operand.
      if (cx.node.inputs.indexOf(cx.node.inputs[i]!) === i) steps.unshift(...before);
      const layer = cx.layer("Copy", extent(shape), field("into", start, whole));
      steps.push(cx.kernel("copy", "copy", layer, [from, cx.outputs[0]!]));
    }
    start += channels(shape);
  }
  return steps;
});

/** Operators that do nothing at inference, where a pass could not drop them. */
const pass = <A>(primitive: Primitive<A>): Rule =>
  rule(primitive, (cx): readonly Step[] => {
    const { shape } = cx.node.inputs[0]!;
    const [from, to] = [cx.inputs[0]!, cx.outputs[0]!];
    if (!cx.reference && cx.isPlanarImage(0)) {
      return [cx.kernel("copy", "to_blocked", cx.layer("Image", extent(shape)), [from, to])];
    }
    return [cx.kernel("copy", "copy", cx.layer("Copy", extent(shape)), [from, to])];
  });

export const passRules = [pass(identity), pass(dropout)];

export const flattenRule = rule(flatten, (cx): readonly Step[] => [flat(cx)]);

function flat(cx: CpuNode): Call {
  const { shape } = cx.node.inputs[0]!;
  const args = [cx.inputs[0]!, cx.outputs[0]!];
  if (cx.reference || !isImage(shape) || cx.isPlanarImage(0)) {
    return cx.kernel("copy", "copy", cx.layer("Copy", extent([elements(shape)])), args);
  }
  return cx.kernel("copy", "to_planar", cx.layer("Image", extent(shape)), args);
}

/** Stores a value in the caller's buffer, which is planar. */
export function outputCopy(target: Target, { value, index }: PlannedCopy): Call {
  const { plan, table, reference } = target;
  const args = [placeOf(plan, value), { kind: "output", index } as const];
  if (placed(plan, value).layout.kind === "blocked") {
    const layer = table.layer(value.name, "Image", [extent(value.shape)]);
    return call("cpu/copy.hpp", "to_planar", [layer], args);
  }
  const layer = table.layer(value.name, "Copy", [extent([elements(value.shape)])]);
  if (!reference) return call("cpu/copy.hpp", "copy", [layer], args);
  const own = { kind: "layer", layer } as const;
  return call("cpu/reference/copy.hpp", "reference::copy", [], [own, ...args]);
}
