/** `conv -> batchnorm -> relu` as one call, where an operator takes the others as arguments. */
import { operators } from "../../ops/registry.js";
import type { Style } from "./style.js";
import type { Arg, CallStep, Step } from "./tree.js";
import { leaf, word } from "./tree.js";

/** The steps of a chain, the norms and activations taken into convolutions that the style says. */
export function fused(steps: readonly Step[], style: Style): Step[] {
  const result: Step[] = [];
  for (const step of steps) {
    const last = result.at(-1);
    const whole =
      last?.kind === "call" && step.kind === "call" ? taken(last, step, style) : undefined;
    if (whole === undefined) result.push(step);
    else result[result.length - 1] = whole;
  }
  return result;
}

function taken(
  call: CallStep,
  next: CallStep,
  { takesNorm, takesActivation }: Style,
): CallStep | undefined {
  const said = (name: string): boolean => call.args.some((arg) => arg.name === name);
  // In one call the norm comes before the activation.
  const slots = [...(takesNorm ? ["norm"] : []), ...(takesActivation ? ["act"] : [])];
  const argument = slots.find((name) => takes(call, name, next));
  if (argument === undefined || said(argument) || said("act")) return undefined;
  const value =
    next.args.length === 0
      ? word(next.name)
      : ({ kind: "call", name: next.name, args: next.args } as const);
  const args = argument === "norm" ? unbiased(call.args) : call.args;
  return { ...call, args: [...args, { name: argument, value }] };
}

function takes({ name }: CallStep, argument: string, next: CallStep): boolean {
  const kind = operators.get(name)?.signature.args.get(argument)?.kind;
  return kind?.words?.includes(next.name) === true || Object.hasOwn(kind?.calls ?? {}, next.name);
}

/** Behind a norm a convolution has no bias unless it says so; else it has one. */
function unbiased(args: readonly Arg[]): readonly Arg[] {
  const others = args.filter(({ name }) => name !== "bias");
  return others.length < args.length ? others : [...args, { name: "bias", value: leaf("true") }];
}
