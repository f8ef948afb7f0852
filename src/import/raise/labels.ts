/** What the branches of a join are called: as the network calls them, or by how far they see. */
import type { Hint } from "../imported.js";
import { hintsIn, sharedStart } from "./hints.js";
import { legal } from "./names.js";
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
  const hints = step.branches.map(({ chain }) => chain.steps.flatMap(hintsIn));
  const { length } = sharedStart(hints.flat());
  const taken = new Set<string>();
  const own = step.branches.map((branch, i) =>
    ownLabel(
      hints[i]!.flatMap((hint) => hint[length] ?? []),
      branch,
    ),
  );
  step.branches.forEach((branch, i) => {
    // What several are called tells none of them apart.
    const isOnly = own.indexOf(own[i]) === own.lastIndexOf(own[i]);
    const label = isOnly && !hidesGate(step, branch, own[i]) ? own[i] : undefined;
    branch.label = free(label ?? byFunction(step, branch), taken);
  });
  return step;
}

/** What the branches of a join are called where their own names tell nothing. */
export function labelsByFunction(step: JoinStep): readonly string[] {
  const taken = new Set<string>();
  return step.branches.map((branch) => free(byFunction(step, branch), taken));
}

/** What all of a branch is called, or what its steps' names begin with: `branch5x5_1`, `branch5x5_2`. */
function ownLabel(names: Hint, { chain }: Branch): string | undefined {
  const [first] = names;
  if (first === undefined || chain.steps.length === 0) return undefined;
  if (names.every((name) => /^\d+$/.test(name))) {
    return names.every((name) => name === first) ? `branch${first}` : undefined;
  }
  const shared = names.reduce((so, name) => commonStart(so, name));
  const isCut = names.some((name) => /\d$/.test(shared) && /\d/.test(name.charAt(shared.length)));
  const stem = shared.replace(isCut ? /[_.-]*\d+$/ : /[_.-]+$/, "");
  const label = legal(stem);
  return label.length >= 2 && !/^_|^_*\d/.test(label) && keepsItsWord(label, chain)
    ? label
    : undefined;
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

/** A name that says a kernel is one of a branch that has it, as `style/branch-kernel` wants it. */
function keepsItsWord(label: string, chain: Chain): boolean {
  const size = /([1-9]\d?)x([1-9]\d?)/.exec(label) ?? /^(?:b|conv|k)_?([1-9]\d?)$/i.exec(label);
  if (size === null) return true;
  const [height, width = height] = [
    Number(size[1]),
    size[2] === undefined ? undefined : Number(size[2]),
  ];
  const sizes = kernelsOf(chain).map((each) => each.split("x").map(Number));
  return sizes.some(([h]) => h === height) && sizes.some(([, w]) => w === width);
}

function byFunction({ name }: JoinStep, { chain }: Branch): string {
  const [first] = chain.steps;
  if (first === undefined) return name === "mul" ? "x" : "skip";
  if (isGate(name, chain)) return "gate";
  if (first.kind === "call" && first.name.endsWith("pool")) return "pool";
  if (first.kind === "call" && /^(convtranspose|upsample)$/.test(first.name)) return "up";
  return `b${largestKernel(chain)}`;
}

const isGate = (join: string, chain: Chain): boolean => join === "mul" && endsIn(chain, "sigmoid");

/** Whether a gate is called as its layers are, and not as what it does. */
const hidesGate = ({ name }: JoinStep, { chain }: Branch, own: string | undefined): boolean =>
  isGate(name, chain) && /^(conv|fc|bn|act)$/i.test(own ?? "");

function endsIn({ steps }: Chain, activation: string): boolean {
  const last = steps.at(-1);
  if (last?.kind !== "call") return false;
  const isAct = ({ value }: CallStep["args"][number]): boolean =>
    value.kind === "word" && value.word.endsWith(activation);
  return last.name.endsWith(activation) || last.args.some(isAct);
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
