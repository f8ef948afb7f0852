import { elements } from "../../../../ops/shape.js";
import { reshape } from "../../../../ops/training/reshape.js";
import { slice } from "../../../../ops/training/slice.js";
import { extent } from "../../../describe.js";
import { sliceLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

export const moveReferences = [
  reference({
    primitive: reshape,
    layer: ({ inputs }) => ["Copy", extent([elements(inputs[0]!.shape)])],
    header: "copy",
    name: "copy",
  }),
  reference({ primitive: slice, layer: sliceLayer, header: "gradient/slice", name: "slice" }),
];
