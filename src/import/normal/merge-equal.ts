/**
 * Nodes without weights that do the same to the same values are one: exporters repeat reshapes and
 * activations.
 *
 *     a = relu (x)
 *     b = relu (x)                          ->   a = relu (x)
 *     y = add (a, b)                             y = add (a, a)
 *
 * It does not touch nodes with weights, of which each has its own, nor dropouts, which drop other
 * numbers each.
 */
import type { Node } from "../../graph/graph.js";
import { isNode } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { dropout } from "../../ops/dropout.js";
import type { Rule } from "./rule.js";

export const mergeEqual: Rule = {
  name: "merge-equal",
  begin: () => {
    const known = new Map<string, Value>();
    const numbers = new Map<Value, number>();
    const numberOf = (value: Value): number => {
      const number = numbers.get(value) ?? numbers.size;
      numbers.set(value, number);
      return number;
    };
    const keyOf = ({ primitive, attrs, inputs }: Node): string =>
      `${primitive.name} ${JSON.stringify(attrs)} ${inputs.map(numberOf).join()}`;
    return (node, site) => {
      if (Object.keys(node.weights).length > 0 || isNode(node, dropout)) return undefined;
      const key = keyOf(node);
      const value = known.get(key);
      const [own] = node.outputs;
      if (value !== undefined && value !== own && site.producer(value) !== undefined) {
        return { value };
      }
      known.set(key, own!);
      return undefined;
    };
  },
};
