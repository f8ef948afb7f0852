/**
 * Makes one launch of the 1x1 convolutions that read the same value with the same activation: the
 * input is read once, and a module of the Inception kind starts with one region instead of three.
 *
 *     b1   : 64 x 28x28 = conv 1x1 64 relu (x) weight w1 bias c1
 *     b3.0 : 96 x 28x28 = conv 1x1 96 relu (x) weight w3 bias c3
 *                        ->
 *     prepare w = concat (w1, w3)      prepare c = concat (c1, c3)
 *     b1 : 64 x 28x28, b3.0 : 96 x 28x28 = conv 1x1 64+96 relu (x) weight w bias c
 *
 * It does not merge larger kernels, strides, padding or groups, nor across activations.
 */
import { type Graph, type Node, type Origin } from "../graph/graph.js";
import { resultTypes } from "../graph/results.js";
import { readersOf, rewrite } from "../graph/rewrite.js";
import { resultValue, type Value, zeros } from "../graph/value.js";
import { sameApplied } from "../ops/activations.js";
import type { ConvAttrs } from "../ops/conv2d.js";
import type { NoAttrs } from "../ops/elementwise.js";
import { concat } from "../ops/joins/concat.js";
import { isPointwise } from "./pointwise.js";
import type { Firing, Pass, Refusal } from "./pass.js";

type Conv = Node<ConvAttrs>;

export const mergeSiblings: Pass = {
  name: "merge-siblings",
  run(graph, { mostSiblings }) {
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    for (const pointwise of siblings(graph)) {
      const groups = byActivation(pointwise).flatMap((alike) => inGroupsOf(mostSiblings, alike));
      for (const [first, ...others] of groups.filter((group) => group.length > 1)) {
        const merged = merge([first!, ...others]);
        nodes.set(first!, merged);
        others.forEach((other) => nodes.set(other, []));
        const what = `${others.length + 1} 1x1 convolutions of one value merged`;
        fired.push({ paths: merged.at(-1)!.origin.paths, what });
      }
      for (const [lone] of groups.filter((group) => group.length === 1)) {
        const why = "no 1x1 convolution beside it is left that has its activation";
        refused.push({ paths: lone!.origin.paths, why });
      }
    }
    return { graph: rewrite(graph, { nodes }), fired, refused };
  },
};

/** For each value that several 1x1 convolutions read, those. */
function siblings(graph: Graph): readonly (readonly Conv[])[] {
  const values: readonly Value[] = [
    ...graph.inputs,
    ...graph.nodes.flatMap((node) => node.outputs),
  ];
  const readers = readersOf(graph);
  return values
    .map((value) => (readers.get(value) ?? []).filter(isPointwise).filter(reads(value)))
    .filter((convs) => convs.length > 1);
}

/** As the image, not as a weight. */
const reads =
  (value: Value) =>
  ({ inputs }: Node): boolean =>
    inputs.includes(value);

function byActivation(convs: readonly Conv[]): readonly (readonly Conv[])[] {
  const firsts = convs.filter(
    ({ attrs }, i) => convs.findIndex((other) => sameApplied(other.attrs, attrs)) === i,
  );
  return firsts.map(({ attrs }) => convs.filter((conv) => sameApplied(conv.attrs, attrs)));
}

const inGroupsOf = (most: number, convs: readonly Conv[]): readonly (readonly Conv[])[] =>
  Array.from({ length: Math.ceil(convs.length / most) }, (_, i) =>
    convs.slice(i * most, (i + 1) * most),
  );

/** The one convolution, after what stacks its weights. */
function merge(convs: readonly Conv[]): readonly [...prepares: Node[], conv: Conv] {
  const first = convs[0]!;
  const split = convs.flatMap((conv) => conv.attrs.split);
  const bias = convs.some((conv) => conv.attrs.bias);
  const origin = { ...first.origin, paths: convs.flatMap((conv) => conv.origin.paths) };
  const stacks = (bias ? roles : roles.slice(0, 1)).map((role) => stack(convs, role, origin));
  const conv = {
    ...first,
    attrs: { ...first.attrs, channels: split.reduce((sum, count) => sum + count), bias, split },
    outputs: convs.flatMap((conv) => conv.outputs),
    weights: Object.fromEntries(stacks.map(({ outputs }, i) => [roles[i]!, outputs[0]!])),
    origin,
  };
  return [...stacks, conv];
}

const roles = ["weight", "bias"] as const;

/** The siblings' operands of one role, one below the other; a missing bias is zeros. */
function stack(
  convs: readonly Conv[],
  role: (typeof roles)[number],
  origin: Origin,
): Node<NoAttrs> {
  const inputs = convs.map(({ attrs, weights }) => weights[role] ?? zeros([attrs.channels]));
  const [type] = resultTypes(concat, inputs, [], {});
  const name = `${convs.map((conv) => conv.outputs[0]!.name).join("+")}.${role}`;
  const outputs = [resultValue(name, type!)];
  return { primitive: concat, attrs: {}, inputs, outputs, weights: {}, origin };
}
