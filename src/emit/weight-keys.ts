import type { NetChain, Network, OpStep, RepeatStep, Varies } from "../model/network.js";
import { subchains } from "../model/walk.js";
import type { Shape } from "../ops/shape.js";

/** A weight, or those of a pattern, for every value of the model's parameters. */
export interface WeightKey {
  /** Its name. A pattern holds what a template literal of TypeScript does: `body.${number}.weight`. */
  readonly name: string;
  readonly isPattern: boolean;
  /** Absent for patterns: their weights need not be alike. */
  readonly known?: { readonly shape: Shape; readonly varies: Varies };
}

/**
 * Each name once, in the order of the spec, auxiliary heads' among them. What is repeated as often as
 * a parameter says has any number in its name; a step whose weights a parameter chooses has anything
 * below its own.
 */
export function weightKeys({ members }: Network): readonly WeightKey[] {
  const keys = members.flatMap(({ chain }) => keysOf(chain));
  return [...new Map(keys.map((key) => [key.name, key])).values()];
}

const keysOf = (chain: NetChain): readonly WeightKey[] =>
  chain.steps.flatMap((step) => {
    if (step.kind === "op") return ownKeys(step);
    if (step.kind === "repeat" && step.countVaries) return anyCopy(step);
    return subchains(step).flatMap(keysOf);
  });

function ownKeys({
  parameterPath,
  presenceVaries,
  parameters,
  parametersVary,
}: OpStep): WeightKey[] {
  if (presenceVaries) return [{ name: below(parameterPath, "${string}"), isPattern: true }];
  return parameters.map(({ name, shape }, i) => ({
    name,
    isPattern: false,
    known: { shape, varies: parametersVary[i] ?? [] },
  }));
}

/** Copies differ in their number alone, and so in the weights' names. */
function anyCopy({ copies, first: number, parameterPath }: RepeatStep): WeightKey[] {
  const first = below(parameterPath, String(number));
  return copies
    .slice(0, 1)
    .flatMap(keysOf)
    .map(({ name }) => ({
      name: below(parameterPath, "${number}") + name.slice(first.length),
      isPattern: true,
    }));
}

const below = (path: string, part: string): string => (path === "" ? part : `${path}.${part}`);
