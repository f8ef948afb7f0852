/** How ONNX places a window: `auto_pad` or `pads`, for convolutions and pools alike. */
import { tensorflowSides } from "../padding.js";
import { noPads, span, type Pads, type Pair } from "../window.js";
import { type Dims, type NodeReader, refuse } from "./reader.js";

export interface Placed {
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly pads: Pads;
}

/** @param sides height and width of the image, as far as they are known */
export function readPlaced(node: NodeReader, kernel: Pair, sides: Dims): Placed {
  const stride = node.pair("strides", [1, 1]);
  const dilation = node.pair("dilations", [1, 1]);
  const pads = readPads(node);
  const auto = node.text("auto_pad", "NOTSET");
  if (auto === "NOTSET") return { stride, dilation, pads: pads ?? noPads };
  if (pads !== undefined && Object.values(pads).some((pad) => pad !== 0))
    refuse(`has both auto_pad ${auto} and pads`);
  if (auto === "VALID") return { stride, dilation, pads: noPads };
  if (auto !== "SAME_UPPER" && auto !== "SAME_LOWER")
    refuse(`has auto_pad ${auto}, which ONNX does not know`);
  const [vertical, horizontal] = ([0, 1] as const).map((d) => {
    const taps = span(kernel[d], dilation[d]);
    // At a stride of 1 the padding is the same for every size.
    const size = sides[d] ?? (stride[d] === 1 ? taps : undefined);
    if (size === undefined) {
      refuse(
        `has auto_pad ${auto} at a stride of ${stride[d]}, which depends on the size of its input, and that is not known`,
      );
    }
    const [less, more] = tensorflowSides(size, taps, stride[d]);
    return auto === "SAME_UPPER" ? [less, more] : [more, less];
  }) as [[number, number], [number, number]];
  const [[top, bottom], [left, right]] = [vertical, horizontal];
  return { stride, dilation, pads: { top, left, bottom, right } };
}

/** ONNX's order: the starts of both axes, then their ends. */
function readPads(node: NodeReader): Pads | undefined {
  const list = node.integers("pads");
  if (list === undefined) return undefined;
  const [top, left, bottom, right] = list;
  if (
    list.length !== 4 ||
    top === undefined ||
    left === undefined ||
    bottom === undefined ||
    right === undefined
  ) {
    refuse(`has ${list.length} numbers as pads; here they are of height and width`);
  }
  if (Math.min(top, left, bottom, right) < 0)
    refuse(`crops by pads ${list.join(", ")}; nothing here crops`);
  return { top, left, bottom, right };
}
