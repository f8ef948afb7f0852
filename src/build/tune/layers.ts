/** What of a network is worth measuring: its distinct layers, and of each the ways that may win. */
import { type Graph, type Node, runNodes } from "../../graph/graph.js";
import { wayName } from "../../kernels/forced.js";
import { nodeKey } from "../../kernels/records.js";
import type { Considered } from "../../kernels/selection.js";
import { runs } from "../../plan/place.js";
import type { Compiled } from "../../targets/target.js";

/** A layer that stands in the network once or several times. */
export interface TunedLayer {
  /** What `nodeKey` says of it. */
  readonly key: string;
  readonly node: Node;
  /** How often it stands in the network. */
  readonly count: number;
  /** What was chosen without measurements. */
  readonly chosen: string;
  readonly ways: readonly Considered[];
}

/** How much dearer than the cheapest a way may be thought to be and still be measured. */
export const worthTrying = 3;

/**
 * @param graph after the passes, before kernels were chosen
 * @param compiled what was made of it, without records
 * @param fewest layers of fewer ways are left out
 */
export function layersOf(
  graph: Graph,
  { plan, choice }: Pick<Compiled, "plan" | "choice">,
  fewest = 2,
): readonly TunedLayer[] {
  const done = new Set(
    runNodes(plan.graph)
      .filter((node) => runs(node, plan.placement))
      .map(({ outputs }) => outputs[0]!),
  );
  const layers = new Map<string, TunedLayer>();
  for (const node of runNodes(graph).filter(({ outputs }) => done.has(outputs[0]!))) {
    const key = nodeKey(node);
    const { kernel, tuning, ways } = choice(node);
    const known = layers.get(key) ?? {
      ...{ key, node, count: 0, ways: promising(ways) },
      chosen: wayName(kernel, tuning),
    };
    layers.set(key, { ...known, count: known.count + 1 });
  }
  return [...layers.values()].filter(({ ways }) => ways.length >= fewest);
}

/** Of a kernel that can do without a conversion of its operands, the ways that do. */
function promising(ways: readonly Considered[]): readonly Considered[] {
  const fast = ways.filter(({ reference }) => !reference);
  const known = fast.length > 0 ? fast : ways;
  const least = Math.min(...known.map(({ total }) => total));
  const asIs = ({ cost, total }: Considered): boolean => total === cost;
  const direct = known.filter(asIs).map(({ kernel }) => kernel);
  return known.filter(
    (way) => way.total <= worthTrying * least && (asIs(way) || !direct.includes(way.kernel)),
  );
}
