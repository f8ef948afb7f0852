import type { Pads } from "../window.js";
import { type NodeReader, reads, refuse } from "./reader.js";

export interface PadAttrs {
  readonly pads: Pads;
}

/** Zeros around the plane. What else ONNX puts there, and where, has no word here. */
export const padReaders = reads<PadAttrs>({
  Pad: (node) => {
    node.image(0);
    const mode = node.text("mode", "constant");
    if (mode !== "constant") refuse(`has mode ${mode}; here padding is zeros`);
    if (node.has(3)) refuse("says which axes it pads; here they are height and width");
    const value = node.opset < 11 ? node.float("value", 0) : node.has(2) ? node.scalar(2) : 0;
    if (value !== 0) refuse(`fills with ${value}; here padding is zeros`);
    return { attrs: { pads: padsOf(node) }, roles: ["input", "attribute", "attribute"] };
  },
});

export function padsOf(node: NodeReader): Pads {
  const list =
    node.opset < 11 ? (node.integers("pads") ?? []) : Array.from(node.constant(1).values);
  const [batch, channels, top, left, ...rest] = list;
  const [batchAfter, channelsAfter, bottom, right] = rest;
  const others = [batch, channels, batchAfter, channelsAfter];
  if (list.length !== 8 || others.some((side) => side !== 0)) {
    refuse(`pads by ${list.join(", ")}; here that is height and width`);
  }
  const pads = { top: top!, left: left!, bottom: bottom!, right: right! };
  if (Object.values(pads).some((side) => side < 0)) {
    refuse(`crops by pads ${list.join(", ")}; nothing here crops`);
  }
  return pads;
}
