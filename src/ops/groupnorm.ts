import { finishAffine, imageNorm, imageNormRules } from "./image-norm.js";
import type { ImageNormAttrs } from "./image-norm-attrs.js";
import { bool, count, positive } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { groupnormReaders } from "./onnx-reading/image-norm.js";
import type { Operator } from "./operator.js";
import { groupsMisfit, groupsProblem } from "./rules.js";
import { channels } from "./shape.js";
import { type ArgsIn, named, positional, signature } from "./signature.js";
import { saying, spelling } from "./spelling.js";

/** Wu & He 2018 (arXiv 1803.08494), over the channels of each group and the plane. */
export const groupnorm = imageNorm({
  name: "groupnorm",
  centred: true,
  misfit: groupsMisfit,
  onnx: { write: writeOnnx, read: groupnormReaders },
});

/** As PyTorch writes it: each group becomes a channel with statistics of its own. */
function writeOnnx(node: OnnxNode, attrs: ImageNormAttrs): void {
  const [{ name, shape }] = node.inputs as [OnnxNode["inputs"][number]];
  const { groups = 1, eps } = attrs;
  const each = (hint: string, value: number): string =>
    node.constant(hint, [groups], new Float32Array(groups).fill(value));
  const rows = node.add("Reshape", [name, node.integers("shape", [0, groups, -1])]);
  const normal = node.add("InstanceNormalization", [rows, each("ones", 1), each("zeros", 0)], {
    epsilon: { float: eps },
  });
  const image = node.add("Reshape", [normal, node.integers("shape", [0, ...shape])]);
  finishAffine(node, image, attrs);
}

const args = signature({
  groups: positional(
    count,
    "Groups of channels; as many as there are channels: instance normalisation.",
  ),
  eps: named(positive, 1e-5, "Added to the variance.", "1e-5"),
  affine: named(bool, true, "Learns a factor and an offset a channel."),
});

export const groupnormOperator: Operator<ArgsIn<typeof args>> = {
  ...imageNormRules(groupnorm, ({ groups, eps, affine }: ArgsIn<typeof args>) => ({
    ...{ eps, groups, scale: affine, shift: affine },
  })),
  doc: "Group normalisation (Wu & He, 2018): of each image by the statistics of each group of channels.",
  signature: args,
  spelling: spelling(groupnorm, ({ groups = 1, eps, scale }: ImageNormAttrs) => ({
    groups: saying.number(groups),
    eps: saying.number(eps),
    affine: saying.bool(scale),
  })),
  shape: (input, { groups }) => groupsProblem(groups, { input: channels(input) }) ?? input,
};
