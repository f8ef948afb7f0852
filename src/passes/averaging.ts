import { isNode, type Node } from "../graph/graph.js";
import { adaptiveAvgPool } from "../ops/adaptive-pool.js";
import { avgPool } from "../ops/pool2d.js";
import type { PoolAttrs } from "../ops/pool-attrs.js";
import { plane } from "../ops/shape.js";
import { noPads, type Pair } from "../ops/window.js";

/** The windows that a node averages; of an adaptive pool, where its bins are all of one size. */
export function averagingOf(
  node: Pick<Node, "primitive" | "attrs" | "inputs">,
): PoolAttrs | undefined {
  const whole = node as Node;
  if (isNode(whole, avgPool)) return whole.attrs;
  if (!isNode(whole, adaptiveAvgPool)) return undefined;
  const [sides, bins] = [plane(whole.inputs[0]!.shape), whole.attrs.size];
  if (sides.some((side, axis) => side % bins[axis]! !== 0)) return undefined;
  const kernel: Pair = [sides[0] / bins[0], sides[1] / bins[1]];
  return { kernel, stride: kernel, pads: noPads, ceil: false, countPad: true };
}
