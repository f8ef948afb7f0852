import type { Arg, Call } from "../syntax/ast.js";
import { report } from "./site.js";
import { didYouMean } from "./suggestion.js";
import type { Site } from "./unit.js";

/** What the arguments of a call are matched with. */
export interface Slots {
  readonly callee: string;
  /** In order. */
  readonly byPosition: readonly string[];
  readonly byName: readonly string[];
  /** Whether a spec declares them, as a module's parameters are. */
  readonly declared: boolean;
}

export interface Matched {
  readonly args: ReadonlyMap<string, Arg>;
  /** False where an argument has no place; a finding says which. */
  readonly whole: boolean;
  /** False where positions may be off by one: then nothing is to be said about values. */
  readonly aligned: boolean;
}

/** Finds the name that each argument is for. */
export function match(args: readonly Arg[], slots: Slots, site: Site): Matched {
  const matched = new Map<string, Arg>();
  let whole = true;
  let next = 0;
  let named = false;
  for (const arg of args) {
    named ||= arg.name !== undefined;
    const name = arg.name?.text ?? slots.byPosition[next++];
    if (named && arg.name === undefined) {
      report(site, "args/order", { callee: slots.callee }, { span: arg.span });
      return { args: matched, whole: false, aligned: false };
    }
    if (name === undefined) {
      reportTooMany(arg, slots, site);
      return { args: matched, whole: false, aligned: false };
    }
    if (arg.name !== undefined && !slots.byName.includes(name)) {
      reportUnknown(arg, name, slots, site);
      // What follows without a name would be called out of order because of it.
      const later = args.slice(args.indexOf(arg) + 1);
      if (later.some((next) => next.name === undefined)) {
        return { args: matched, whole: false, aligned: false };
      }
      whole = false;
    } else if (matched.has(name)) {
      const span = arg.name?.span ?? arg.span;
      report(site, "args/duplicate", { callee: slots.callee, name }, { span });
      whole = false;
    } else {
      matched.set(name, arg);
    }
  }
  return { args: matched, whole, aligned: true };
}

const strideHelp = "a stride is written with the kernel: 3x3/2";

/** Arguments of other frameworks that are no arguments here. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ["stride", strideHelp],
  ["strides", strideHelp],
  ["in_channels", "leave it out: input channels are inferred"],
]);

function reportTooMany(arg: Arg, { callee, byPosition, byName }: Slots, site: Site): void {
  const left = byName.filter((name) => !byPosition.includes(name));
  const rest = left.length === 0 ? undefined : `named arguments: ${left.join(", ")}`;
  const help = byPosition[0] === "kernel" ? `${strideHelp}; ${rest}` : rest;
  report(site, "args/too-many", { callee, most: byPosition.length }, { span: arg.span, help });
}

function reportUnknown(arg: Arg, name: string, slots: Slots, site: Site): void {
  const { callee, byPosition, byName, declared } = slots;
  const span = arg.name?.span ?? arg.span;
  const place = byPosition.indexOf(name);
  const foreign = byPosition[0] === "kernel" ? elsewhere.get(name) : undefined;
  const help =
    foreign ??
    (place >= 0
      ? `${name} is argument ${place + 1}, written without its name`
      : byName.length === 0
        ? `${callee} takes no named arguments`
        : `named arguments: ${byName.join(", ")}`);
  const near =
    foreign === undefined
      ? didYouMean(name, declared ? { names: byName } : { words: byName }, span)
      : {};
  report(site, "args/unknown", { callee, name }, { span, help, ...near });
}

/** The call as written, with the argument put in its place: `conv(7x7/2, 64, pad: same)`. */
export function rewritten(
  call: Call,
  argument: string,
  text: string,
): {
  readonly text: string;
  readonly edit: { readonly span: Call["span"]; readonly text: string };
} {
  const { source, start, end } = call.span;
  const given = call.args.find(({ name }) => name?.text === argument);
  const last = call.args.at(-1);
  const edit =
    given !== undefined
      ? { start: given.value.span.start, end: given.value.span.end, text }
      : last !== undefined
        ? { start: last.span.end, end: last.span.end, text: `, ${argument}: ${text}` }
        : { start: call.name.span.end, end, text: `(${argument}: ${text})` };
  const written =
    source.text.slice(start, edit.start) + edit.text + source.text.slice(edit.end, end);
  return {
    text: oneLine(written),
    edit: { span: { source, start: edit.start, end: edit.end }, text: edit.text },
  };
}

/** The call with a placeholder for a positional argument that it lacks. */
export function withPlaceholder(call: Call, placeholder: string): string {
  const texts = (named: boolean): string[] =>
    call.args
      .filter(({ name }) => (name !== undefined) === named)
      .map(({ span }) => span.source.text.slice(span.start, span.end));
  return oneLine(`${call.name.text}(${[...texts(false), placeholder, ...texts(true)].join(", ")})`);
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ");
