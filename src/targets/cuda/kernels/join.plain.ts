import { primitives } from "../../../ops/registry.js";
import { elementJoins } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at, call } from "../node.js";

/** Joins of elements. */
export const joinKernels = elementJoins.map(({ primitive, fields, ...names }) =>
  kernel({
    name: `${primitive}.plain`,
    primitive: primitives.get(primitive)!,
    lower: (cx, node) => {
      const own = { kind: "layer", layer: cx.layer(names.layer, ...fields(node)) } as const;
      const args = [own, at(cx.outputs[0]!), { kind: "values", values: cx.inputs } as const];
      return [call("cuda/join.cuh", names.kernel, [cx.storage], args)];
    },
  }),
);
