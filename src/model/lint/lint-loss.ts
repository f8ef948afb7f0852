import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import type { LossKind, NetChain, Network, OpStep } from "../network.js";

/** What a loss has in it, and takes out of an output that ends in it. */
const own: Readonly<Record<string, LossKind>> = {
  softmax: "cross_entropy",
  logsoftmax: "cross_entropy",
  sigmoid: "sigmoid_cross_entropy",
};

/**
 * `style/loss-activation`: an output ends in the activation of the other loss, so that the loss has one
 * of its own behind it: what it minimises is flat, and training slow or stuck.
 */
export function lintLosses({ members, train }: Network, found: Diagnostics): void {
  for (const { output, targets, kind } of train?.losses ?? []) {
    const step = lastOf(members.find(({ name }) => name === output)!.chain);
    const activation = step && activationOf(step);
    const other = own[activation ?? ""];
    const isNumeric = kind === "mean_squared_error";
    if (step === undefined || activation === undefined || isNumeric) continue;
    if (other === undefined || other === kind) continue;
    const { span, frames } = step;
    const isHead = targets !== output;
    const without = `${isHead ? "leave" : "or leave"} the ${activation} out`;
    const help = isHead ? without : `write ${output}: ${other} in the list of losses, ${without}`;
    const params = { output, kind, activation };
    found.add(diagnostic("style/loss-activation", params, { span, frames, help }));
  }
}

/** A step of its own, or what an operator does last. One over a side of an image is of no loss. */
function activationOf({ operator, args }: OpStep): string | undefined {
  const { act, axis = "channels" } = args as { readonly act?: string; readonly axis?: string };
  if (!Object.hasOwn(own, operator.name)) return act;
  return axis === "channels" ? operator.name : undefined;
}

/** The step whose numbers the chain gives, past those that change none. */
function lastOf({ steps }: NetChain): OpStep | undefined {
  for (const step of steps.toReversed()) {
    if (step.kind === "module") return lastOf(step.body);
    if (step.kind !== "op") return undefined;
    if (!["identity", "dropout", "flatten", "expect"].includes(step.operator.name)) return step;
  }
  return undefined;
}
