/** What modules are called: after the parts of the network that they are, or by what they do. */
import type { Hint } from "../imported.js";
import { legal } from "./names.js";
import { isGate } from "./phrases.js";
import {
  type CallStep,
  type Chain,
  innerChains,
  type JoinStep,
  type Module,
  type Step,
  isCall,
} from "./tree.js";

/** Names the modules that the chains call, and gives them in an order in which each follows what it calls. */
export function nameModules(chains: readonly Chain[], model: string): readonly Module[] {
  const modules = [...new Set(chains.flatMap(calledBy))];
  const stems = modules.map((module) => partName(module.hints) ?? functionName(module.body.steps));
  const used = new Map<string, number>();
  modules.forEach((module, i) => {
    const stem = stems[i]!;
    const count = used.get(stem) ?? 0;
    used.set(stem, count + 1);
    const isAlone = stems.filter((each) => each === stem).length === 1;
    const own = stem === model ? `${stem}Module` : stem;
    module.name = isAlone ? own : `${stem}${letters(count)}`;
  });
  return modules;
}

/** A to Z, then AA. */
const letters = (n: number): string =>
  (n < 26 ? "" : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26));

const calledBy = ({ steps }: Chain): readonly Module[] =>
  steps.flatMap((step) => {
    const own = step.kind === "call" && step.module !== undefined ? [step.module] : [];
    return [
      ...own.flatMap(({ body }) => calledBy(body)),
      ...own,
      ...innerChains(step).flatMap(calledBy),
    ];
  });

/** What says where a part stands, and nothing of what it is. */
const generic =
  /^(layers?|features?|blocks?|body|stages?|models?|net|repeat|branch\w*|rep|conv\d*d?|module|encoder|decoder|backbone|mixed|main|left|right|base|seq\w*)$/i;

/** `inception3a`, `inception3b`: `Inception`; what most of the places agree on. */
function partName(hints: readonly Hint[]): string | undefined {
  const counts = new Map<string, number>();
  for (const hint of hints) {
    const own = hint.findLast((part) => !/^\d+$/.test(part)) ?? "";
    const stem = own.replace(/[_.-]?\d+[a-z]?([_.-]\d+)*$/, "");
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most === undefined || most[1] < 0.7 * hints.length || generic.test(most[0])) return undefined;
  const name = capitals(legal(most[0]));
  return /^[A-Z][A-Za-z]{2,}\w*$/.test(name) ? name : undefined;
}

/** Words that names are made of, so that `denselayer` is a `DenseLayer`. */
const words =
  /dense|layer|block|trans(?:ition)?|inception|residual|bottleneck|separable|squeeze|excite|fire|unit|reduction|conv|pool|stem|inverted|double|down|up/g;

function capitals(name: string): string {
  const parts = /[A-Z]/.test(name) ? name.split("_") : name.replace(words, "_$&_").split("_");
  return parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
}

function functionName(steps: readonly Step[]): string {
  const block = steps.find((step) => !isCall(step) && (steps.length === 1 || !isGate(step)));
  if (block === undefined) return rowName(steps.filter(isCall));
  if (block.kind === "residual") return "Residual";
  return block.kind === "join" ? joinName(block) : "Block";
}

function joinName({ name, branches }: JoinStep): string {
  if (name === "mul") return "SqueezeExcite";
  if (name !== "concat") return "Block";
  const isSkip = branches.some(({ chain }) => chain.steps.length === 0);
  if (branches.length === 2 && isSkip) return "DenseLayer";
  const strides = branches.flatMap(({ chain }) => chain.steps.filter(isCall).flatMap(strideOf));
  const shrinks = branches.length > 1 && strides.some((stride) => stride !== "1");
  if (shrinks) return "Reduction";
  return branches.length > 2 ? "Inception" : "Block";
}

const strideOf = ({ args }: CallStep): readonly string[] =>
  args.flatMap(({ value }) => (value.kind === "window" ? [value.stride.value] : []));

function rowName(calls: readonly CallStep[]): string {
  const inner = calls.find(({ module }) => module !== undefined && calls.length === 1)?.module;
  if (inner !== undefined) return functionName(inner.body.steps);
  const layers = calls.filter(({ name }) => /conv|depthwise/.test(name)).map(({ name }) => name);
  if (/pool/.test(calls.at(-1)!.name) && /norm/.test(calls[0]!.name)) return "Transition";
  if (layers.join() === "depthwise,conv") return "Separable";
  if (layers.length === 3) return "Bottleneck";
  return layers.length === 2 && layers[0] === layers[1] ? "Double" : "Block";
}
