/**
 * Has an activation that only clamps and the max pool before it change places where the convolution
 * or the sum before the pool can apply it: the largest of clamped numbers is the largest, clamped.
 *
 *     a : 64 x 24x24 = conv 3x3 64 (x)
 *     p : 64 x 12x12 = maxpool 2x2/2 (a)
 *     y : 64 x 12x12 = relu (p)
 *                        ->
 *     a : 64 x 24x24 = conv 3x3 64 (x)
 *     y:before : 64 x 24x24 = relu (a)
 *     y : 64 x 12x12 = maxpool 2x2/2 (y:before)
 *
 * `fuse-activation` then has the convolution apply it, and convolutions that end alike merge. All
 * numbers stay the same to the bit, NaN too, but for the sign of a zero. It exchanges nothing around a
 * value that has other readers or is returned, nor where a window has no tap on the image, of which
 * the largest is -inf. An activation that stays behind its pool is applied by that.
 */
import { isNode, type Graph, type Node } from "../graph/graph.js";
import { mergedOrigin, producersOf, rewrite } from "../graph/rewrite.js";
import { resultValue } from "../graph/value.js";
import {
  activationNames,
  activations,
  appliedBy,
  type Applied,
  type MaybeApplied,
} from "../ops/activations.js";
import { conv2d } from "../ops/conv2d.js";
import { add } from "../ops/joins/add.js";
import type { PoolAttrs } from "../ops/pool-attrs.js";
import { maxPool } from "../ops/pool2d.js";
import { everyWindowMeets } from "../ops/pool-windows.js";
import type { Takers } from "./absorb.js";
import { neededOf } from "./needed.js";
import type { Firing, Pass, Refusal, TargetTraits } from "./pass.js";

const takers: Takers = { [conv2d.name]: "convolution", [add.name]: "sum" };

export const exchangeMaxPools: Pass = {
  name: "exchange-maxpools",
  run(graph, traits) {
    const found = new Found(graph);
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    for (const node of graph.nodes) {
      const applied = appliedBy(node);
      const pool = found.poolBefore(node);
      if (applied === undefined || pool === undefined) continue;
      const { paths } = mergedOrigin([pool, node]);
      const why = found.hindrance(pool, applied, traits);
      if (why !== undefined) {
        refused.push({ paths, why });
        continue;
      }
      const [result] = node.outputs;
      const before = resultValue(`${result!.name}:before`, pool.inputs[0]!);
      nodes.set(pool, [{ ...node, inputs: pool.inputs, outputs: [before] }]);
      nodes.set(node, [{ ...pool, inputs: [before], outputs: [result!] }]);
      fired.push({ paths, what: `${node.primitive.name} put before a max pool` });
    }
    return { graph: rewrite(graph, { nodes }), fired, refused };
  },
};

class Found {
  private readonly needed;
  private readonly producers;

  constructor(graph: Graph) {
    this.needed = neededOf(graph);
    this.producers = producersOf(graph);
  }

  poolBefore({ inputs: [input] }: Node): Node<PoolAttrs> | undefined {
    const pool = input && this.producers.get(input);
    return pool && isNode(pool, maxPool) ? pool : undefined;
  }

  hindrance(pool: Node<PoolAttrs>, applied: Applied, traits: TargetTraits): string | undefined {
    const { activation } = applied;
    if (activations[activation].clamps !== true)
      return `only ${clamping} do before a max pool what they do behind it`;
    const [image] = pool.inputs;
    const taker = this.producers.get(image!);
    const called = taker && takers[taker.primitive.name];
    if (called === undefined) return "there is no convolution or sum before the pool";
    const { activation: other = "none" } = taker!.attrs as MaybeApplied;
    if (other !== "none") return `the ${called} already applies ${other}`;
    if (!traits.carries(taker!.primitive.name, { kind: "activation", activation }))
      return `${traits.name} ${called}s do not apply ${activation}`;
    if (!everyWindowMeets(image!.shape, pool.attrs)) return "a window has no tap on the image";
    return this.needed(image!, called) ?? this.needed(pool.outputs[0]!, "pool");
  }
}

const clamping = activationNames.filter((name) => activations[name].clamps).join(" and ");
