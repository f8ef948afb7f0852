/** `defaults { conv { norm: batchnorm, act: relu } }`, where that says less than every call does. */
import { operators } from "../../ops/registry.js";
import { termText } from "./text.js";
import {
  type Arg,
  type CallStep,
  type CallTerm,
  type Chain,
  innerChains,
  type Term,
  word,
} from "./tree.js";

/** By operator, what its calls are given. */
export type Defaults = ReadonlyMap<string, readonly Arg[]>;

/** An exception says more than a default saves, if there are many. */
const share = 0.7;
/** Characters. */
const worthwhile = 20;

type Call = CallStep | CallTerm;

/** Takes out of the calls what the defaults say, and says in others that they are none of these. */
export function takeDefaults(chains: readonly Chain[]): Defaults {
  const calls = chains.flatMap(callsIn);
  const defaults = new Map<string, Arg[]>();
  // The norm first, which convolutions say; and their bias before that, which hangs on it.
  for (const [name, arguments_] of defaultable) {
    const own = name === "batchnorm" ? norms(calls) : calls.filter((call) => call.name === name);
    for (const argument of arguments_) {
      const found = usual(own, argument);
      if (found === undefined) continue;
      defaults.set(name, [...(defaults.get(name) ?? []), found]);
      own.forEach((call) => (call.args = without(call, found)));
    }
  }
  simplify(calls);
  return defaults;
}

const defaultable = [
  ["batchnorm", ["eps", "momentum"]],
  ["conv", ["bias", "norm", "act"]],
  ["depthwise", ["bias", "norm", "act"]],
  ["convtranspose", ["bias", "norm", "act"]],
] as const;

const callsIn = ({ steps }: Chain): readonly Call[] =>
  steps.flatMap((step) => (step.kind === "call" ? [step] : innerChains(step).flatMap(callsIn)));

/** Standing alone, or in a convolution. */
function norms(calls: readonly Call[]): readonly Call[] {
  return calls.flatMap((call) => {
    if (call.name === "batchnorm") return [call];
    const inside: CallTerm[] = [];
    call.args = call.args.map((arg) => {
      if (arg.name !== "norm") return arg;
      const value = arg.value.kind === "call" ? arg.value : bare("batchnorm");
      inside.push(value);
      return { ...arg, value };
    });
    return inside;
  });
}

const bare = (name: string): CallTerm => ({ kind: "call", name, args: [] });

const said = ({ args }: Call, argument: string): Arg | undefined =>
  args.find(({ name }) => name === argument);

/** What most calls say, where a default saves more than the exceptions cost. */
function usual(calls: readonly Call[], argument: string): Arg | undefined {
  const counts = new Map<string, { readonly arg: Arg; count: number }>();
  for (const call of calls) {
    const arg = said(call, argument);
    if (arg === undefined) continue;
    const text = termText(arg.value);
    const entry = counts.get(text) ?? { arg, count: 0 };
    counts.set(text, entry);
    entry.count++;
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  if (most === undefined) return undefined;
  const exceptions = calls.filter(
    (call) => said(call, argument) === undefined && exception(call, argument) !== undefined,
  );
  const each = `, ${argument}: ${termText(most.arg.value)}`.length;
  const cost = exceptions.reduce(
    (sum, call) => sum + argument.length + 4 + termText(exception(call, argument)!).length,
    0,
  );
  const asked = most.count + exceptions.length;
  const isWorth = most.count >= share * asked && (most.count - 1) * each - cost > worthwhile;
  return isWorth ? most.arg : undefined;
}

/** What a call without the argument means, where a default would mean something else. */
function exception(call: Call, argument: string): Term | undefined {
  if (argument !== "bias")
    return word(operators.get(call.name)!.signature.args.get(argument)!.shownDefault);
  return said(call, "norm") === undefined || isNone(said(call, "norm")!) ? word("true") : undefined;
}

const isNone = ({ value }: Arg): boolean => value.kind === "word" && value.word === "none";

function without(call: Call, usual: Arg): readonly Arg[] {
  const own = said(call, usual.name!);
  if (own === undefined) {
    const value = exception(call, usual.name!);
    return value === undefined ? call.args : [...call.args, { name: usual.name!, value }];
  }
  const isUsual = termText(own.value) === termText(usual.value);
  return isUsual ? call.args.filter((arg) => arg !== own) : call.args;
}

/** `batchnorm()` is the word alone. */
function simplify(calls: readonly Call[]): void {
  for (const call of calls) {
    call.args = call.args.map((arg) =>
      arg.value.kind === "call" && arg.value.args.length === 0
        ? { ...arg, value: word(arg.value.name) }
        : arg,
    );
  }
}
