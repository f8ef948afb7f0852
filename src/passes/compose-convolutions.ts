/**
 * Makes one convolution of several with nothing between them, where that takes less.
 *
 *     a : 64 x 14x14 = conv 1x1 64 (x) weight w1 bias c1
 *     b : 8 x 14x14 = conv 1x1 8 (a) weight w2 bias c2
 *                        ->
 *     prepare w, c = compose rows w2 bias c2 weight w1 shift c1
 *     b : 8 x 14x14 = conv 1x1 8 (x) weight w bias c
 *
 * It is exact, borders too: zeros around the value between are what a convolution without a bias
 * whose windows lie in zeros makes of them, as 1x1 windows do and larger ones do not. A bias is not
 * there in what the later one pads, so that less of it reaches the border:
 *
 *     a : 64 x 14x14 = conv 1x1 64 (x) weight w1 bias c1
 *     b : 8 x 14x14 = conv 3x3 8 pad 1 (a) weight w2 bias c2
 *                        ->
 *     prepare w = compose rows w2 weight w1      prepare c : 8 x 14x14 = compose-bias rows w2 bias c2 shift c1
 *     b : 8 x 14x14 = conv 3x3 8 pad 1 bias of places (x) weight w bias c
 *
 * It does not compose where the later one pads what the earlier one's kernel would reach, nor where the
 * value between is returned or goes through an activation, nor groups. A value between that others
 * read stays, and its making is not counted as saved.
 */
import { isNode, keepingOrder, type Node, type Origin } from "../graph/graph.js";
import { mergedOrigin, rewrite } from "../graph/rewrite.js";
import { unusedValues } from "../graph/verify.js";
import type { Value } from "../graph/value.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";
import { channels, elements, plane } from "../ops/shape.js";
import {
  type Composed,
  composed,
  composedBias,
  longestPreparation,
  preparationOf,
} from "./compose-weights.js";
import { composedWindows, type ComposedWindows } from "./composed-windows.js";
import { effortOf, Needs } from "./effort.js";
import { withoutLeftOver } from "./left-over.js";
import type { Firing, Pass, Refusal } from "./pass.js";

type Conv = Node<ConvAttrs>;

export const composeConvolutions: Pass = {
  name: "compose-convolutions",
  run(written, traits) {
    const adds = traits.carries(conv2d.name, { kind: "residual" });
    let graph = keepingOrder(written);
    let needs = new Needs(graph);
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    const unused = unusedValues(written);
    for (const node of written.nodes) {
      if (!isNode(node, conv2d) || unused.has(node.outputs[0]!)) continue;
      const found = cheapest(node, needs, adds);
      if (found === undefined) continue;
      const { paths } = mergedOrigin([...found.through, node]);
      if ("why" in found) {
        refused.push({ paths, why: found.why });
        continue;
      }
      graph = withoutLeftOver(rewrite(graph, { nodes: new Map([[node, found.nodes]]) }), graph);
      needs = new Needs(graph);
      fired.push({ paths, what: `${found.through.length + 1} convolutions composed to one` });
    }
    return { graph, fired, refused };
  },
};

/** A convolution, and those before it that it computes too. */
interface Chain {
  readonly conv: Conv;
  readonly prepares: readonly Node[];
  readonly through: readonly Conv[];
}

type Found = { readonly through: readonly Conv[] } & (
  { readonly nodes: readonly Node[] } | { readonly why: string }
);

/**
 * What takes the least, of the node composed with more and more of those before it.
 *
 * @param adds whether a convolution can add a bias that is one a place
 */
function cheapest(node: Conv, needs: Needs, adds: boolean): Found | undefined {
  let chain: Chain = { conv: node, prepares: [], through: [] };
  let best = chain;
  let least = effortOf(node) + needs.effort(node.inputs[0]!);
  let sunk = false;
  for (;;) {
    const before = needs.producers.get(chain.conv.inputs[0]!);
    if (before === undefined || !isNode(before, conv2d)) break;
    if (before.attrs.activation !== "none") break;
    const why = hindrance(chain.conv, before, needs, adds);
    if (why !== undefined) {
      if (chain.through.length === 0) return { through: [before], why };
      break;
    }
    sunk ||= needs.stays(chain.conv.inputs[0]!);
    chain = longer(chain, before);
    const effort = effortOf(chain.conv) + (sunk ? 0 : needs.effort(chain.conv.inputs[0]!));
    if (effort < least) [best, least] = [chain, effort];
  }
  const { conv, prepares, through } = best;
  if (through.length > 0) return { through, nodes: [...prepares, conv] };
  if (chain.through.length === 0) return undefined;
  return { through: chain.through, why: "one convolution would take more than they do" };
}

function hindrance(conv: Conv, before: Conv, needs: Needs, adds: boolean): string | undefined {
  if (needs.outputs.has(conv.inputs[0]!)) return "a run returns the value between them";
  if ([conv, before].some(({ attrs }) => attrs.groups > 1)) return "they have groups";
  if (before.outputs.length > 1) return "the first has several results";
  const windows = composedWindows(conv.attrs, before.attrs, plane(before.inputs[0]!.shape));
  if (typeof windows === "string") return windows;
  if (!adds && needsPlaces(conv, before)) {
    return "the second pads with zeros, to which the first would add its bias";
  }
  const long = preparationOf(geometry(conv, before, windows)) + placesOf(conv, before);
  return long > longestPreparation ? "preparing the weights of one would take too long" : undefined;
}

/** Whether the bias of both differs from place to place. */
const needsPlaces = ({ attrs }: Conv, before: Conv): boolean =>
  attrs.bias === "placed" ||
  before.attrs.bias === "placed" ||
  (before.attrs.bias && Object.values(attrs.pads).some((pad: number) => pad > 0));

/** Multiply-adds of preparing such a bias, in double precision. */
function placesOf(conv: Conv, { attrs: { bias } }: Conv): number {
  const [{ shape }] = conv.outputs as [Value];
  return bias === "placed" ? elements(conv.weights["weight"]!.shape) * elements(plane(shape)) : 0;
}

function longer({ conv, prepares, through }: Chain, before: Conv): Chain {
  const windows = composedWindows(
    conv.attrs,
    before.attrs,
    plane(before.inputs[0]!.shape),
  ) as ComposedWindows;
  const origin = mergedOrigin([before, conv]);
  const name = `${conv.outputs[0]!.name}:${before.outputs[0]!.name}`;
  const made = maps(conv, before, geometry(conv, before, windows), name, origin);
  const weights = { weight: made.weight, ...(made.bias === undefined ? {} : { bias: made.bias }) };
  const placed = made.bias !== undefined && made.bias.shape.length > 1;
  const bias = placed ? "placed" : made.bias !== undefined;
  const attrs: ConvAttrs = { ...conv.attrs, ...windows.window, bias };
  return {
    conv: { ...conv, attrs, inputs: before.inputs, weights, origin },
    prepares: [...prepares, ...made.prepares],
    through: [before, ...through],
  };
}

/** The weight of both, and their bias: one a channel or, where it has to be, one a place. */
function maps(
  conv: Conv,
  before: Conv,
  both: ReturnType<typeof geometry>,
  name: string,
  origin: Origin,
): Composed {
  const [later, earlier] = [mapOf(conv), mapOf(before)];
  if (!needsPlaces(conv, before)) return composed(later, earlier, both, name, origin);
  const [of, by] = [later, earlier].map(({ weight }) => ({ weight, bias: undefined }));
  const { weight, prepares } = composed(of!, by!, both, name, origin);
  if (earlier.bias === undefined) return { weight, bias: later.bias, prepares };
  const taps = { ...conv.attrs, between: before.outputs[0]!.shape, result: conv.outputs[0]!.shape };
  const places = composedBias(later, earlier.bias, taps, name, origin);
  return { weight, bias: places.outputs[0]!, prepares: [...prepares, places] };
}

const mapOf = ({ weights }: Conv): { weight: Value; bias: Value | undefined } => ({
  weight: weights["weight"]!,
  bias: weights["bias"],
});

const geometry = (conv: Conv, before: Conv, { taps, window }: ComposedWindows) => ({
  ...taps,
  groups: 1,
  channels: before.attrs.channels,
  between: [before.attrs.channels, ...conv.attrs.kernel],
  before: [channels(before.inputs[0]!.shape), ...window.kernel],
  result: [conv.attrs.channels, channels(before.inputs[0]!.shape), ...window.kernel],
});
