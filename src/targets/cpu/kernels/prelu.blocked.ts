import { prelu } from "../../../ops/prelu.js";
import { preluFields } from "../../describe.js";
import { both } from "../kernel.js";

export const preluKernels = both({
  name: "prelu",
  primitive: prelu,
  perNumber: 0.4,
  kept: ["weight"],
  lower: (cx) => {
    const layer = cx.layer("PRelu", ...preluFields(cx.node));
    const args = [cx.inputs[0]!, cx.weight("weight"), cx.outputs[0]!];
    return [cx.own("elementwise", "prelu", layer, args)];
  },
});
