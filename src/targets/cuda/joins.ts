/** Joins of elements. */
import { elementJoins } from "../describe.js";
import { at, call } from "./node.js";
import type { Rule } from "./rule.js";

export const joinRules: readonly Rule[] = elementJoins.map(({ primitive, ...names }) => ({
  primitive,
  lower: (cx) => {
    const own = { kind: "layer", layer: cx.layer(names.layer, ...names.fields(cx.node)) } as const;
    const args = [own, at(cx.outputs[0]!), { kind: "values", values: cx.inputs } as const];
    return [call("cuda/join.cuh", names.kernel, [cx.storage], args)];
  },
}));
