/** What the branches of a join are called. */
import {
  innerChains,
  type Branch,
  type CallStep,
  type Chain,
  type JoinStep,
  type Step,
} from "./tree.js";

export function branchLabels(step: Step): Step {
  if (step.kind !== "join") return step;
  const taken = new Set<string>();
  for (const branch of step.branches) branch.label = free(wanted(step, branch), taken);
  return step;
}

function wanted({ name }: JoinStep, { chain }: Branch): string {
  const [first] = chain.steps;
  if (first === undefined) return name === "mul" ? "x" : "skip";
  if (name === "mul" && endsIn(chain, "sigmoid")) return "gate";
  if (first.kind === "call" && first.name.endsWith("pool")) return "pool";
  return `b${largestKernel(chain)}`;
}

function endsIn({ steps }: Chain, activation: string): boolean {
  const last = steps.at(-1);
  if (last?.kind !== "call") return false;
  return (
    last.name.endsWith(activation) ||
    last.args.some(({ value }) => value.kind === "word" && value.word.endsWith(activation))
  );
}

/** How far the convolutions of a branch see: `5`, or `1x5` where only one side is as long; or nothing. */
function largestKernel(chain: Chain): string {
  const sizes = kernelsOf(chain).map((size) => size.split("x").map(Number));
  if (sizes.length === 0) return "";
  const [height, width] = [0, 1].map((axis) => Math.max(...sizes.map((size) => size[axis]!)));
  return height === width ? `${height}` : `${height}x${width}`;
}

const kernelsOf = (chain: Chain): readonly string[] =>
  chain.steps.flatMap((step) =>
    step.kind === "call" ? ownKernel(step) : innerChains(step).flatMap(kernelsOf),
  );

const ownKernel = ({ name, args }: CallStep): readonly string[] =>
  name.endsWith("pool")
    ? []
    : args.flatMap(({ value }) => (value.kind === "window" ? [value.kernel.value] : []));

function free(name: string, taken: Set<string>): string {
  const letters = "bcdefghijklmnopqrstuvwxyz";
  let own = name;
  for (let n = 0; taken.has(own); n++)
    own = n < letters.length ? name + letters[n]! : `${name}_${n}`;
  taken.add(own);
  return own;
}
