/** Joins of elements. */
import { elementJoins } from "../describe.js";
import type { Rule } from "./rule.js";

export const joinRules: readonly Rule[] = elementJoins.map(({ primitive, ...names }) => ({
  primitive,
  lower: (cx) => {
    const layer = cx.layer(names.layer, ...names.fields(cx.node));
    const operands = cx.inputs.map((_, i) => cx.blockedInput(i));
    // An input of the network is brought into blocks once, however often it is an operand.
    const first = cx.node.inputs.map((value, i, all) => all.indexOf(value) === i);
    const before = operands.flatMap((operand, i) => (first[i] ? operand.before : []));
    const from = operands.map((operand) => operand.from);
    return [...before, cx.kernel("join", names.kernel, layer, [cx.outputs[0]!, ...from])];
  },
}));
