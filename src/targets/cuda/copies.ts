/** What only moves values: joins that were not placed, flattening, and what no pass could drop. */
import { dropout } from "../../ops/dropout.js";
import { flatten } from "../../ops/flatten.js";
import { identity } from "../../ops/identity.js";
import { concat } from "../../ops/joins/concat.js";
import type { Primitive } from "../../ops/primitive.js";
import { channels, isImage } from "../../ops/shape.js";
import { inPlace } from "../../plan/place.js";
import type { Call } from "../program.js";
import { at, call, part } from "./node.js";
import { type Rule, rule } from "./rule.js";

export const concatRule = rule(concat, (cx): readonly Call[] => {
  const placed = inPlace(cx.node, cx.target.plan.placement);
  const [whole] = cx.outputs;
  let start = 0;
  return cx.inputs.flatMap((input, i) => {
    const count = channels(input.shape);
    const to = part(whole!, `${whole!.path}:operand${i}`, start, count);
    start += count;
    return placed[i] ? [] : [call("cuda/copy.cuh", "copy", [cx.storage], [at(input), at(to)])];
  });
});

const pass = <A>(primitive: Primitive<A>): Rule =>
  rule(primitive, (cx): readonly Call[] => {
    const args = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
    return [call("cuda/copy.cuh", "copy", [cx.storage], args)];
  });

export const passRules = [pass(identity), pass(dropout)];

export const flattenRule = rule(flatten, (cx): readonly Call[] => {
  const args = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
  const image = isImage(cx.node.inputs[0]!.shape);
  const [file, name] = image ? ["planar", "flatten"] : ["copy", "copy"];
  return [call(`cuda/${file}.cuh`, name, [cx.storage], args)];
});
