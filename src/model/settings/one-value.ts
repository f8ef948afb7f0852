/** Norms that one image gives a single value a channel: of it nothing can be said but itself. */
import { elements, plane } from "../../ops/shape.js";
import type { NetChain, NetMember, NetStep, OpStep } from "../network.js";
import { subchains } from "../walk.js";

/** The first step whose norm needs more than one image to train. */
export function normOfOneValue(members: readonly NetMember[]): OpStep | undefined {
  for (const { chain } of members) {
    const found = inChain(chain);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inChain({ steps }: NetChain): OpStep | undefined {
  for (const step of steps) {
    if (isOne(step)) return step;
    for (const chain of subchains(step)) {
      const found = inChain(chain);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** What keeps statistics is a norm, and comes after the operator's own work. */
const isOne = (step: NetStep): step is OpStep =>
  step.kind === "op" &&
  step.parameters.some(({ role }) => role === "running_mean") &&
  elements(plane(step.output)) === 1;
