import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import { placeOf } from "../scope/claims.js";
import type { NetChain, NetStep, Network, OpStep } from "../network.js";
import { subchains } from "../walk.js";

/** The softmax whose probabilities a value still is. */
type State = OpStep | undefined;

/**
 * `style/softmax-twice`: a softmax, or its logarithm, of what a softmax gave. It flattens the
 * probabilities: of ten classes none is above 0.24 any more. One over another side is meant.
 */
export function lintSoftmax(network: Network, found: Diagnostics): void {
  const states = new Map<string, State>();
  for (const { name, from, chain } of network.members) {
    states.set(name, walk(chain, states.get(from), found));
  }
}

const walk = ({ steps }: NetChain, entering: State, found: Diagnostics): State =>
  steps.reduce<State>((state, step) => after(step, state, found), entering);

function after(step: NetStep, state: State, found: Diagnostics): State {
  if (step.kind === "module") return walk(step.body, state, found);
  if (step.kind === "repeat") {
    return step.copies.reduce<State>((last, copy) => walk(copy, last, found), state);
  }
  if (step.kind !== "op") {
    subchains(step).forEach((chain) => walk(chain, undefined, found));
    return undefined;
  }
  const { name } = step.operator;
  if (name !== "softmax" && name !== "logsoftmax") return passesOn(step) ? state : undefined;
  if (state !== undefined && axisOf(state) === axisOf(step)) report(step, state, found);
  return name === "softmax" ? step : undefined;
}

const axisOf = ({ args }: OpStep): unknown => (args as { readonly axis?: unknown }).axis;

/** `scale` and the averages are no such steps: what they give may be no probabilities. */
const passesOn = ({ operator }: OpStep): boolean =>
  ["identity", "dropout", "flatten", "expect"].includes(operator.name);

function report({ operator, span, frames }: OpStep, before: OpStep, found: Diagnostics): void {
  const label = `the first is ${placeOf(before.span, span)}`;
  const help = "leave one of the two out";
  found.add(
    diagnostic("style/softmax-twice", { operator: operator.name }, { span, label, frames, help }),
  );
}
