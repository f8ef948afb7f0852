/** Layers as native/layers/layers.hpp describes them: the same for every target. */
import type { Node } from "../graph/graph.js";
import type { MaybeApplied } from "../ops/activations.js";
import type { AdaptivePoolAttrs } from "../ops/pool-attrs.js";
import type { ConvAttrs } from "../ops/conv2d.js";
import type { Taps } from "../ops/conv2d-evaluate.js";
import type { CentredAttrs } from "../ops/image-norm-attrs.js";
import { add } from "../ops/joins/add.js";
import { max } from "../ops/joins/max.js";
import { mul } from "../ops/joins/mul.js";
import { spreadPlaces } from "../ops/joins/spread.js";
import type { LrnAttrs } from "../ops/lrn-attrs.js";
import type { ShuffleAttrs } from "../ops/onnx-reading/shuffle.js";
import type { SliceAttrs } from "../ops/onnx-reading/slice.js";
import type { UpsampleAttrs } from "../ops/onnx-reading/upsample.js";
import type { PoolAttrs } from "../ops/pool-attrs.js";
import type { PReluAttrs } from "../ops/prelu-attrs.js";
import type { Primitive } from "../ops/primitive.js";
import { channels, isImage, plane, type Shape } from "../ops/shape.js";
import type { DistributionAttrs } from "../ops/softmax-attrs.js";
import type { Pair, Pads } from "../ops/window.js";
import type { Field, Real } from "./program.js";

export type Maybe = Field | undefined;

export const field = (name: string, ...args: readonly (number | boolean | Real)[]): Field => ({
  name,
  args,
});

/** The field unless it says what the descriptor says by itself. */
export const unless = (condition: boolean, made: Field): Maybe => (condition ? undefined : made);

/** `.image(c, h, w)` or `.vector(n)`. */
export const extent = (shape: Shape): Field => field(isImage(shape) ? "image" : "vector", ...shape);

const input = (shape: Shape): Field => field("input", channels(shape), ...plane(shape));
const once = (sides: Pair): boolean => sides.every((side) => side === 1);

const stride = (sides: Pair): Maybe => unless(once(sides), field("stride", ...sides));

const pad = ({ top, left, bottom, right }: Pads): Maybe =>
  unless(top + left + bottom + right === 0, field("pad", top, left, bottom, right));

/** A node, or what the node of a derivative says of the layer that it is of. */
export interface Described<A> {
  readonly attrs: A;
  readonly inputs: readonly { readonly shape: Shape }[];
  readonly outputs: readonly { readonly shape: Shape }[];
}

/** What is applied to each result: `.relu()`, `.leakyrelu(0.1f)`. */
export const appliedField = (applied: MaybeApplied): Maybe => {
  const { activation = "none", alpha } = applied;
  if (activation === "none") return undefined;
  return field(activation, ...(alpha === undefined ? [] : [{ real: alpha }]));
};

/** `more` are fields of the target's own, before what the merged siblings add. */
export function convFields(
  {
    attrs,
    inputs,
    outputs,
  }: Described<Taps & MaybeApplied & Pick<ConvAttrs, "split"> & Partial<Pick<ConvAttrs, "bias">>>,
  ...more: readonly Maybe[]
): readonly Maybe[] {
  return [
    input(inputs[0]!.shape),
    field("output", attrs.channels, ...plane(outputs[0]!.shape)),
    field("kernel", ...attrs.kernel),
    stride(attrs.stride),
    pad(attrs.pads),
    unless(once(attrs.dilation), field("dilation", ...attrs.dilation)),
    unless(attrs.groups === 1, field("groups", attrs.groups)),
    appliedField(attrs),
    unless(inputs.length === 1 && attrs.bias !== "placed", field("adding")),
    ...more,
    unless(attrs.split.length === 1, field("split", ...attrs.split)),
  ];
}

export const poolFields = (
  { attrs, inputs, outputs }: Described<PoolAttrs>,
  average: boolean,
): readonly Maybe[] => [
  input(inputs[0]!.shape),
  field("output", ...plane(outputs[0]!.shape)),
  field("kernel", ...attrs.kernel),
  stride(attrs.stride),
  pad(attrs.pads),
  unless(attrs.dilation === undefined, field("dilation", ...(attrs.dilation ?? []))),
  unless(attrs.countPad || !average, field("count_pad", false)),
  appliedField(attrs),
];

export const adaptivePoolFields = ({
  attrs,
  inputs,
}: Described<AdaptivePoolAttrs>): readonly Maybe[] => [
  input(inputs[0]!.shape),
  field("output", ...attrs.size),
  appliedField(attrs),
];

export const bilinearFields = ({ attrs, inputs }: Described<UpsampleAttrs>): readonly Maybe[] => [
  input(inputs[0]!.shape),
  field("factor", ...attrs.factor),
];

export const imageNormFields = ({
  attrs: { groups, centred, eps },
  inputs,
}: Described<CentredAttrs>): readonly Maybe[] => [
  extent(inputs[0]!.shape),
  groups === undefined ? undefined : field("groups", groups),
  unless(!centred, field("centred")),
  field("eps", { real: eps }),
];

/** `log` of logarithms. */
export const softmaxFields = ({
  attrs: { axis, log },
  inputs,
}: Described<DistributionAttrs>): readonly Maybe[] => [
  extent(inputs[0]!.shape),
  axis && field(`over_${axis}`),
  log && field("log"),
];

export const lrnFields = ({ attrs, inputs }: Node<LrnAttrs>): readonly Maybe[] => [
  extent(inputs[0]!.shape),
  field("window", attrs.size),
  field("alpha", { real: attrs.alpha }),
  field("beta", { real: attrs.beta }),
  field("k", { real: attrs.k }),
];

export const sliceFields = ({
  attrs,
  inputs,
  outputs,
}: Described<SliceAttrs>): readonly Maybe[] => [
  extent(outputs[0]!.shape),
  field("from", attrs.from, channels(inputs[0]!.shape)),
];

export const shuffleFields = ({ attrs, inputs }: Described<ShuffleAttrs>): readonly Maybe[] => [
  extent(inputs[0]!.shape),
  field("groups", attrs.groups),
];

export const preluFields = ({ attrs, inputs }: Described<PReluAttrs>): readonly Maybe[] => [
  extent(inputs[0]!.shape),
  unless(!attrs.shared, field("shared")),
];

/** A join of elements as native/layers and each target's join kernels call it. */
interface ElementJoin {
  readonly primitive: string;
  readonly layer: string;
  readonly kernel: string;
  readonly fields: (node: Node) => readonly Maybe[];
}

const elementJoin = <A>(
  primitive: Primitive<A>,
  names: Pick<ElementJoin, "layer" | "kernel">,
  operands: (count: number, attrs: A) => Field,
): ElementJoin => ({
  ...names,
  primitive: primitive.name,
  fields: (node) => {
    const [result] = node.outputs;
    const shapes = node.inputs.map(({ shape }) => shape);
    const places = spreadPlaces(shapes, result!.shape);
    return [
      extent(result!.shape),
      operands(shapes.length, (node as Node<A>).attrs),
      appliedField(node.attrs as MaybeApplied),
      unless(places.length === 0, field("spread", ...places)),
    ];
  },
});

const count = (operands: number): Field => field("operands", operands);

export const elementJoins: readonly ElementJoin[] = [
  elementJoin(add, { layer: "Add", kernel: "add" }, (_, { scales }) =>
    field("scales", ...scales.map((real) => ({ real }))),
  ),
  elementJoin(mul, { layer: "Mul", kernel: "mul" }, count),
  elementJoin(max, { layer: "Max", kernel: "maximum" }, count),
];
