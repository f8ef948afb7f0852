import type { Graph, Value } from "../../graph/graph.js";
import { isImage } from "../../ops/shape.js";

/** Channels of one block: kBlock of native/cpu/shape.hpp. */
export const block = 16;

/** The network's input comes planar; the fast kernels keep all other images in blocks. */
export const isPlanarImage = (value: Value, graph: Graph): boolean =>
  value === graph.input && isImage(value.shape);
