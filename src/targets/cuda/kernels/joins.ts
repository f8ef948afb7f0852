import { concat } from "../../../ops/joins/concat.js";
import { primitives } from "../../../ops/registry.js";
import { channels } from "../../../ops/shape.js";
import { inPlace } from "../../../plan/place.js";
import { elementJoins } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at, call, part } from "../node.js";

/** Joins of elements. */
export const joinKernels = elementJoins.map(({ primitive, fields, ...names }) =>
  kernel({
    name: `${primitive}.plain`,
    primitive: primitives.get(primitive)!,
    lower: (cx, node) => {
      const own = { kind: "layer", layer: cx.layer(names.layer, ...fields(node)) } as const;
      const args = [own, at(cx.outputs[0]!), { kind: "values", values: cx.inputs } as const];
      return [call("cuda/join.cuh", names.kernel, [cx.storage], args)];
    },
  }),
);

/** Copies the operands that the planner could not place in the result. */
export const concatKernel = kernel({
  name: "concat.copy",
  primitive: concat,
  lower: (cx, node) => {
    const placed = inPlace(node, cx.plan.placement);
    const [whole] = cx.outputs;
    let start = 0;
    return cx.inputs.flatMap((input, i) => {
      const count = channels(input.shape);
      const to = part(whole!, `${whole!.path}:operand${i}`, start, count);
      start += count;
      return placed[i] ? [] : [call("cuda/copy.cuh", "copy", [cx.storage], [at(input), at(to)])];
    });
  },
});
