import { type Activation, activations } from "../../src/ops/activations.js";
import type { Random } from "./random.js";

/** `relu`, `leakyrelu`, `leakyrelu(slope: 0.2)`: as a step or behind `act:`. */
export function activationCall(name: Activation, random: Random): string {
  const { alpha } = activations[name];
  if (alpha === undefined || random.chance(0.3)) return name;
  return `${name}(${alpha.name}: ${random.pick(["0", "0.2", "0.5", "1.5"])})`;
}
