import { concat } from "../../../ops/joins/concat.js";
import { channels } from "../../../ops/shape.js";
import { inPlace } from "../../../plan/place.js";
import { kernel } from "../kernel.js";
import { at, call, part } from "../node.js";

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
