/** What is minimised: a loss for each trained output and auxiliary head, weighted and added up. */
import { type GraphOutput, isNode, type Node } from "../graph/graph.js";
import { inputValue, type Value } from "../graph/value.js";
import { activationPrimitives } from "../ops/activations.js";
import { flatten } from "../ops/flatten.js";
import { accuracy } from "../ops/training/accuracy.js";
import { crossEntropy, targetShape } from "../ops/training/cross-entropy.js";
import { add } from "../ops/joins/add.js";
import { mul } from "../ops/joins/mul.js";
import { meanSquaredError, sigmoidCrossEntropy } from "../ops/training/numeric-loss.js";
import type { DType, Extent, Primitive } from "../ops/primitive.js";
import { channels, elements, plane, type Shape } from "../ops/shape.js";
import { logSoftmax, softmax } from "../ops/softmax.js";
import type { SoftmaxAttrs } from "../ops/softmax-attrs.js";
import type { LossKind } from "../model/network.js";
import type { GraphBuilder } from "./builder.js";

export type { LossKind };

/** How one output, or an auxiliary head, is trained. What counts how much is said at each step. */
export interface OutputLoss {
  readonly output: string;
  readonly kind: LossKind;
  /** The output whose targets it learns: its own, unless it is an auxiliary head. */
  readonly targets: string;
  /** Cross-entropy alone: whether classes have factors, and the index that costs nothing. */
  readonly classWeights?: boolean;
  readonly ignore?: number;
}

export interface Losses {
  /** The weighted sum. */
  readonly total: Value;
  /** By output, unweighted. */
  readonly each: ReadonlyMap<string, Value>;
  /** Outputs whose loss takes the operand of their softmax or sigmoid. */
  readonly ofProbabilities: ReadonlySet<string>;
  /** By output with classes of its own: the share of right answers. */
  readonly accuracies: ReadonlyMap<string, Value>;
  /** What a step is given besides the network's own inputs: targets, and numbers of the run. */
  readonly inputs: readonly Value[];
}

/** @param outputs what the network gives in training */
export function appendLosses(
  b: GraphBuilder,
  outputs: readonly GraphOutput[],
  losses: readonly OutputLoss[],
): Losses {
  const inputs = new Map<string, Value>();
  const input = (name: string, shape: Shape, extent: Extent, dtype: DType = "f32"): Value => {
    const known = inputs.get(name) ?? { ...inputValue(name, shape), extent, dtype };
    inputs.set(name, known);
    return known;
  };
  const each = new Map<string, Value>();
  const accuracies = new Map<string, Value>();
  const ofProbabilities = new Set<string>();
  const weighted = losses.map((loss) => {
    const { value } = outputs.find(({ name }) => name === loss.output)!;
    const maker = makerOf(value, b.made);
    if (maker !== undefined) b.at(maker.origin);
    const cost = costOf(loss, value);
    each.set(loss.output, cost);
    const weight = input(`${loss.output}:loss_weight`, [1], "batch");
    return b.node(mul, [cost, weight], {});
  });
  const total = b.node(add, weighted, { scales: weighted.map(() => 1) });
  return { total, each, accuracies, ofProbabilities, inputs: [...inputs.values()] };

  function costOf(loss: OutputLoss, value: Value): Value {
    const { output, kind, targets, classWeights = false, ignore } = loss;
    const target = `${targets}:target`;
    const operandOf = <A>(primitive: Primitive<A>, isOwn?: (attrs: A) => boolean): Value => {
      const operand = before(primitive, value, b.made, isOwn);
      if (operand !== value) ofProbabilities.add(output);
      return operand;
    };
    switch (kind) {
      case "mean_squared_error":
        return b.node(meanSquaredError, [value, input(target, value.shape, "image")], {});
      case "sigmoid_cross_entropy": {
        const logits = operandOf(activationPrimitives.sigmoid);
        return b.node(sigmoidCrossEntropy, [logits, input(target, logits.shape, "image")], {});
      }
      case "cross_entropy": {
        const overClasses = ({ axis }: SoftmaxAttrs): boolean => axis === undefined;
        const probable = operandOf(softmax, overClasses);
        // Logarithms of probabilities are logits as much as what they are made of.
        const logits = before(logSoftmax, probable, b.made, overClasses);
        const count = channels(logits.shape);
        const roles = {
          smoothing: input(`${output}:smoothing`, [1], "batch"),
          ...(classWeights
            ? { class_weights: input(`${output}:class_weights`, [count], "batch") }
            : {}),
        };
        const labels = input(target, targetShape(logits.shape), "image", "i32");
        const attrs = { weighted: classWeights, ignore };
        const [cost, p] = b.nodes(crossEntropy, [logits, labels], attrs, roles);
        if (targets === output) {
          accuracies.set(output, b.node(accuracy, [p!, labels], { ignore }));
        }
        return cost!;
      }
    }
  }
}

const makerOf = (value: Value, made: readonly Node[]): Node | undefined =>
  made.find((node) => node.outputs.includes(value));

/**
 * The operand of what made the value, where that is `primitive`, maybe behind nodes that change no
 * number: the losses of probabilities have a softmax or sigmoid of their own. Else the value itself.
 *
 * @param isOwn whether what made it is the loss's own, by its attributes
 */
function before<A>(
  primitive: Primitive<A>,
  value: Value,
  made: readonly Node[],
  isOwn: (attrs: A) => boolean = () => true,
): Value {
  for (let maker = makerOf(value, made); maker !== undefined;) {
    const [operand] = maker.inputs;
    if (isNode(maker, primitive)) return isOwn(maker.attrs) ? operand! : value;
    const alone = isNode(maker, flatten) && elements(plane(operand!.shape)) === 1;
    const passes = maker.primitive.passesOn?.(maker.attrs, maker.inputs.length) ?? false;
    if (!alone && !passes) return value;
    maker = makerOf(operand!, made);
  }
  return value;
}
