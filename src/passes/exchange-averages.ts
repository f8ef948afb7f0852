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
 * it, with the activation, by a convolution of each channel alone. Where there is no such bias the
 * average applies the activation, if the target's can. The other way round a convolution that ends in
 * an activation stays where it is, and so does one whose bias such an average would take in; what the
 * average applies goes to the convolution. An average that applies something stays in front of one.
 * Nothing is exchanged around a value that has other readers or is returned.
 */
import { isNode, type Graph, type Node } from "../graph/graph.js";
import { mergedOrigin, rewrite } from "../graph/rewrite.js";
import { resultTypes } from "../graph/results.js";
import { constant, resultValue, type Value } from "../graph/value.js";
import { unusedValues } from "../graph/verify.js";
import type { MaybeApplied } from "../ops/activations.js";
import { adaptiveAvgPool } from "../ops/adaptive-pool.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";
import { avgPool } from "../ops/pool2d.js";
import type { Primitive } from "../ops/primitive.js";
import { isPointwise } from "./pointwise.js";
import { effortOf, Needs } from "./effort.js";
import type { Firing, Pass, Refusal, TargetTraits } from "./pass.js";

type Conv = Node<ConvAttrs>;

export const exchangeAverages: Pass = {
  name: "exchange-averages",
  run(graph: Graph, traits: TargetTraits) {
    const needs = new Needs(graph);
    const unused = unusedValues(graph);
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    for (const second of graph.nodes) {
      const first = needs.producers.get(second.inputs[0]!);
      // One that has changed places stays.
      if (first === undefined || nodes.has(first) || unused.has(second.outputs[0]!)) continue;
      const exchanged = exchange(first, second, traits);
      if (exchanged === undefined) continue;
      const { paths } = mergedOrigin([first, second]);
      const why = hindrance(first, second, exchanged, needs, traits);
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

const isPlainAverage = (node: Node): boolean =>
  isAverage(node) && ((node.attrs as MaybeApplied).activation ?? "none") === "none";

/** Whether the target's kernels of a primitive end in what an attribute says, if it says anything. */
const carries = (
  traits: TargetTraits,
  { name }: Primitive,
  { activation = "none" }: MaybeApplied,
): boolean => activation === "none" || traits.carries(name, { kind: "activation", activation });

/** What takes the place of both; undefined where they are no such pair. */
function exchange(first: Node, second: Node, traits: TargetTraits): readonly Node[] | undefined {
  if ([first, second].some(({ outputs }) => outputs.length > 1)) return undefined;
  if (isPlainAverage(first) && isPointwise(second)) return convolvedFirst(first, second, traits);
  if (isPointwise(first) && isAverage(second)) return averagedFirst(first, second);
  return undefined;
}

function hindrance(
  first: Node,
  second: Node,
  exchanged: readonly Node[],
  needs: Needs,
  traits: TargetTraits,
): string | undefined {
  const [between] = first.outputs;
  if (needs.outputs.has(between!)) return "a run returns the value between them";
  if (needs.stays(between!)) return "the value between them has other readers";
  const applied = second.attrs as MaybeApplied;
  if (isAverage(second) && !carries(traits, conv2d, applied))
    return `${traits.name} convolutions do not apply ${applied.activation!}`;
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

function convolvedFirst(average: Node, conv: Conv, traits: TargetTraits): readonly Node[] {
  const { bias } = conv.attrs;
  const behind =
    (bias && !keepsConstants(average)) || !carries(traits, average.primitive, conv.attrs);
  const [y] = conv.outputs;
  const origin = mergedOrigin([average, conv]);
  const weights = { weight: conv.weights["weight"]! };
  const convolved = made(
    {
      ...conv,
      attrs: { ...withoutApplied(conv.attrs), bias: bias && !behind, activation: "none" },
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
  if (!behind) {
    const attrs = { ...(average.attrs as object), ...appliedOf(conv.attrs) };
    return [convolved, { ...pooled, attrs, outputs: [y!] }];
  }
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
  const averages = made(
    { ...average, attrs: withoutApplied(average.attrs as MaybeApplied), inputs: conv.inputs },
    `${y!.name}:average`,
  );
  const origin = mergedOrigin([conv, average]);
  const attrs = { ...conv.attrs, ...appliedOf(average.attrs as MaybeApplied) };
  return [averages, { ...conv, attrs, inputs: averages.outputs, outputs: [y!], origin }];
}

/** The node with a result of its own. */
function made<A>(node: Node<A>, name: string): Node<A> {
  const { primitive, inputs, weights, attrs } = node;
  const [type] = resultTypes(primitive, inputs, Object.values(weights), attrs);
  return { ...node, outputs: [resultValue(name, type!)] };
}

/** What is applied, by itself; and all else. */
const appliedOf = ({ activation = "none", alpha }: MaybeApplied): MaybeApplied =>
  activation === "none" ? {} : { activation, ...(alpha !== undefined && { alpha }) };
const withoutApplied = <A extends MaybeApplied>({
  activation: _,
  alpha: __,
  ...attrs
}: A): Omit<A, keyof MaybeApplied> => attrs;

const ones = (channels: number): Value =>
  constant(
    "ones",
    [channels, 1, 1, 1],
    Array.from({ length: channels }, () => 1),
  );
