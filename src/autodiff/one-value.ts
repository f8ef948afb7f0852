/** Norms that one image gives a single value a channel, which is its own mean and deviates by 0. */
import type { Graph, Node } from "../graph/graph.js";
import { elements, plane } from "../ops/shape.js";
import { batchNormTraining } from "../ops/training/batchnorm.js";

/** The first of these. */
export const normOfOneValue = (graph: Graph): Node | undefined => normsOfOneValue(graph)[0];

/**
 * Norms of a training graph that no batch of one image can train; `origin` says where they are written.
 * A norm that is frozen keeps its statistics, and is none.
 */
export const normsOfOneValue = ({ nodes }: Graph): readonly Node[] =>
  nodes.filter(
    ({ primitive, inputs: [x] }) =>
      primitive.name === batchNormTraining.name && elements(plane(x!.shape)) === 1,
  );
