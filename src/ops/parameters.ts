import type { ParameterSpec } from "./operator.js";
import type { Shape } from "./shape.js";

type Weights = Readonly<Record<string, Shape>>;

/** The parameters of a convolution or a linear map; `prefix` goes before each role. */
export const mapParameters = (weights: Weights, prefix = ""): readonly ParameterSpec[] =>
  Object.entries(weights).map(([role, shape]) => ({
    suffix: prefix + role,
    shape,
    ...(role === "weight"
      ? { role, fanIn: shape.slice(1).reduce((product, d) => product * d, 1) }
      : { role: "bias" as const, fanIn: 0 }),
  }));

const normRoles: Readonly<Record<string, ParameterSpec["role"]>> = {
  weight: "gamma",
  bias: "beta",
  running_mean: "running_mean",
  running_var: "running_var",
};

/** The parameters of a normalisation. */
export const normParameters = (weights: Weights, prefix = ""): readonly ParameterSpec[] =>
  Object.entries(weights).map(([role, shape]) => ({
    suffix: prefix + role,
    shape,
    role: normRoles[role]!,
    fanIn: 0,
  }));

/** Each role to its suffix, as `Builder.node` takes them. */
export const suffixes = (weights: Weights, prefix = ""): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(weights).map((role) => [role, prefix + role]));
