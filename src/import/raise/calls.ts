/** A node as the call that builds it, in the fewest words. */
import { bug } from "../../diagnostics/bug.js";
import type { Node } from "../../graph/graph.js";
import type { Operator } from "../../ops/operator.js";
import { operators } from "../../ops/registry.js";
import type { Argument } from "../../ops/signature.js";
import type { Spelling, Words } from "../../ops/spelling.js";
import { channels } from "../../ops/shape.js";
import type { ArgValue } from "../../ops/value.js";
import { formatPair } from "../../ops/window.js";
import type { Hint } from "../imported.js";
import { numberText, valueText } from "./numbers.js";
import { type Arg, type CallStep, leaf, type Term, word } from "./tree.js";

interface Way {
  readonly operator: Operator;
  readonly spelling: Spelling;
}

/** By primitive, the operators that build it. */
const ways = new Map<string, Way[]>();
for (const operator of operators.values()) {
  const { spelling } = operator;
  if (spelling === "none") continue;
  for (const each of [spelling].flat()) {
    ways.set(each.primitive, [...(ways.get(each.primitive) ?? []), { operator, spelling: each }]);
  }
}

/** The call that builds the node; of several the one with the fewest arguments. */
export function callOf({ primitive, attrs, inputs }: Node, hint: Hint): CallStep {
  const shape = inputs[0]!.shape;
  const calls = (ways.get(primitive.name) ?? []).flatMap(({ operator, spelling }) => {
    const words = spelling.words(attrs, shape);
    return words === undefined
      ? []
      : [{ ...spelt(operator, spelling, words), entering: channels(shape), hint }];
  });
  const [first, ...others] = calls;
  if (first === undefined) bug(`no operator builds ${primitive.name} ${primitive.format(attrs)}`);
  return others.reduce((a, b) => (b.args.length < a.args.length ? b : a), first);
}

function spelt(
  { name, signature }: Operator,
  spelling: Spelling,
  words: Words,
): Pick<CallStep, "kind" | "name" | "args"> {
  const args = [...signature.args].flatMap(([argument, declared]): Arg[] => {
    const value = words[argument];
    if (value === undefined || isDefault(declared, value)) return [];
    return [{ ...(declared.positional ? {} : { name: argument }), value: termOf(value, spelling) }];
  });
  return { kind: "call", name, args };
}

/** Whether it is what the argument is anyway. */
function isDefault({ kind, absent, required }: Argument, value: ArgValue): boolean {
  if (required || absent === undefined) return false;
  const reading = kind.read(value);
  return reading.ok && JSON.stringify(reading.value) === JSON.stringify(absent);
}

function termOf(value: ArgValue, { usualStride }: Spelling): Term {
  switch (value.kind) {
    case "number":
      return leaf(numberText(value.value), value.value);
    case "bool":
    case "size":
      return leaf(valueText(value));
    case "window": {
      const usual = usualStride === undefined ? "" : formatPair(usualStride(value.kernel));
      const kernel = leaf(value.kernel.join("x"));
      return { kind: "window", kernel, stride: leaf(formatPair(value.stride)), usual };
    }
    default:
      return word(valueText(value));
  }
}
