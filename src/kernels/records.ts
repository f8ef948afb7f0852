import type { Node } from "../graph/graph.js";
import { formatShape } from "../ops/shape.js";

/** What was measured of ways to compute nodes, in nanoseconds for one image. */
export interface Records {
  /** Undefined where this kernel was not measured with this tuning for such a node. */
  cost(kernel: string, tuning: string, node: Node): number | undefined;
}

/** One measurement: `key` is what `nodeKey` says of the node. */
export interface Measurement {
  readonly kernel: string;
  readonly tuning: string;
  readonly key: string;
  readonly nanoseconds: number;
}

export function recordsOf(measurements: readonly Measurement[]): Records {
  const known = new Map(
    measurements.map(({ kernel, tuning, key, nanoseconds }) => [
      JSON.stringify([kernel, tuning, key]),
      nanoseconds,
    ]),
  );
  return {
    cost: (kernel, tuning, node) => known.get(JSON.stringify([kernel, tuning, nodeKey(node)])),
  };
}

/** What decides the time of a node, whatever network it stands in: `conv 3x3 64 pad 1 (64 x 28x28)`. */
export const nodeKey = ({ primitive, attrs, inputs }: Node): string =>
  `${primitive.name} ${primitive.format(attrs)} (${inputs.map(({ shape }) => formatShape(shape)).join(", ")})`;
