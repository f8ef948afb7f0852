import { shuffle } from "../../../ops/shuffle.js";
import { shuffleFields } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

export const shuffleKernel = kernel({
  name: "shuffle.plain",
  primitive: shuffle,
  lower: (cx, node) => {
    const layer = cx.layer("Shuffle", ...shuffleFields(node));
    return [cx.kernel("shuffle", "shuffle", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
  },
});
