/**
 * What of a checked network reaches its addon and its manifest, and nothing else: two specs of one
 * essence share their build. Comments, layout, line ends, documentation, and which file says what
 * are not part of it.
 */
import { auxPaths } from "../../emit/manifest.js";
import { buildGraph } from "../../graph/build.js";
import type { Graph, Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import type { Network } from "../../model/network.js";
import type { Variant } from "../choose/variant.js";
import { trainedGraph } from "./trained-graph.js";

/**
 * As text. The graph as written is what passes, plan and emitted code are made of; beside it stands
 * what the manifest takes from the network itself.
 *
 * @throws RangeError for a tap that names no step
 */
export function essenceOf(
  network: Network,
  { aux, taps, train }: Pick<Variant, "aux" | "taps" | "train">,
): string {
  const { name, settings, inputs, labels, members } = network;
  const stages = members
    .filter(({ kind }) => kind === "stage")
    .map((stage) => [stage.name, stage.chain.output]);
  return canonical({
    name,
    settings: Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)),
    images: inputs.map(({ image }) => image),
    labels: labels?.names,
    stages,
    aux: aux ? [] : auxPaths(network),
    graph: graphOf(buildGraph(network, { aux, taps })),
    // What trains has the heads in its code, whether or not what answers does.
    ...(train === undefined ? {} : { trained: graphOf(trainedGraph(network, train)) }),
  });
}

/** Values by number, in the order of their definition. */
function graphOf({ inputs, outputs, nodes }: Graph): object {
  const numbers = new Map<Value, number>();
  const define = (value: Value): object => {
    numbers.set(value, numbers.size);
    return [value.name, value.shape, value.dtype];
  };
  const numberOf = (value: Value): number | undefined => numbers.get(value);
  const nodeOf = ({ primitive, attrs, outputs: made, weights, origin, ...node }: Node): object => ({
    primitive: primitive.name,
    attrs,
    weights,
    inputs: node.inputs.map(numberOf),
    outputs: made.map(define),
    paths: origin.paths,
  });
  return {
    inputs: inputs.map(define),
    nodes: nodes.map(nodeOf),
    outputs: outputs.map(({ name, kind, value }) => [name, kind, numberOf(value)]),
  };
}

/** JSON that also tells the numbers apart that JSON has no way to write: -0 and what is not finite. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "number" && (!Number.isFinite(part) || Object.is(part, -0))
      ? { number: Object.is(part, -0) ? "-0" : String(part) }
      : part,
  );
