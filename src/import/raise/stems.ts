import { isConvolution } from "./split.js";
import { isCall, type Step } from "./tree.js";

/** What a stage is called that nothing else names. */
export function stemOf(steps: readonly Step[]): string {
  const block = steps.find((step) => !isCall(step) || step.module !== undefined);
  if (block !== undefined) return blockStem(block);
  const [first] = steps
    .filter(isCall)
    .filter(({ name }) => /conv|depthwise|pool|linear/.test(name));
  if (first === undefined) return "stage";
  if (isConvolution(first)) return "conv";
  return first.name.includes("pool") ? "pool" : "fc";
}

function blockStem(step: Step): string {
  if (step.kind === "repeat") return stemOf(step.body.steps);
  if (step.kind === "call") {
    const inside = stemOf(step.module!.body.steps);
    return inside === "conv" ? "block" : inside;
  }
  const isConcat = step.kind === "join" && step.name === "concat";
  return isConcat && step.branches.length > 2 ? "inception" : "block";
}
