/** What a step says of itself. */
import type { NetworkTypes } from "../types.js";
import type { RunResult } from "./engine.js";
import type { LossPlan } from "./losses.js";
import type { Losses, StepResult } from "./types.js";

export function stepResult<N extends NetworkTypes, L extends Losses<N>>(
  { outputs, heads }: LossPlan,
  { results, gradientNorm }: RunResult,
  { step, learningRate }: { readonly step: number; readonly learningRate: number },
): StepResult<N, L> {
  const named = (what: string, of: readonly { readonly name: string }[]) =>
    Object.fromEntries(
      of.flatMap(({ name }) => {
        const value = results.get(`${what}:${name}`);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
  return {
    step,
    loss: results.get("loss")!,
    losses: named("loss", [...outputs, ...heads]) as StepResult<N, L>["losses"],
    accuracy: named("accuracy", outputs) as StepResult<N, L>["accuracy"],
    learningRate,
    gradientNorm,
  };
}
