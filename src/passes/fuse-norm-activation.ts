/**
 * Has a norm that trains apply the activation after it, and its derivative begin with that of the
 * activation: a value less is written and read on the way there, and two on the way back.
 *
 *     n, mean, inverse, … = batchnorm-training (x)
 *     y = relu (n)
 *     dn = activation-gradient relu (y, dy)
 *     dx, … = batchnorm-gradient (x, dn) mean inverse
 *                        ->
 *     y, mean, inverse, … = batchnorm-training relu (x)
 *     dx, … = batchnorm-gradient relu (x, dy) bias mean inverse
 *
 * It does not fuse where the norm's own value has another reader or is returned, which an activation
 * whose derivative is by its operand has; nor where the target's norm lacks the activation; nor into a
 * norm that keeps its statistics, which is another primitive. The way back stays as it is where no
 * derivative by the norm's operand is asked for.
 */
import { isNode, type Graph, type Node } from "../graph/graph.js";
import { mergedOrigin, producersOf, readersOf, rewrite } from "../graph/rewrite.js";
import {
  activationGradient,
  appliedBy,
  type Activation,
  type Applied,
  sameApplied,
} from "../ops/activations.js";
import type { NormTrainingAttrs } from "../ops/batchnorm-attrs.js";
import { batchNormGradient, batchNormTraining } from "../ops/training/batchnorm.js";
import { neededOf } from "./needed.js";
import type { Firing, Pass, Refusal, TargetTraits } from "./pass.js";

type Norm = Node<NormTrainingAttrs>;

export const fuseNormActivation: Pass = {
  name: "fuse-norm-activation",
  run(graph, traits) {
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    const found = new Found(graph);
    for (const node of graph.nodes) {
      const applied = appliedBy(node);
      const norm = found.normBefore(node);
      if (applied === undefined || norm === undefined) continue;
      const why = found.hindrance(norm, applied.activation, traits);
      if (why !== undefined) {
        refused.push({ paths: node.origin.paths, why });
        continue;
      }
      const origin = mergedOrigin([norm, node]);
      const outputs = [...node.outputs, ...norm.outputs.slice(1)];
      nodes.set(norm, [{ ...norm, attrs: { ...norm.attrs, ...applied }, outputs, origin }]);
      nodes.set(node, []);
      for (const { before, after } of found.wayBack(norm, node, applied)) {
        nodes.set(before, []);
        nodes.set(after, [through(before, after, norm, applied)]);
      }
      fired.push({ paths: origin.paths, what: `${node.primitive.name} fused into the norm` });
    }
    return { graph: rewrite(graph, { nodes }), fired, refused };
  },
};

/** The derivative of an activation, and that of the norm before it, which alone reads it. */
interface WayBack {
  readonly before: Node;
  readonly after: Norm;
}

class Found {
  private readonly readers;
  private readonly producers;
  private readonly needed;

  constructor(graph: Graph) {
    this.readers = readersOf(graph);
    this.producers = producersOf(graph);
    this.needed = neededOf(graph);
  }

  normBefore({ inputs: [input] }: Node): Norm | undefined {
    const norm = input && this.producers.get(input);
    return norm && isNode(norm, batchNormTraining) ? norm : undefined;
  }

  hindrance(
    { primitive, attrs, outputs: [value] }: Norm,
    activation: Activation,
    traits: TargetTraits,
  ): string | undefined {
    const needed = this.needed(value!, "norm");
    if (needed !== undefined) return needed;
    if (attrs.activation !== undefined) return `the norm already applies ${attrs.activation}`;
    const carried =
      traits.carries(primitive.name, { kind: "activation", activation }) &&
      traits.carries(batchNormGradient.name, { kind: "mask", activation });
    return carried ? undefined : `${traits.name} norms do not apply ${activation}`;
  }

  /** Each derivative of the activation's result that comes to the norm's operand. */
  wayBack(norm: Norm, node: Node, applied: Applied): readonly WayBack[] {
    const [result] = node.outputs;
    const derivatives = (this.readers.get(result!) ?? []).filter(
      (reader) =>
        isNode(reader, activationGradient) &&
        sameApplied(reader.attrs, applied) &&
        reader.inputs[0] === result,
    );
    return derivatives.flatMap((before) => {
      const [dn] = before.outputs;
      const [after, ...others] = this.readers.get(dn!) ?? [];
      if (others.length > 0 || after === undefined || !isNode(after, batchNormGradient)) return [];
      return after.weights["mean"] === norm.outputs[1] ? [{ before, after }] : [];
    });
  }
}

/** The derivative of both; the norm's result, which is computed again, takes its bias. */
function through(
  { inputs: [, dy], ...before }: Node,
  after: Norm,
  { weights: { bias } }: Norm,
  applied: Applied,
): Norm {
  return {
    ...after,
    attrs: { ...after.attrs, ...applied },
    inputs: [after.inputs[0]!, dy!],
    weights: bias === undefined ? after.weights : { ...after.weights, bias },
    origin: mergedOrigin([{ ...before, inputs: [] }, after]),
  };
}
