/**
 * Has a 1x1 convolution pool its input, where the target estimates that both together take less: what
 * the pool makes then stays in a core's own caches.
 *
 *     p : 480 x 14x14 = maxpool 3x3 pad 1 (x)
 *     y : 64 x 14x14 = conv 1x1 64 relu (p) weight w bias c
 *                        ->
 *     y : 64 x 14x14 = pooledconv maxpool 3x3 pad 1, conv 1x1 64 relu (x) weight w bias c
 *
 * It does not fuse where the pool's own value has other readers or is returned, nor a convolution that
 * has several results. One with groups, or that adds a value or a bias of places, it does not look at.
 */
import { type Graph, isNode, type Node, runNodes } from "../graph/graph.js";
import { mergedOrigin, producersOf, rewrite } from "../graph/rewrite.js";
import type { ConvAttrs } from "../ops/conv2d.js";
import { avgPool, maxPool } from "../ops/pool2d.js";
import type { PoolAttrs } from "../ops/pool-attrs.js";
import { pooledConv, type PooledConvAttrs } from "../ops/pooled-conv.js";
import { type Needed, neededOf } from "./needed.js";
import type { Firing, Pass, Refusal, TargetTraits } from "./pass.js";
import { isPointwise } from "./pointwise.js";

type Conv = Node<ConvAttrs>;
type Pool = Node<PoolAttrs>;
type Both = Node<PooledConvAttrs>;

export const fusePool: Pass = {
  name: "fuse-pool",
  run(graph, traits) {
    const needed = neededOf(graph);
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    for (const { pool, conv } of pairs(graph)) {
      const both = fused(pool, conv);
      const { paths } = both.origin;
      const why = hindrance(pool, conv, needed) ?? loss(both, pool, conv, traits);
      if (why === undefined) {
        nodes.set(pool, []).set(conv, [both]);
        fired.push({ paths, what: "pool taken in by the 1x1 convolution behind it" });
      } else refused.push({ paths, why });
    }
    return { graph: rewrite(graph, { nodes }), fired, refused };
  },
};

/** Pools, and the 1x1 convolutions that read them. */
function pairs(graph: Graph): readonly { readonly pool: Pool; readonly conv: Conv }[] {
  const producers = producersOf(graph);
  return runNodes(graph).flatMap((conv) => {
    if (!isPointwise(conv)) return [];
    const pool = producers.get(conv.inputs[0]!);
    if (pool === undefined) return [];
    return isNode(pool, maxPool) || isNode(pool, avgPool) ? [{ pool, conv }] : [];
  });
}

function hindrance(pool: Pool, conv: Conv, needed: Needed): string | undefined {
  const several = conv.outputs.length > 1 ? "the convolution has several results" : undefined;
  return needed(pool.outputs[0]!, "pool") ?? several;
}

function loss(both: Both, pool: Pool, conv: Conv, traits: TargetTraits): string | undefined {
  const estimate = (node: Node): number | undefined => traits.estimate?.(node);
  const [together, first, second] = [estimate(both), estimate(pool), estimate(conv)];
  if (together === undefined || first === undefined || second === undefined)
    return `${traits.name} has no kernel of both`;
  return together < first + second ? undefined : "both together would take no less";
}

function fused(pool: Pool, conv: Conv): Both {
  return {
    ...conv,
    primitive: pooledConv,
    attrs: { average: isNode(pool, avgPool), pool: pool.attrs, conv: conv.attrs },
    inputs: pool.inputs,
    origin: mergedOrigin([pool, conv]),
  };
}
