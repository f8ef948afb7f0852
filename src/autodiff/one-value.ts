/** Norms that one image gives a single value a channel, which is its own mean and deviates by 0. */
import type { Graph, Node } from "../graph/graph.js";
import { elements, plane } from "../ops/shape.js";
import { batchNormTraining } from "../ops/training/batchnorm.js";

/**
 * The first norm of a training graph that no batch of one image can train; `origin` says where it is
 * written. A norm that is frozen keeps its statistics, and is none.
 */
export const normOfOneValue = ({ nodes }: Graph): Node | undefined =>
  nodes.find(
    ({ primitive, inputs: [x] }) =>
      primitive.name === batchNormTraining.name && elements(plane(x!.shape)) === 1,
  );
