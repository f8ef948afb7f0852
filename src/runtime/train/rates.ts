/** What learns how fast, and what decays. */
import type { ManifestParameter } from "../../emit/manifest-parameter.js";
import { fits, requireFits } from "./patterns.js";

export interface Rate {
  /** Factors on the learning rate, 0 where the parameter keeps its values, and on the weight decay. */
  readonly rate: number;
  readonly decay: number;
}

/** Statistics are no parameters that learn: they follow the batches. */
export const isLearned = (role: ManifestParameter["role"]): boolean =>
  role !== "running_mean" && role !== "running_var";

/**
 * @param call as messages name it
 * @throws TypeError for a pattern that fits no parameter that learns
 */
export function ratesOf(
  call: string,
  parameters: readonly ManifestParameter[],
  learningRates: Readonly<Record<string, number>>,
  decay: "all" | "weights",
): ReadonlyMap<string, Rate> {
  const learned = parameters.filter(({ role }) => isLearned(role));
  const names = learned.map(({ name }) => name);
  const rules = Object.entries(learningRates);
  const told = { option: "learningRates", what: "parameter that learns" };
  requireFits(call, told, Object.keys(learningRates), names);
  return new Map(
    learned.map(({ name, role }) => {
      const rule = rules.findLast(([pattern]) => fits(pattern, name));
      const decays = decay === "all" || role === "weight";
      return [name, { rate: rule?.[1] ?? 1, decay: decays ? 1 : 0 }];
    }),
  );
}

/** Those that keep their values. */
export const frozenOf = (rates: ReadonlyMap<string, Rate>): readonly string[] =>
  [...rates].flatMap(([name, { rate }]) => (rate === 0 ? [name] : []));

/** Two numbers a parameter, as the native side takes them. */
export const rateArray = (
  names: readonly string[],
  rates: ReadonlyMap<string, Rate>,
): Float64Array =>
  Float64Array.from(
    names.flatMap((name) => {
      const { rate, decay } = rates.get(name) ?? { rate: 0, decay: 0 };
      return [rate, decay];
    }),
  );
