/** Activations as ncnn has them: as layers, and as what a convolution or a linear applies. */
import { type Activation, activations, type MaybeApplied } from "../../ops/activations.js";
import { bug } from "../../diagnostics/bug.js";
import { int, type Layer, list, real } from "./layer.js";

const sixth = 1 / 6;

/** `fused` is the kind of id 9 and the numbers of id 10. */
interface Form {
  readonly layer: (alpha: number) => Layer;
  readonly fused?: readonly [kind: number, numbers: (alpha: number) => readonly number[]];
}

const named = (type: string, numbers: Layer["numbers"] = {}): Form["layer"] => {
  return () => ({ type, numbers });
};

const forms: Readonly<Partial<Record<Activation, Form>>> = {
  relu: { layer: named("ReLU"), fused: [1, () => []] },
  leakyrelu: {
    layer: (slope) => ({ type: "ReLU", numbers: { 0: real(slope) } }),
    fused: [2, (slope) => [slope]],
  },
  relu6: { layer: named("Clip", { 0: real(0), 1: real(6) }), fused: [3, () => [0, 6]] },
  sigmoid: { layer: named("Sigmoid"), fused: [4, () => []] },
  hardswish: {
    layer: named("HardSwish", { 0: real(sixth), 1: real(0.5) }),
    fused: [6, () => [sixth, 0.5]],
  },
  hardsigmoid: { layer: named("HardSigmoid", { 0: real(sixth), 1: real(0.5) }) },
  tanh: { layer: named("TanH") },
  silu: { layer: named("Swish") },
  gelu: { layer: named("GELU", { 0: int(0) }) },
  gelu_tanh: { layer: named("GELU", { 0: int(1) }) },
  elu: { layer: (alpha) => ({ type: "ELU", numbers: { 0: real(alpha) } }) },
};

/** Whether convolutions and linear layers of ncnn apply it. */
export const isFused = (activation: Activation): boolean => forms[activation]?.fused !== undefined;

const alphaOf = ({ activation = "none", alpha }: MaybeApplied): number =>
  alpha ?? (activation === "none" ? 0 : (activations[activation].alpha?.absent ?? 0));

export function activationLayer(applied: MaybeApplied & { activation: Activation }): Layer {
  const form = forms[applied.activation] ?? bug(`ncnn is given ${applied.activation}`);
  return form.layer(alphaOf(applied));
}

/** Nothing where none is applied. */
export function fusedActivation(applied: MaybeApplied): Layer["numbers"] {
  const { activation = "none" } = applied;
  if (activation === "none") return {};
  const [kind, numbers] = forms[activation]?.fused ?? bug(`ncnn fuses ${activation}`);
  const values = numbers(alphaOf(applied));
  return { 9: int(kind), ...(values.length === 0 ? {} : { 10: list(values) }) };
}
