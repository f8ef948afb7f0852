import { headOf } from "../../autodiff/front.js";
import { buildGraph } from "../../graph/build.js";
import type { Graph } from "../../graph/graph.js";
import type { Network } from "../../model/network.js";
import type { TrainVariant } from "../choose/variant.js";

/** A network as training knows it: with those of its auxiliary heads that are trained. */
export const withTrainedHeads = (
  network: Network,
  { losses }: Pick<TrainVariant, "losses">,
): Graph => {
  const members = network.members.filter(
    ({ kind, name }) => kind !== "aux" || losses.some(({ output }) => output === name),
  );
  return buildGraph({ ...network, members }, { aux: true });
};

/** As written, what is trained: without the front whose features are kept. */
export const trainedGraph = (
  network: Network,
  { front, losses }: Pick<TrainVariant, "front" | "losses">,
): Graph =>
  withTrainedHeads(front === undefined ? network : headOf(network, front, losses), { losses });
