import { add } from "../../../ops/joins/add.js";
import { primitives } from "../../../ops/registry.js";
import { elementJoins } from "../../describe.js";
import { both } from "../kernel.js";

/** Joins of elements. */
export const joinKernels = elementJoins.map(({ primitive, fields, ...names }) =>
  both({
    name: primitive,
    primitive: primitives.get(primitive)!,
    perNumber: 0.5,
    carries: ({ kind }) => kind === "activation" && primitive === add.name,
    lower: (cx) => {
      const layer = cx.layer(names.layer, ...fields(cx.node));
      return [cx.own("join", names.kernel, layer, [cx.outputs[0]!, ...cx.inputs])];
    },
  }),
);
