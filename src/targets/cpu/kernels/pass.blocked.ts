import { dropout } from "../../../ops/dropout.js";
import { identity } from "../../../ops/identity.js";
import { extent } from "../../describe.js";
import { both } from "../kernel.js";
import { type CpuNode, type Instruction } from "../node.js";
import { move } from "./costs.js";

/** What does nothing at inference, where no pass could drop it. */
const copy = (cx: CpuNode): readonly Instruction[] => {
  const layer = cx.layer("Copy", extent(cx.node.inputs[0]!.shape));
  return [cx.own("copy", "copy", layer, [cx.inputs[0]!, cx.outputs[0]!])];
};

/** Operators that do nothing at inference. */
export const passKernels = [
  both({ name: "identity", primitive: identity, perNumber: move, lower: copy }),
  both({ name: "dropout", primitive: dropout, perNumber: move, lower: copy }),
];
