import type { Value } from "../../graph/value.js";
import { isImage } from "../../ops/shape.js";

/** Channels of one block: kBlock of native/cpu/shape.hpp. */
export const block = 16;

/** The network's inputs come planar; the fast kernels keep all other images in blocks. */
export const isPlanarImage = ({ kind, shape }: Value): boolean =>
  kind === "input" && isImage(shape);
