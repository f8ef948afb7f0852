import { prelu } from "../../../ops/prelu.js";
import { preluFields } from "../../describe.js";
import { kernel, numbers } from "../kernel.js";
import { at } from "../node.js";

/** Its slopes stay f32. */
export const preluKernel = kernel({
  name: "prelu.plain",
  primitive: prelu,
  weights: ({ weights }) => ({ weight: numbers(weights["weight"]!) }),
  lower: (cx, node) => {
    const layer = cx.layer("PRelu", ...preluFields(node));
    const [from, to] = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
    return [cx.kernel("elementwise", "prelu", layer, from, cx.weight("weight"), to)];
  },
});
