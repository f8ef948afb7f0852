import { activationNames } from "../../src/ops/activations.js";
import { primitives } from "../../src/ops/registry.js";
import { rules as cpuRules } from "../../src/targets/cpu/rules.js";
import { rules as cudaRules } from "../../src/targets/cuda/rules.js";
import { families } from "../../test/judges/operators/cases.js";

/** What the primitive that an operator ends in has, a row each. */
export function supportOf(name: string): readonly string[] {
  const primitive = primitives.get(families[name]!.primitive)!;
  const yes = (holds: boolean): string => (holds ? "yes" : "no");
  const rows: readonly (readonly [string, string])[] = [
    ["primitive", primitive.name],
    ["tolerance in f32", primitive.tolerance.toExponential(0)],
    ["kernel on cpu", yes(cpuRules.has(primitive.name))],
    ["kernel on cuda", yes(cudaRules.has(primitive.name))],
    ["writes over an operand", yes(primitive.inPlace)],
    ["fuses into convolutions", yes(activationNames.some((each) => each === primitive.name))],
  ];
  return rows.map(([what, answer]) => `${what.padEnd(24)}${answer}`);
}
