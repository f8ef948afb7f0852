import type { Pads } from "../ops/window.js";

/** ONNX's order: the starts of both axes, then their ends. */
export const padsOf = ({ top, left, bottom, right }: Pads): readonly number[] => [
  top,
  left,
  bottom,
  right,
];
