/**
 * The derivative of a convolution by its input, where the stride is 1, is a convolution itself, of
 * weights turned by 180 degrees: so the kernels of convolutions compute it, and are chosen as
 * theirs are. The weights are turned when they are prepared.
 *
 *     dx = conv-input-gradient 3x3 pad 1 (dy) weight w
 *                        ->
 *     prepare w' = turn-weights weight w
 *     dx = conv 3x3 pad 1 no bias (dy) weight w'
 *
 * What pads a side of dy is what the kernel reaches less what padded the image there. It does not
 * turn strides above 1, whose pixels do not all have the same taps, nor paddings wider than the
 * kernel reaches, of which dy would have to be cut.
 */
import { isNode, type Graph, type Node } from "../graph/graph.js";
import { resultTypes } from "../graph/results.js";
import { rewrite } from "../graph/rewrite.js";
import { resultValue, type Value } from "../graph/value.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";
import { type ConvGradientAttrs, convInputGradient } from "../ops/training/conv2d-gradient.js";
import { type TurnAttrs, turnWeights } from "../ops/turn-weights.js";
import type { Pads } from "../ops/window.js";
import type { Firing, Pass, Refusal } from "./pass.js";

type Gradient = Node<ConvGradientAttrs>;

export const turnConvolutions: Pass = {
  name: "turn-convolutions",
  run(graph: Graph) {
    const nodes = new Map<Node, readonly Node[]>();
    const turned = new Turned();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    for (const node of graph.nodes) {
      if (!isNode(node, convInputGradient)) continue;
      const { paths } = node.origin;
      const why = hindrance(node);
      if (why !== undefined) {
        refused.push({ paths, why });
        continue;
      }
      nodes.set(node, turned.convolution(node));
      fired.push({ paths, what: "the derivative by its input is a convolution of turned weights" });
    }
    return { graph: rewrite(graph, { nodes }), fired, refused };
  },
};

function hindrance({ attrs }: Gradient): string | undefined {
  if (attrs.stride.some((side) => side > 1)) return "its stride is above 1";
  const wide = Object.values(padsOf(attrs)).some((pad: number) => pad < 0);
  return wide ? "its padding is wider than its kernel reaches" : undefined;
}

function padsOf({ kernel, dilation, pads: { top, left, bottom, right } }: ConvGradientAttrs): Pads {
  const [down, across] = kernel.map((size, axis) => dilation[axis]! * (size - 1)) as [
    number,
    number,
  ];
  return { top: down - top, left: across - left, bottom: down - bottom, right: across - right };
}

/** Each weight is turned once, however many read it. */
class Turned {
  private readonly known = new Map<Value, Map<number, Value>>();

  /** The convolution, and what prepares its weight where that is new. */
  convolution(node: Gradient): readonly Node[] {
    const { groups } = node.attrs;
    const weight = node.weights["weight"]!;
    const ways = this.known.get(weight) ?? new Map<number, Value>();
    this.known.set(weight, ways);
    const known = ways.get(groups);
    if (known !== undefined) return [convolve(node, known)];
    const preparing = turn(node, weight);
    ways.set(groups, preparing.outputs[0]!);
    return [preparing, convolve(node, preparing.outputs[0]!)];
  }
}

function turn({ attrs: { groups }, origin }: Gradient, weight: Value): Node<TurnAttrs> {
  const attrs = { shape: weight.shape, groups };
  const [type] = resultTypes(turnWeights, [], [weight], attrs);
  const suffix = groups === 1 ? "turned" : `turned_${groups}`;
  const outputs = [resultValue(`${weight.name}:${suffix}`, type!)];
  return { primitive: turnWeights, attrs, inputs: [], outputs, weights: { weight }, origin };
}

function convolve(node: Gradient, weight: Value): Node<ConvAttrs> {
  const { kernel, stride, dilation, groups, shape } = node.attrs;
  const channels = shape[0]!;
  const attrs: ConvAttrs = {
    ...{ kernel, stride, dilation, groups, channels },
    pads: padsOf(node.attrs),
    bias: false,
    activation: "none",
    split: [channels],
  };
  return { ...node, primitive: conv2d, attrs, weights: { weight } };
}
