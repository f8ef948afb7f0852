import type { ImageNormAttrs } from "../image-norm-attrs.js";
import type { OnnxReading, OnnxRole } from "../onnx.js";
import { type Constant, type NodeReader, reads, refuse } from "./reader.js";

type Reading = OnnxReading<ImageNormAttrs>;

/** A vector that stays 0 where it is 0, as ONNX Runtime has it. */
const leastEps = 1e-24;

export const l2normReaders = reads<ImageNormAttrs>({
  LpNormalization: (node) => {
    const dims = node.flowing(0);
    const axis = node.axis(node.integer("axis", -1), dims);
    if (axis !== 1) refuse(`is taken over axis ${axis}; here that is over channels`);
    node.only("p", 2, "here it is 2");
    return { attrs: { eps: leastEps, scale: false, shift: false }, roles: ["input"] };
  },
});

export const layernormReaders = reads<ImageNormAttrs>({
  LayerNormalization: (node) => {
    const dims = node.flowing(0);
    const axis = node.axis(node.integer("axis", -1), dims);
    if (dims?.length !== 2 || axis !== 1)
      refuse("is taken over the last dimensions; here that is over channels");
    node.only("stash_type", 1, "here it is 1");
    return affine(node, dims[1], {});
  },
});

export const groupnormReaders = reads<ImageNormAttrs>({
  GroupNormalization: (node) => {
    if (node.opset < 21)
      refuse("has a factor a group, as before opset 21; here that is one a channel");
    node.only("stash_type", 1, "here it is 1");
    return affine(node, node.flowing(0)?.[1], { groups: node.integer("num_groups") });
  },
  InstanceNormalization: (node) => {
    const [count] = node.image(0);
    return affine(node, count, { groups: count ?? node.constant(1).values.length });
  },
});

/** Factors of 1 and offsets of 0 do nothing. */
function affine(node: NodeReader, count: number | undefined, more: { groups?: number }): Reading {
  const eps = node.float("epsilon", 1e-5);
  if (eps <= 0) refuse(`has epsilon ${eps}; here it is above 0`);
  const learned = (operand: number, nothing: number): boolean => {
    if (!node.has(operand)) return false;
    const { shape, values }: Constant = node.constant(operand);
    if (count !== undefined && shape.join() !== `${count}`)
      refuse(`has ${shape.join(" x ")} numbers for ${count} channels`);
    return Array.from(values).some((value) => value !== nothing);
  };
  const [scale, shift] = [learned(1, 1), learned(2, 0)];
  const role = (weight: string, is: boolean): OnnxRole => (is ? { weight } : "attribute");
  const roles = ["input", role("weight", scale), role("bias", shift)] as const;
  return { attrs: { eps, ...more, scale, shift }, roles };
}
