/** The nodes that a linear's weights can be brought through: linear maps themselves. */
import { isNode, type Node, type Origin } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { MaybeApplied } from "../ops/activations.js";
import { columns } from "../ops/algebra/columns.js";
import { composeAverage } from "../ops/algebra/compose-average.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";
import { flatten } from "../ops/flatten.js";
import { concat } from "../ops/joins/concat.js";
import { linear, type LinearAttrs } from "../ops/linear.js";
import type { PoolAttrs } from "../ops/pool-attrs.js";
import { elements, plane } from "../ops/shape.js";
import { noPads } from "../ops/window.js";
import { averagingOf } from "./averaging.js";
import {
  composed,
  composedBias,
  type LinearMap,
  preparationOf,
  preparing,
} from "./compose-weights.js";

/** A linear map of a node's result as one of its operands. */
export interface Passed {
  /** One an operand. */
  readonly weights: readonly Value[];
  readonly bias: Value | undefined;
  readonly prepares: readonly Node[];
}

const applies = ({ activation = "none" }: MaybeApplied): boolean => activation !== "none";

/** The windows of an average that is all that a node computes. */
const plainAverage = (node: Node): PoolAttrs | undefined =>
  applies(node.attrs as MaybeApplied) ? undefined : averagingOf(node);

/** Whether it multiplies with weights of its own, or joins what does. */
export const isLearned = (node: Node): boolean =>
  (isNode(node, linear) || isNode(node, conv2d)) && !applies(node.attrs);

/**
 * Multiply-adds of bringing so many rows of weights through a node; undefined where it is no linear
 * map, or none that is known here.
 */
export function preparationThrough(node: Node, rows: number): number | undefined {
  if (isNode(node, concat) || isNode(node, flatten)) return 0;
  if (isNode(node, linear) || isNode(node, conv2d)) {
    if (applies(node.attrs) || node.outputs.length > 1) return undefined;
    return preparationOf(
      isNode(node, linear) ? linearGeometry(node, rows) : convGeometry(node, rows),
    );
  }
  const windows = plainAverage(node);
  if (windows === undefined) return undefined;
  return rows * elements(node.outputs[0]!.shape) * elements(windows.kernel);
}

/** @param name of the linear's result */
export function goThrough(node: Node, map: LinearMap, name: string, origin: Origin): Passed {
  const { weight, bias } = map;
  const [rows] = weight.shape;
  const title = `${name}:${node.outputs[0]!.name}`;
  if (isNode(node, flatten)) return { weights: [weight], bias, prepares: [] };
  if (isNode(node, concat)) {
    const nodes = shares(node).map(({ from, count }, i) => {
      const attrs = { shape: weight.shape, from, count };
      return preparing(columns, attrs, [], { rows: weight }, ["weight"], `${title}.${i}`, origin);
    });
    return { weights: nodes.map(({ outputs }) => outputs[0]!), bias, prepares: nodes };
  }
  const windows = plainAverage(node);
  if (windows !== undefined) {
    const attrs = { ...windows, features: rows!, before: node.inputs[0]!.shape };
    const made = preparing(composeAverage, attrs, [], { rows: weight }, ["weight"], title, origin);
    return { weights: made.outputs, bias, prepares: [made] };
  }
  if (isNode(node, conv2d) && node.attrs.bias === "placed") {
    return throughPlaces(node, map, title, origin);
  }
  const geometry = isNode(node, linear)
    ? linearGeometry(node, rows!)
    : convGeometry(node as Node<ConvAttrs>, rows!);
  const earlier = { weight: node.weights["weight"]!, bias: node.weights["bias"] };
  const made = composed(map, earlier, geometry, title, origin);
  return { weights: [made.weight], bias: made.bias, prepares: made.prepares };
}

/** Through a convolution whose bias is one a place: to the linear it is what an image would be. */
function throughPlaces(
  node: Node<ConvAttrs>,
  map: LinearMap,
  title: string,
  origin: Origin,
): Passed {
  const { weight, bias } = map;
  const [rows] = weight.shape;
  const alone = { weight: node.weights["weight"]!, bias: undefined };
  const geometry = convGeometry(node, rows!);
  const made = composed({ weight, bias: undefined }, alone, geometry, title, origin);
  const [output] = node.outputs;
  const taps = {
    ...({ stride: [1, 1], dilation: [1, 1], pads: noPads, groups: 1 } as const),
    kernel: plane(output!.shape),
    channels: rows!,
    between: output!.shape,
    result: [rows!],
  };
  const shifted = composedBias({ weight, bias }, node.weights["bias"]!, taps, title, origin);
  return {
    weights: [made.weight],
    bias: shifted.outputs[0]!,
    prepares: [...made.prepares, shifted],
  };
}

/** Which of a linear's columns are each branch's: channels come before rows and columns. */
function shares({ inputs }: Node): readonly { readonly from: number; readonly count: number }[] {
  let from = 0;
  return inputs.map(({ shape }) => {
    const own = { from, count: elements(shape) };
    from += own.count;
    return own;
  });
}

const convGeometry = ({ attrs, inputs, outputs }: Node<ConvAttrs>, rows: number) => ({
  kernel: attrs.kernel,
  stride: attrs.stride,
  pads: attrs.pads,
  dilation: attrs.dilation,
  groups: attrs.groups,
  channels: attrs.channels,
  between: outputs[0]!.shape,
  before: inputs[0]!.shape,
  result: [rows, elements(inputs[0]!.shape)],
});

/** As a convolution of pixels. */
const linearGeometry = ({ attrs, inputs }: Node<LinearAttrs>, rows: number) => ({
  ...({ kernel: [1, 1], stride: [1, 1], dilation: [1, 1] } as const),
  pads: noPads,
  groups: 1,
  channels: attrs.features,
  between: [attrs.features, 1, 1],
  before: [elements(inputs[0]!.shape), 1, 1],
  result: [rows, elements(inputs[0]!.shape)],
});
