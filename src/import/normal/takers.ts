/** Nodes whose weights can hold what each channel of the result is multiplied by and gets added. */
import { isNode, type Node } from "../../graph/graph.js";
import { batchNorm } from "../../ops/batchnorm.js";
import { conv2d } from "../../ops/conv2d.js";
import { convTranspose2d } from "../../ops/convtranspose2d.js";
import { linear } from "../../ops/linear.js";
import type { ParameterSpec } from "../../ops/operator.js";
import { elements } from "../../ops/shape.js";

type Role = ParameterSpec["role"];

export interface Taker {
  /** What its factors and its offsets are to those who initialise them. */
  readonly roles: Readonly<Record<"weight" | "bias", Role>>;
  /** The channel of the result that each number of its weight belongs to. */
  readonly channelOf: (place: number) => number;
  /** The attributes of the node with such parameters. */
  readonly attrs: (has: { readonly weight: boolean; readonly bias: boolean }) => unknown;
}

export function takerOf(node: Node): Taker | undefined {
  if (isNode(node, batchNorm)) {
    return {
      roles: { weight: "gamma", bias: "beta" },
      channelOf: (place) => place,
      attrs: ({ weight, bias }) => ({ ...node.attrs, scale: weight, shift: bias }),
    };
  }
  const channelOf = channelsOf(node);
  return (
    channelOf && {
      roles: { weight: "weight", bias: "bias" },
      channelOf,
      attrs: ({ bias }) => ({ ...(node.attrs as object), bias }),
    }
  );
}

function channelsOf(node: Node): Taker["channelOf"] | undefined {
  const [first = 1, second = 1, ...kernel] = node.weights["weight"]?.shape ?? [];
  const taps = elements(kernel);
  if (isNode(node, conv2d) || isNode(node, linear)) {
    return (place) => Math.floor(place / (second * taps));
  }
  if (!isNode(node, convTranspose2d)) return undefined;
  // Those that enter come first, and say the group; those of the result are counted within it.
  const entering = first / node.attrs.groups;
  return (place) => {
    const group = Math.floor(place / (taps * second * entering));
    return group * second + (Math.floor(place / taps) % second);
  };
}
