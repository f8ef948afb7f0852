import { operandsOf, runNodes } from "../../graph/graph.js";
import type { Selection } from "../../kernels/selection.js";
import { elements } from "../../ops/shape.js";
import type { Plan } from "../../plan/plan.js";
import type { CpuLowering } from "./kernel.js";

/**
 * How many images a program takes together, each in an arena of its own.
 *
 * An image that goes alone finds its activations in the caches, but what reads each weight once an
 * image (a fully connected layer) waits for memory, image after image. In a group such a layer reads
 * its weights once; for that each image of the group has an arena, which it may find outside of the
 * caches. So a group has as many images as have arenas in the bytes of those weights: one in networks
 * of convolutions, several where fully connected layers are most of the network, and never more memory
 * for it than for the weights.
 */
export function groupOf(
  { graph, arenaBytes }: Plan,
  { choices, layout }: Selection<CpuLowering>,
): number {
  const sharing = runNodes(graph).filter(
    ({ outputs }) => choices.get(outputs[0]!)?.sharesWeights === true,
  );
  const weights = new Set(
    sharing.flatMap((node) => operandsOf(node).filter(({ extent }) => extent === "model")),
  );
  const bytes = [...weights].reduce((sum, value) => {
    const own = layout(value);
    return sum + (own.kind === "packed" ? own.bytes : 4 * elements(value.shape));
  }, 0);
  return Math.max(1, Math.floor(bytes / Math.max(arenaBytes, 1)));
}
