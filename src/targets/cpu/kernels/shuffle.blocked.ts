import { shuffle } from "../../../ops/shuffle.js";
import { shuffleFields } from "../../describe.js";
import { both } from "../kernel.js";
import { move } from "./costs.js";

export const shuffleKernels = both({
  name: "shuffle",
  primitive: shuffle,
  // Each number is fetched from a place of its own.
  perNumber: 2 * move,
  lower: (cx) => {
    const layer = cx.layer("Shuffle", ...shuffleFields(cx.node));
    return [cx.own("shuffle", "shuffle", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});
