/**
 * A concat that begins with all that an earlier one joins takes that one's value: so the layers of a
 * DenseNet (Huang et al., 2017), each of which a file joins with all before it, stand in a row.
 *
 *     c = concat (a, b)                          c = concat (a, b)
 *     f = conv 3x3 (c)                      ->   f = conv 3x3 (c)
 *     e = concat (a, b, f)                       e = concat (c, f)
 *
 * It does not write one that is nested flat, since what is joined first may be a branch of its own.
 */
import { isNode } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { concat } from "../../ops/joins/concat.js";
import { instead, type Rule, type Site } from "./rule.js";

/** Values in a row; one of these stands for each row that earlier concats begin with. */
interface Row {
  readonly longer: Map<Value, Row>;
  /** What is all of them joined. */
  joined?: Value;
}

export const nestConcats: Rule = {
  name: "nest-concats",
  begin: () => {
    const rows = new Map<Value, Row>();
    return (node, site) => {
      if (!isNode(node, concat) || node.inputs.length < 2) return undefined;
      const [own] = node.outputs;
      const { inputs } = node;
      let row = kept(rows, inputs[0]!);
      let longest = { count: 0, value: own! };
      inputs.slice(1).forEach((value, i) => {
        row = kept(row.longer, value);
        const joined = aliveOf(row, site);
        if (joined !== undefined && joined !== own) longest = { count: i + 2, value: joined };
      });
      if (longest.count === inputs.length) return { value: longest.value };
      row.joined = own!;
      // What begins with this concat's value begins with what it joins.
      rows.set(own!, row);
      if (longest.count === 0) return undefined;
      const nested = [longest.value, ...inputs.slice(longest.count)];
      return { nodes: [instead(node, concat, nested, {})] };
    };
  },
};

function kept(rows: Map<Value, Row>, value: Value): Row {
  const row = rows.get(value) ?? { longer: new Map<Value, Row>() };
  rows.set(value, row);
  return row;
}

const aliveOf = ({ joined }: Row, site: Site): Value | undefined =>
  joined && site.producer(joined) && joined;
