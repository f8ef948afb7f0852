import type { Graph, Node } from "../graph/graph.js";
import { producersOf, rewrite } from "../graph/rewrite.js";
import type { MaybeApplied } from "../ops/activations.js";
import { neededOf } from "./needed.js";
import type { Firing, PassResult, Refusal } from "./pass.js";

/** Of what takes others in: what it is called, by its primitive's name. */
export type Takers = Readonly<Record<string, string>>;

/** A node that may end in an activation. */
export type Taker = Node<MaybeApplied>;

/** A node that also does what another one did, and makes that one's value. */
export interface Absorbed {
  readonly taker: Taker;
  /** What makes its weights. */
  readonly prepares?: readonly Node[];
}

/** What takes the place of a node and of another one after it, or why nothing can. */
export type Absorb = (taker: Taker, node: Node, called: string) => Absorbed | string;

/**
 * Joins each node that `wanted` picks to the one before it, where that is a taker. Nothing happens
 * where the taker's own value is still needed, or where it already ends in an activation, since
 * what comes after that cannot be moved before it.
 */
export function absorbInto(
  graph: Graph,
  takers: Takers,
  wanted: (node: Node) => boolean,
  what: (node: Node, called: string) => string,
  absorb: Absorb,
): PassResult {
  const needed = neededOf(graph);
  const producers = new Map(producersOf(graph));
  /** By the taker as it was written, which may take in several nodes one after the other. */
  const nodes = new Map<Node, readonly Node[]>();
  const written = new Map<Node, Node>();
  const fired: Firing[] = [];
  const refused: Refusal[] = [];

  const joined = (node: Node): (Absorbed & { readonly before: Node }) | string => {
    const [input] = node.inputs;
    const before = producers.get(input!);
    if (before === undefined) return "follows the network's input";
    const called = takers[before.primitive.name];
    if (called === undefined) return `follows ${before.primitive.name}, not ${listed(takers)}`;
    const why = needed(input!, called);
    if (why !== undefined) return why;
    const taker = before as Taker;
    const { activation = "none" } = taker.attrs;
    if (activation !== "none") return `the ${called} already applies ${activation}`;
    const absorbed = absorb(taker, node, called);
    return typeof absorbed === "string" ? absorbed : { ...absorbed, before };
  };

  for (const node of graph.nodes) {
    if (!wanted(node)) continue;
    const absorbed = joined(node);
    const { paths } = node.origin;
    if (typeof absorbed === "string") {
      refused.push({ paths, why: absorbed });
      continue;
    }
    const { taker, prepares = [], before } = absorbed;
    const first = written.get(before) ?? before;
    const earlier = (nodes.get(first) ?? []).filter((other) => other !== before);
    nodes.set(first, [...earlier, ...prepares, taker]);
    nodes.set(node, []);
    written.set(taker, first);
    producers.set(taker.outputs[0]!, taker);
    const called = takers[before.primitive.name]!;
    fired.push({ paths: taker.origin.paths, what: what(node, called) });
  }
  return { graph: rewrite(graph, { nodes }), fired, refused };
}

/** `a convolution`, `a convolution, linear or sum`. */
function listed(takers: Takers): string {
  const all = [...new Set(Object.values(takers))];
  const [last, ...others] = [...all].reverse();
  return `a ${others.length === 0 ? last! : `${others.reverse().join(", ")} or ${last!}`}`;
}
