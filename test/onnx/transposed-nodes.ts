/** Transposed convolutions, with what each is here. */
import { noPads } from "../../src/ops/window.js";
import type { NodeCase } from "./nodes.js";
import { image, node, weights } from "./stored.js";

const transposed = (more: object) => ({
  primitive: "convtranspose",
  attrs: {
    kernel: [3, 2],
    stride: [2, 1],
    pads: { top: 1, left: 0, bottom: 1, right: 0 },
    dilation: [1, 1],
    groups: 1,
    channels: 4,
    bias: true,
    outputPad: [0, 0],
    ...more,
  },
  roles: ["input", { weight: "weight" }, { weight: "bias" }] as const,
});

export const transposedNodes: readonly NodeCase[] = [
  {
    title: "ConvTranspose as PyTorch writes it",
    node: node("ConvTranspose", [image, weights(6, 4, 3, 2), weights(4)], {
      dilations: [1, 1],
      group: 1,
      kernel_shape: [3, 2],
      output_padding: [1, 0],
      pads: [1, 0, 1, 0],
      strides: [2, 1],
    }),
    is: transposed({ outputPad: [1, 0] }),
  },
  {
    title: "ConvTranspose of groups, as it is by default",
    node: node("ConvTranspose", [image, weights(6, 2, 3, 2), weights(4)], { group: 2 }),
    is: transposed({ groups: 2, stride: [1, 1], pads: noPads }),
  },
];
