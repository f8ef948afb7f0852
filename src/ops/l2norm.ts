import { finishAffine, imageNorm, imageNormRules } from "./image-norm.js";
import type { ImageNormAttrs } from "./image-norm-attrs.js";
import { bool, positive } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { l2normReaders } from "./onnx-reading/image-norm.js";
import type { Operator } from "./operator.js";
import { type ArgsIn, named, signature } from "./signature.js";
import { saying, spelling } from "./spelling.js";

/** Liu et al. 2015 (arXiv 1506.04579): x / sqrt(sum of x^2 over channels + eps) * weight, at each pixel. */
export const l2norm = imageNorm({
  name: "l2norm",
  centred: false,
  onnx: { write: writeOnnx, read: l2normReaders },
});

function writeOnnx(node: OnnxNode, attrs: ImageNormAttrs): void {
  const [{ name }] = node.inputs as [OnnxNode["inputs"][number]];
  // An attribute of the node before opset 18, and an operand since.
  const sum =
    node.opset < 18
      ? node.add("ReduceSumSquare", [name], { axes: [1], keepdims: 1 })
      : node.add("ReduceSumSquare", [name, node.integers("axes", [1])], { keepdims: 1 });
  const eps = node.constant("eps", [], Float32Array.of(attrs.eps));
  const length = node.add("Sqrt", [node.add("Add", [sum, eps])]);
  finishAffine(node, node.add("Div", [name, length]), attrs);
}

const args = signature({
  scale: named(positive, 1, "What each weight is before training; in SSD 20."),
  eps: named(positive, 1e-10, "Added to the sum of squares.", "1e-10"),
  affine: named(bool, true, "Learns a factor a channel."),
});

export const l2normOperator: Operator<ArgsIn<typeof args>> = {
  ...imageNormRules(
    l2norm,
    ({ eps, affine }: ArgsIn<typeof args>) => ({ eps, scale: affine, shift: false }),
    ({ scale }) => scale,
  ),
  doc: "x by its length across channels, at each pixel, times a learned factor a channel (ParseNet, SSD).",
  signature: args,
  spelling: spelling(l2norm, ({ eps, scale }: ImageNormAttrs) => ({
    eps: saying.number(eps),
    affine: saying.bool(scale),
  })),
  shape: (input, { scale, affine }) =>
    affine || scale === 1
      ? input
      : {
          code: "args/conflict",
          params: { a: `scale: ${scale}`, b: "affine: false" },
          argument: "scale",
          help: "leave scale out: without weights there is nothing that begins there",
        },
};
