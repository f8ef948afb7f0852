import { finishAffine, imageNorm, imageNormRules, weightOr } from "./image-norm.js";
import type { ImageNormAttrs } from "./image-norm-attrs.js";
import { bool, positive } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { layernormReaders } from "./onnx-reading/image-norm.js";
import type { Operator } from "./operator.js";
import { channels, isImage } from "./shape.js";
import { type ArgsIn, named, signature } from "./signature.js";
import { saying, spelling } from "./spelling.js";

/** Ba et al. 2016 (arXiv 1607.06450), over the channels of each pixel. */
export const layernorm = imageNorm({
  name: "layernorm",
  centred: true,
  onnx: { write: writeOnnx, read: layernormReaders },
});

/** ONNX takes the last dimensions, so that channels go there and back. */
function writeOnnx(node: OnnxNode, attrs: ImageNormAttrs): void {
  if (node.opset < 17) {
    writeByMeans(node, attrs);
    return;
  }
  const { eps } = attrs;
  const [{ name, shape }] = node.inputs as [OnnxNode["inputs"][number]];
  const count = channels(shape);
  const by = [weightOr(node, "weight", count), weightOr(node, "bias", count)];
  const attributes = { axis: -1, epsilon: { float: eps } };
  if (!isImage(shape)) {
    node.finish("LayerNormalization", [name, ...by], attributes);
    return;
  }
  const last = node.add("Transpose", [name], { perm: [0, 2, 3, 1] });
  const normal = node.add("LayerNormalization", [last, ...by], attributes);
  node.finish("Transpose", [normal], { perm: [0, 3, 1, 2] });
}

/** Before opset 17, which brought it: by the mean of channels, and that of the squares around it. */
function writeByMeans(node: OnnxNode, attrs: ImageNormAttrs): void {
  const mean = (x: string): string => node.add("ReduceMean", [x], { axes: [1], keepdims: 1 });
  const [{ name }] = node.inputs as [OnnxNode["inputs"][number]];
  const around = node.add("Sub", [name, mean(name)]);
  const eps = node.constant("eps", [], Float32Array.of(attrs.eps));
  const variance = node.add("Add", [mean(node.add("Mul", [around, around])), eps]);
  finishAffine(node, node.add("Div", [around, node.add("Sqrt", [variance])]), attrs);
}

const args = signature({
  eps: named(positive, 1e-5, "Added to the variance; in ConvNeXt 1e-6.", "1e-5"),
  affine: named(bool, true, "Learns a factor and an offset a channel."),
});

export const layernormOperator: Operator<ArgsIn<typeof args>> = {
  ...imageNormRules(layernorm, ({ eps, affine }: ArgsIn<typeof args>) => ({
    ...{ eps, scale: affine, shift: affine },
  })),
  doc: "Layer normalisation (Ba et al., 2016) across channels, at each pixel: ConvNeXt's LayerNorm2d, and of a vector PyTorch's LayerNorm over the features.",
  signature: args,
  spelling: spelling(layernorm, ({ eps, scale }: ImageNormAttrs) => ({
    eps: saying.number(eps),
    affine: saying.bool(scale),
  })),
  shape: (input) => input,
};
