/** What only moves numbers: flattening, and what no pass could drop. */
import { dropout } from "../../../ops/dropout.js";
import { flatten } from "../../../ops/flatten.js";
import { identity } from "../../../ops/identity.js";
import type { Primitive } from "../../../ops/primitive.js";
import { isImage } from "../../../ops/shape.js";
import { type GpuKernel, kernel } from "../kernel.js";
import { at, call } from "../node.js";

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

export const flattenKernel = kernel({
  name: "flatten.planar",
  primitive: flatten,
  lower: (cx, { inputs }) => {
    const args = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
    const [file, name] = isImage(inputs[0]!.shape) ? ["planar", "flatten"] : ["copy", "copy"];
    return [call(`cuda/${file}.cuh`, name, [cx.storage], args)];
  },
});
