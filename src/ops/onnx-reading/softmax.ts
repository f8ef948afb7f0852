import type { OnnxReading } from "../onnx.js";
import type { SoftmaxAttrs } from "../softmax-attrs.js";
import { type NodeReader, refuse } from "./reader.js";

const sides: readonly (SoftmaxAttrs | undefined)[] = [
  undefined,
  {},
  { axis: "height" },
  { axis: "width" },
];

/** Before opset 13 all dimensions from the axis on were one. */
export function readSoftmax(node: NodeReader): OnnxReading<SoftmaxAttrs> {
  const dims = node.flowing(0);
  const axis = node.axis(node.integer("axis", node.opset < 13 ? 1 : -1), dims);
  const isLast = dims !== undefined && dims.slice(axis + 1).every((side) => side === 1);
  if (node.opset < 13 && !isLast) {
    refuse("is taken over channels, height and width together; here that is over one of them");
  }
  const attrs = sides[axis];
  if (attrs === undefined || (axis > 1 && dims?.length !== 4)) {
    refuse(`is taken over axis ${axis}; here that is over channels, height or width of an image`);
  }
  return { attrs, roles: ["input"] };
}
