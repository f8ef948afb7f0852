import type { Graph } from "../graph/graph.js";
import type { Shape } from "../ops/shape.js";
import { type Classes, classesOf } from "./classes.js";

export interface ManifestOutput {
  readonly name: string;
  readonly shape: Shape;
  readonly kind: "output" | "aux" | "tap";
  /** What its values are where it is a vector of classes. */
  readonly classes: Classes;
}

/** What the manifest says of a graph's outputs. */
export function outputsOf(graph: Graph): readonly ManifestOutput[] {
  const classes = classesOf(graph);
  return graph.outputs.map((output) => ({
    name: output.name,
    shape: output.value.shape,
    kind: output.kind,
    classes: classes.get(output.value) ?? "logits",
  }));
}
