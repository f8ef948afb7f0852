/** What the norms by the statistics of each image alone have in common. */
import { learned, learnedRoles } from "./batchnorm-attrs.js";
import { first, perImage } from "./evaluate.js";
import { eachTogether, formatImageNorm, type ImageNormAttrs } from "./image-norm-attrs.js";
import { mul } from "./joins/mul.js";
import type { OnnxForm, OnnxNode } from "./onnx.js";
import type { Operator } from "./operator.js";
import { normParameters, suffixes } from "./parameters.js";
import type { Builder, BuildValue, Primitive } from "./primitive.js";
import { unknownRange } from "./range.js";
import { channels, elements, type Shape } from "./shape.js";
import { fixed } from "./trace.js";
import { imageNormGradient } from "./training/image-norm-gradient.js";
import { sumChannels } from "./training/sum-channels.js";

export const imageNormWeights = (
  input: Shape,
  attrs: ImageNormAttrs,
): Readonly<Record<string, Shape>> =>
  Object.fromEntries(learnedRoles(attrs).map((role) => [role, [channels(input)]]));

interface ImageNorm extends Pick<Primitive<ImageNormAttrs>, "misfit"> {
  readonly name: string;
  readonly centred: boolean;
  readonly onnx: OnnxForm<ImageNormAttrs>;
}

/** u * weight + bias, where u is x by the statistics of the numbers that share them. */
export function imageNorm({ centred, ...facts }: ImageNorm): Primitive<ImageNormAttrs> {
  const own: Primitive<ImageNormAttrs> = {
    ...facts,
    infer: ([input]) => [input!],
    weights: ([input], attrs) => imageNormWeights(input!, attrs),
    macs: () => 0,
    format: formatImageNorm,
    tolerance: 2e-6,
    inPlace: true,
    range: unknownRange,
    evaluate: perImage(({ inputs, weights: { weight, bias } }, attrs) => {
      const x = first(inputs);
      const pixels = elements(x.shape.slice(1));
      const result = new Float64Array(x.data.length);
      eachTogether(x, { ...attrs, centred }, ({ places, units }) =>
        places.forEach((at, i) => {
          const c = Math.floor(at / pixels);
          result[at] = units[i]! * (weight?.data[c] ?? 1) + (bias?.data[c] ?? 0);
        }),
      );
      return [result];
    }),
    gradient: (b, { attrs, inputs: [x], weights: { weight } }, [dy], wants) => {
      const by = (): BuildValue => {
        const unit = b.node(own, [x!], { ...attrs, scale: false, shift: false });
        return b.node(sumChannels, [b.node(mul, [dy!, unit], {})], {});
      };
      const roles: Readonly<Record<string, BuildValue>> = weight ? { weight } : {};
      const isWanted = (role: string): boolean => wants.weights[role] === true;
      const dx = wants.inputs[0] === true;
      return {
        inputs: [
          dx ? b.node(imageNormGradient, [x!, dy!], { ...attrs, centred }, roles) : undefined,
        ],
        weights: {
          ...(isWanted("weight") && { weight: by() }),
          ...(isWanted("bias") && { bias: b.node(sumChannels, [dy!], {}) }),
        },
      };
    },
  };
  return own;
}

/** What their operators have in common; `scale` and `shift` are learned or both not. */
export const imageNormRules = <A extends { readonly affine: boolean }>(
  primitive: Primitive<ImageNormAttrs>,
  attrsOf: (args: A) => ImageNormAttrs,
  initial: (args: A) => number = () => 1,
): Pick<
  Operator<A>,
  "name" | "linearity" | "traces" | "parameters" | "parameterTraces" | "build"
> => ({
  name: primitive.name,
  linearity: () => "nonlinear",
  traces: ({ traces }) => traces,
  parameters: (input, args) =>
    normParameters(imageNormWeights(input, attrsOf(args))).map((each) =>
      each.role === "gamma" && initial(args) !== 1 ? { ...each, initial: initial(args) } : each,
    ),
  parameterTraces: ({ traces: [each = fixed] }, causes) => ({
    presence: causes.of("affine"),
    dimensions: () => [each],
  }),
  build: (b: Builder, x, args) => {
    const attrs = attrsOf(args);
    return b.node(primitive, [x], attrs, suffixes(imageNormWeights(x.shape, attrs)));
  },
});

/** A weight by its role, or what does nothing in its place. */
export const weightOr = (node: OnnxNode, role: "weight" | "bias", count: number): string =>
  node.weight(role) ??
  node.constant(role, [count], new Float32Array(count).fill(role === "weight" ? 1 : 0));

/** Writes the factor and the offset, those that there are, of `unit`, as the last nodes. */
export function finishAffine(node: OnnxNode, unit: string, attrs: ImageNormAttrs): void {
  const { shape } = node.output;
  const spread = [channels(shape), ...shape.slice(1).map(() => 1)];
  const present = learned(attrs, { weight: "Mul", bias: "Add" });
  const steps = Object.entries(present).map(
    ([role, operator]) => [operator, node.weight(role, spread)!] as const,
  );
  const last = steps.pop();
  const before = steps.reduce((x, [operator, by]) => node.add(operator, [x, by]), unit);
  if (last === undefined) node.finish("Identity", [before]);
  else node.finish(last[0], [before, last[1]]);
}
