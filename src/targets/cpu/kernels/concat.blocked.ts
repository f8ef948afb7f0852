import { concat } from "../../../ops/joins/concat.js";
import { channels } from "../../../ops/shape.js";
import { inPlace } from "../../../plan/place.js";
import { extent, field } from "../../describe.js";
import { both } from "../kernel.js";

/** Copies the operands that the planner could not place in the result. */
export const concatKernels = both({
  name: "concat",
  primitive: concat,
  perNumber: 0.25,
  lower: (cx) => {
    const whole = channels(cx.node.outputs[0]!.shape);
    const placed = inPlace(cx.node, cx.plan.placement);
    let start = 0;
    return cx.node.inputs.flatMap(({ shape }, i) => {
      const into = field("into", start, whole);
      start += channels(shape);
      if (placed[i]) return [];
      const layer = cx.layer("Copy", extent(shape), into);
      return [cx.own("copy", "copy", layer, [cx.inputs[i]!, cx.outputs[0]!])];
    });
  },
});
