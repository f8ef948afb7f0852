import { slice } from "../../../ops/joins/concat.js";
import { kernel } from "../kernel.js";
import { at, call, part } from "../node.js";

/** Copies channels that could not be read where they lie. */
export const sliceKernel = kernel({
  name: "slice.copy",
  primitive: slice,
  lower: (cx, { attrs: { from, count } }) => {
    const [input, output] = [cx.inputs[0]!, cx.outputs[0]!];
    const own = part(input, `${output.path}:operand`, from, count);
    return [call("cuda/copy.cuh", "copy", [cx.storage], [at(own), at(output)])];
  },
});
