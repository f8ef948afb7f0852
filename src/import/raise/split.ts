/** Where the steps that lead to a value are cut into stages. */
import type { CallStep, Step } from "./tree.js";

/** Blocks with what belongs to them, and between blocks runs of layers. At least one part. */
export function splitSteps(steps: readonly Step[]): readonly (readonly Step[])[] {
  const parts: Step[][] = [];
  for (const step of steps) {
    const last = parts.at(-1);
    if (last !== undefined && follows(step, last)) last.push(step);
    else parts.push([step]);
  }
  return parts.length === 0 ? [[]] : parts;
}

/** Whether the step belongs to the stage that these are. */
function follows(step: Step, part: readonly Step[]): boolean {
  if (step.kind !== "call") return false;
  const last = part.at(-1)!;
  if (last.kind !== "call") return !begins(step);
  if (part[0]!.kind !== "call") return !begins(step);
  if (isHead(step)) return part.some((each) => each.kind === "call" && isHead(each));
  return !(isConvolution(step) && !isConvolution(last));
}

const begins = (step: CallStep): boolean =>
  isConvolution(step) || step.name.includes("pool") || isHead(step);

const isConvolution = ({ name }: CallStep): boolean =>
  name.includes("conv") || name === "depthwise";

const isHead = ({ name }: CallStep): boolean =>
  name.startsWith("global") || name === "linear" || name === "flatten" || name === "dropout";

/** What a stage is called that nothing else names. */
export function stemOf([first]: readonly Step[]): string {
  if (first === undefined) return "features";
  if (first.kind === "join") return first.name === "concat" ? "inception" : "block";
  if (first.kind !== "call") return "block";
  if (isConvolution(first)) return "conv";
  if (first.name.includes("pool")) return "pool";
  if (first.name.includes("norm")) return "norm";
  if (first.name === "linear") return "fc";
  return first.name === "dropout" ? "drop" : "stage";
}
