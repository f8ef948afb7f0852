/** Nodes of norms by the statistics of each image alone, with what each is here. */
import type { NodeCase } from "./nodes.js";
import { filled, image, node, vector, weights } from "./stored.js";

const learned = ["input", { weight: "weight" }, { weight: "bias" }] as const;
const nothing = ["input", "attribute", "attribute"] as const;

export const imageNorms: readonly NodeCase[] = [
  {
    title: "LpNormalization over channels",
    node: node("LpNormalization", [image], { axis: 1, p: 2 }),
    is: {
      primitive: "l2norm",
      attrs: { eps: 1e-24, scale: false, shift: false },
      roles: ["input"],
    },
  },
  {
    title: "LayerNormalization of vectors, as PyTorch writes it",
    node: node("LayerNormalization", [vector, weights(6), weights(6)], {
      axis: -1,
      epsilon: Math.fround(1e-6),
    }),
    is: { primitive: "layernorm", attrs: { eps: 1e-6, scale: true, shift: true }, roles: learned },
  },
  {
    title: "LayerNormalization without an offset",
    node: node("LayerNormalization", [vector, weights(6)]),
    is: {
      primitive: "layernorm",
      attrs: { eps: 1e-5, scale: true, shift: false },
      roles: learned.slice(0, 2),
    },
  },
  {
    title: "InstanceNormalization",
    node: node("InstanceNormalization", [image, filled(1, 6), filled(0, 6)]),
    is: {
      primitive: "groupnorm",
      attrs: { eps: 1e-5, groups: 6, scale: false, shift: false },
      roles: nothing,
    },
  },
  {
    title: "GroupNormalization of opset 21",
    node: node(
      "GroupNormalization",
      [image, weights(6), weights(6)],
      { num_groups: 3 },
      { opset: 21 },
    ),
    is: {
      primitive: "groupnorm",
      attrs: { eps: 1e-5, groups: 3, scale: true, shift: true },
      roles: learned,
    },
  },
];
