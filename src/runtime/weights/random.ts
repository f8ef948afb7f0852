import { fnv1a } from "../../ops/fnv1a.js";
import type { ParameterSpec } from "../../ops/operator.js";
import { elements } from "../../ops/shape.js";

/** What `random:SEED` needs to know of a parameter. */
export type RandomParameter = Pick<ParameterSpec, "shape" | "role" | "fanIn" | "initial"> & {
  readonly name: string;
};

/**
 * Values for a parameter, the same on every machine and whatever else the network holds: `uniform` of
 * `SEED:NAME`.
 *
 * Weights are uniform in ±sqrt(6 / fanIn): He et al. 2015 (arXiv 1502.01852) keep the variance of
 * activations through layers with ReLU so. Biases, means and batchnorm's beta stay within ±0.05;
 * gamma and running variances lie in 0.9..1.1, factors that begin at another number as near to that.
 *
 * @param seed an unsigned 32-bit integer
 */
export function randomParameter(seed: number, parameter: RandomParameter): Float32Array {
  const count = elements(parameter.shape);
  return uniform(`${seed}:${parameter.name}`, count, ...rangeOf(parameter));
}

/**
 * Numbers in [low, high) that hang on a text alone.
 *
 * Element i is `low + (high - low) * u(i)`, rounded to f32, with
 * `u(i) = (mixed(h, i) >>> 8) * 2^-24`, where h is the 32-bit FNV-1a hash of the UTF-8 text.
 */
export function uniform(text: string, count: number, low: number, high: number): Float32Array {
  const start = fnv1a(text);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    values[i] = low + (high - low) * ((mixed(start, i) >>> 8) * 2 ** -24);
  }
  return values;
}

function rangeOf({
  role,
  fanIn,
  initial = 1,
}: RandomParameter): readonly [low: number, high: number] {
  switch (role) {
    case "weight": {
      const bound = Math.sqrt(6 / fanIn);
      return [-bound, bound];
    }
    case "gamma":
      return [0.9 * initial, 1.1 * initial];
    case "running_var":
      return [0.9, 1.1];
    case "bias":
    case "beta":
    case "running_mean":
      return [-0.05, 0.05];
  }
}

/**
 * The finaliser of MurmurHash3 of `start + i * 0x9e3779b9`, all integers modulo 2^32: bits that look
 * drawn, as a signed integer.
 */
export function mixed(start: number, i: number): number {
  let h = start + Math.imul(i, 0x9e3779b9);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
