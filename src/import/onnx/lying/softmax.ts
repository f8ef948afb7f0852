import type { NodeReader } from "../../../ops/onnx-reading/reader.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import { logSoftmax, softmax } from "../../../ops/softmax.js";
import type { SoftmaxAttrs } from "../../../ops/softmax-attrs.js";
import { type Call, shownFlow } from "../call.js";
import { axisOf } from "../constants/folding.js";
import { sameDim, wholeAxis } from "../flow/arrangement.js";
import { Flow } from "../flow/flow.js";

const sides: readonly SoftmaxAttrs[] = [{}, { axis: "height" }, { axis: "width" }];

/** Over a whole side of the value, wherever it lies. */
export function readLyingSoftmax(call: Call): Flow {
  const { reader, opset, builder, node } = call;
  const flow = call.flow(0);
  const { value, arrangement } = flow;
  const axis = axisOf(axisAsked(reader, opset), arrangement.length);
  reader.nothingElse();
  // Before version 13 all dimensions from the axis on were one.
  const over = opset < 13 ? arrangement.slice(axis).flat() : arrangement[axis]!;
  const side = value.shape.findIndex(
    (size, i) => size > 1 && sameDim(over, wholeAxis(i + 1, size)),
  );
  const attrs = sides[side] ?? refuse(`is taken over axis ${axis} of ${shownFlow(flow)}`);
  const primitive = node.opType === "Softmax" ? softmax : logSoftmax;
  return new Flow(builder.node(primitive, [value], attrs, node), arrangement);
}

const axisAsked = (reader: NodeReader, opset: number): number =>
  reader.integer("axis", opset < 13 ? 1 : -1);
