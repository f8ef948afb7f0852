import { dropout } from "../../../ops/dropout.js";
import { identity } from "../../../ops/identity.js";
import type { Primitive } from "../../../ops/primitive.js";
import { type GpuKernel, kernel } from "../kernel.js";
import { at, call } from "../node.js";

/** What does nothing at inference, where no pass could drop it. */
const pass = <A>(primitive: Primitive<A>): GpuKernel =>
  kernel({
    name: `${primitive.name}.copy`,
    primitive,
    lower: (cx) => {
      const args = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
      return [call("cuda/copy.cuh", "copy", [cx.storage], args)];
    },
  });

export const passKernels = [pass(identity), pass(dropout)];
