import { activationNames } from "../../src/ops/activations.js";
import { primitives } from "../../src/ops/registry.js";
import { cpuKernels } from "../../src/targets/cpu/list.js";
import { gpuKernels } from "../../src/targets/cuda/list.js";
import { families } from "../../test/judges/operators/cases.js";

/** What the primitive that an operator ends in has, a row each. */
export function supportOf(name: string): readonly string[] {
  const primitive = primitives.get(families[name]!.primitive)!;
  const yes = (holds: boolean): string => (holds ? "yes" : "no");
  const named = (
    kernels: readonly { readonly name: string; readonly primitive: string }[],
  ): string =>
    kernels
      .filter((kernel) => kernel.primitive === primitive.name)
      .map((kernel) => kernel.name)
      .join(", ") || "none";
  const rows: readonly (readonly [string, string])[] = [
    ["primitive", primitive.name],
    ["tolerance in f32", primitive.tolerance.toExponential(0)],
    ["kernels on cpu", named(cpuKernels)],
    ["kernels on cuda", named(gpuKernels("f32"))],
    ["writes over an operand", yes(primitive.inPlace)],
    ["fuses into convolutions", yes(activationNames.some((each) => each === primitive.name))],
  ];
  return rows.map(([what, answer]) => `${what.padEnd(24)}${answer}`);
}
