/** Linear maps of the channels of each pixel, where those lie last: convolutions of 1x1. */
import { conv2d } from "../../../ops/conv2d.js";
import { linear, type LinearAttrs } from "../../../ops/linear.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import { isImage } from "../../../ops/shape.js";
import { noPads } from "../../../ops/window.js";
import { type Call, shownFlow } from "../call.js";
import { sameDim, wholeAxis } from "../flow/arrangement.js";
import { Flow } from "../flow/flow.js";
import { reads, storedBeside, weightsIn } from "../flow/primitive.js";

export function readPixels(call: Call): Flow {
  const flow = call.flow(0);
  const { value, arrangement } = flow;
  const [seen = 0] = value.shape;
  if (!sameDim(arrangement.at(-1)!, wholeAxis(1, seen))) {
    refuse(`multiplies the last dimension of ${shownFlow(flow)}; here that is channels`);
  }
  const { attrs, roles } = reads(call, [{ shape: [undefined, seen] }, ...storedBeside(call)]);
  const { features, bias } = attrs as LinearAttrs;
  const weights = weightsIn(roles, call.operands);
  const behind = [...arrangement.slice(0, -1), wholeAxis(1, features)];
  if (!isImage(value.shape)) {
    return new Flow(
      call.builder.node(linear, [value], { features, bias }, call.node, weights),
      behind,
    );
  }
  const { weight, ...others } = weights;
  const conv = {
    kernel: [1, 1],
    stride: [1, 1],
    pads: noPads,
    dilation: [1, 1],
    groups: 1,
    channels: features,
    bias,
    activation: "none",
    split: [features],
  } as const;
  const roles1x1 = { weight: { ...weight!, shape: [features, seen, 1, 1] }, ...others };
  return new Flow(call.builder.node(conv2d, [value], conv, call.node, roles1x1), behind);
}
