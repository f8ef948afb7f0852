/** native/cpu/conv/grouped.hpp: any groups, a number at a time. */
import type { Node } from "../../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { elements } from "../../../ops/shape.js";
import { kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { carriesConv, type ConvAlgorithm, convWay, depth, lowerConv, taps } from "./conv.js";
import { blockMultiply, borderCost } from "./costs.js";

export const convGrouped = kernel<ConvAttrs, "" | "planar">({
  name: "conv.grouped",
  primitive: conv2d,
  carries: carriesConv,
  refuses: ({ attrs: { groups, split } }) =>
    groups > 1 && split.length === 1 ? undefined : "it has no groups",
  ways: (node, machine) => {
    const multiplies = elements(node.outputs[0]!.shape) * depth(node) * taps(node.attrs);
    const cost = multiplies * blockMultiply[machine.level as CpuLevel];
    return (["", "planar"] as const).map((tuning) =>
      convWay(
        node,
        tuning,
        cost + borderCost(node, tuning === "planar"),
        algorithm(node, tuning === "planar"),
      ),
    );
  },
  lower: (cx, node, tuning) => lowerConv(cx, node, algorithm(node, tuning === "planar")),
});

const algorithm = (node: Node<ConvAttrs>, planar: boolean): ConvAlgorithm => ({
  header: "grouped",
  name: "Grouped",
  planar,
  weights: taps(node.attrs) * depth(node) * node.attrs.channels,
});
