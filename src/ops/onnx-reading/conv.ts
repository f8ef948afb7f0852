import type { Pair } from "../window.js";
import { type NodeReader, reads, refuse } from "./reader.js";
import { readPlaced } from "./window.js";

export const convReaders = reads({ Conv: readConv });

function readConv(node: NodeReader) {
  const [entering, ...sides] = node.image(0);
  const { shape } = node.weight(1);
  const [channels, seen, height, width] = shape;
  if (
    channels === undefined ||
    seen === undefined ||
    height === undefined ||
    width === undefined ||
    shape.length > 4
  ) {
    refuse(`has a kernel of ${shape.length} dimensions; here windows have height and width`);
  }
  const kernel: Pair = [height, width];
  const said = node.pair("kernel_shape", kernel);
  if (said.join() !== kernel.join())
    refuse(`says kernel_shape ${said.join(", ")} of a kernel of ${kernel.join(" x ")}`);
  const groups = node.integer("group", 1);
  if (groups < 1 || channels % groups !== 0)
    refuse(`parts ${channels} channels into ${groups} groups`);
  if (entering !== undefined && entering !== seen * groups) {
    refuse(`has kernels over ${seen * groups} channels, and ${entering} come in`);
  }
  const bias = node.has(2);
  if (bias && node.weight(2).shape.join() !== `${channels}`)
    refuse(`has a bias that is not one number for each of ${channels} channels`);
  const { stride, dilation, pads } = readPlaced(node, kernel, sides);
  return {
    attrs: {
      kernel,
      stride,
      pads,
      dilation,
      groups,
      channels,
      bias,
      activation: "none",
      split: [channels],
    } as const,
    roles: ["input", { weight: "weight" }, { weight: "bias" }] as const,
  };
}
