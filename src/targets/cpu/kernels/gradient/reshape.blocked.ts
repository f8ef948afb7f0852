import { elements, isImage } from "../../../../ops/shape.js";
import { reshape } from "../../../../ops/training/reshape.js";
import type { Shape } from "../../../../ops/shape.js";
import { extent } from "../../../describe.js";
import { inBlocks, kernel } from "../../kernel.js";
import { reorder } from "../conversions.js";
import { move } from "../costs.js";
import { reference } from "./reference.js";

/** A vector becomes an image in blocks, as a flatten makes such an image a vector. */
export const reshapeBlocked = kernel<{ readonly shape: Shape }, "">({
  name: "reshape.blocked",
  primitive: reshape,
  refuses: ({ inputs, outputs }) =>
    isImage(inputs[0]!.shape) === isImage(outputs[0]!.shape)
      ? "both are images, or both vectors"
      : undefined,
  ways: ({ inputs, outputs }) => [
    {
      tuning: "",
      inputs: inputs.map(inBlocks),
      outputs: outputs.map(inBlocks),
      weights: {},
      cost: move * elements(inputs[0]!.shape),
    },
  ],
  lower: (cx, { inputs, outputs }) => {
    const [from, to] = [inputs[0]!.shape, outputs[0]!.shape];
    return [isImage(from) ? reorder(cx, "to_planar", from) : reorder(cx, "to_blocked", to)];
  },
});

export const reshapeReference = reference({
  primitive: reshape,
  layer: ({ inputs }) => ["Copy", extent([elements(inputs[0]!.shape)])],
  header: "copy",
  name: "copy",
});
