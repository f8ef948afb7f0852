/**
 * Has a 1x1 convolution and an average change places where that takes less: averages of weighted sums
 * are weighted sums of averages, and fewer channels or fewer pixels are left to the second.
 *
 *     a : 192 x 17x17 = avgpool 3x3 pad 1 (x)
 *     y : 32 x 17x17 = conv 1x1 32 relu (a) weight w bias b
 *                        ->
 *     y:before : 32 x 17x17 = conv 1x1 32 no bias (x) weight w
 *     y:average : 32 x 17x17 = avgpool 3x3 pad 1 (y:before)
 *     y = conv 1x1 32 groups 32 relu (y:average) weight ones bias b
 *
 * An average that counts the zeros around an image is no average of a bias: then that is added behind
 * it, with the activation, by a convolution of each channel alone. Without either there is none. The
 * other way round a convolution that ends in an activation stays where it is, and so does one whose
 * bias such an average would take in. Nothing is exchanged around a value that has other readers
 * or is returned.
 */
import { isNode, type Graph, type Node } from "../graph/graph.js";
import { mergedOrigin, rewrite } from "../graph/rewrite.js";
import { resultTypes } from "../graph/results.js";
import { constant, resultValue, type Value } from "../graph/value.js";
import { unusedValues } from "../graph/verify.js";
import { adaptiveAvgPool } from "../ops/adaptive-pool.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";
import { avgPool } from "../ops/pool2d.js";
import { isPointwise } from "./pointwise.js";
import { effortOf, Needs } from "./effort.js";
import type { Firing, Pass, Refusal } from "./pass.js";

type Conv = Node<ConvAttrs>;

export const exchangeAverages: Pass = {
  name: "exchange-averages",
  run(graph: Graph) {
    const needs = new Needs(graph);
    const unused = unusedValues(graph);
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    for (const second of graph.nodes) {
      const first = needs.producers.get(second.inputs[0]!);
      // One that has changed places stays.
      if (first === undefined || nodes.has(first) || unused.has(second.outputs[0]!)) continue;
      const exchanged = exchange(first, second);
      if (exchanged === undefined) continue;
      const { paths } = mergedOrigin([first, second]);
      const why = hindrance(first, second, exchanged, needs);
      if (why !== undefined) {
        refused.push({ paths, why });
        continue;
      }
      nodes.set(first, []).set(second, exchanged);
      fired.push({ paths, what: `1x1 convolution put ${before(second)} an average` });
    }
    return { graph: rewrite(graph, { nodes }), fired, refused };
  },
};

const before = (second: Node): string => (isNode(second, conv2d) ? "before" : "behind");

const isAverage = (node: Node): boolean => isNode(node, avgPool) || isNode(node, adaptiveAvgPool);

/** What takes the place of both; undefined where they are no such pair. */
function exchange(first: Node, second: Node): readonly Node[] | undefined {
  if ([first, second].some(({ outputs }) => outputs.length > 1)) return undefined;
  if (isAverage(first) && isPointwise(second)) return convolvedFirst(first, second);
  if (isPointwise(first) && isAverage(second)) return averagedFirst(first, second);
  return undefined;
}

function hindrance(
  first: Node,
  second: Node,
  exchanged: readonly Node[],
  needs: Needs,
): string | undefined {
  const [between] = first.outputs;
  if (needs.outputs.has(between!)) return "a run returns the value between them";
  if (needs.stays(between!)) return "the value between them has other readers";
  const effort = (all: readonly Node[]): number =>
    all.reduce((sum, node) => sum + effortOf(node), 0);
  return effort(exchanged) < effort([first, second])
    ? undefined
    : "the other way round they would take more";
}

/** Whether what is the same everywhere is its own average. */
function keepsConstants(average: Node): boolean {
  if (!isNode(average, avgPool)) return true;
  const { pads, countPad } = average.attrs;
  return !countPad || Object.values(pads).every((pad: number) => pad === 0);
}

function convolvedFirst(average: Node, conv: Conv): readonly Node[] {
  const { activation, bias } = conv.attrs;
  const behind = activation !== "none" || (bias && !keepsConstants(average));
  const [y] = conv.outputs;
  const origin = mergedOrigin([average, conv]);
  const plain: ConvAttrs = { ...conv.attrs, bias: bias && !behind, activation: "none" };
  const weights = { weight: conv.weights["weight"]! };
  const convolved = made(
    {
      ...conv,
      attrs: withoutAlpha(plain),
      inputs: average.inputs,
      weights: behind ? weights : conv.weights,
      origin: conv.origin,
    },
    `${y!.name}:before`,
  );
  const pooled = {
    ...average,
    inputs: convolved.outputs,
    origin: behind ? average.origin : origin,
  };
  if (!behind) return [convolved, { ...pooled, outputs: [y!] }];
  const averages = made(pooled, `${y!.name}:average`);
  const { channels } = conv.attrs;
  const finish: Conv = {
    ...conv,
    attrs: { ...conv.attrs, groups: channels },
    inputs: averages.outputs,
    weights: { ...conv.weights, weight: ones(channels) },
    origin,
  };
  return [convolved, averages, finish];
}

function averagedFirst(conv: Conv, average: Node): readonly Node[] | undefined {
  const { activation, bias } = conv.attrs;
  if (activation !== "none" || (bias && !keepsConstants(average))) return undefined;
  const [y] = average.outputs;
  const averages = made({ ...average, inputs: conv.inputs }, `${y!.name}:average`);
  const origin = mergedOrigin([conv, average]);
  return [averages, { ...conv, inputs: averages.outputs, outputs: [y!], origin }];
}

/** The node with a result of its own. */
function made<A>(node: Node<A>, name: string): Node<A> {
  const { primitive, inputs, weights, attrs } = node;
  const [type] = resultTypes(primitive, inputs, Object.values(weights), attrs);
  return { ...node, outputs: [resultValue(name, type!)] };
}

/** The number of an activation that is gone. */
const withoutAlpha = ({ alpha: _, ...attrs }: ConvAttrs): ConvAttrs => attrs;

const ones = (channels: number): Value =>
  constant(
    "ones",
    [channels, 1, 1, 1],
    Array.from({ length: channels }, () => 1),
  );
