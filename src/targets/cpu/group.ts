import { operandsOf, runNodes } from "../../graph/graph.js";
import type { Selection } from "../../kernels/selection.js";
import { elements } from "../../ops/shape.js";
import type { Plan } from "../../plan/plan.js";
import type { CpuLowering } from "./kernel.js";
import { launch, weightByte } from "./kernels/costs.js";

/**
 * How many images a program takes together, each in an arena of its own: as many as cost least.
 *
 * An image that goes alone finds its activations in the caches, but what reads each weight once an
 * image (a fully connected layer) waits for memory, image after image. In a group such a layer reads
 * its weights once; for that all threads meet before and after it, and each image of the group has an
 * arena, which it may find outside of the caches. No group has more arenas than fit the bytes of the
 * weights that it shares: so it is one image in networks of convolutions, and several where fully
 * connected layers are most of the network and do not fit the caches.
 */
export function groupOf(
  { graph, arenaBytes, weightBytes }: Plan,
  { choices, layout }: Selection<CpuLowering>,
): number {
  const sharing = runNodes(graph).filter(
    ({ outputs }) => choices.get(outputs[0]!)?.sharesWeights === true,
  );
  const weights = new Set(
    sharing.flatMap((node) => operandsOf(node).filter(({ extent }) => extent === "model")),
  );
  const shared = [...weights].reduce((sum, value) => {
    const own = layout(value);
    return sum + (own.kind === "packed" ? own.bytes : 4 * elements(value.shape));
  }, 0);
  const most = Math.floor(shared / Math.max(arenaBytes, 1));
  const cost = (images: number): number =>
    groupCost(images, { layers: sharing.length, shared, weightBytes, arenaBytes });
  return Array.from({ length: most }, (_, i) => i + 1).reduce(
    (best, images) => (cost(images) < cost(best) ? images : best),
    1,
  );
}

interface Shared {
  /** Those that share their weights over a group, and the bytes of these. */
  readonly layers: number;
  readonly shared: number;
  /** Of all of the network. */
  readonly weightBytes: number;
  readonly arenaBytes: number;
}

/** What a core's nearer caches hold, in bytes. */
const cached = 512 * 1024;

/** Of so many bytes that are gone over again and again, those that come from further than the caches. */
const far = (bytes: number): number => Math.max(0, 1 - cached / Math.max(bytes, 1));

/** Nanoseconds of an image that hang on how many go together. */
function groupCost(images: number, { layers, shared, weightBytes, arenaBytes }: Shared): number {
  const weights = (shared * far(weightBytes + arenaBytes)) / images;
  const arena = arenaBytes * far(images * arenaBytes);
  const meetings = images === 1 ? 0 : (2 * layers * launch) / images;
  return weightByte * (weights + arena) + meetings;
}
