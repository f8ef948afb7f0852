import { likening, suggesting, type Mending } from "../../diagnostics/mending.js";
import { foreignArgument } from "../../ops/foreign/arguments.js";
import type { Arg, Expr, Name } from "../../syntax/ast.js";
import { foreignHelp, foreignThird } from "./foreign-arguments.js";
import { oneLine } from "../mend/rewrite.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";

/** What the arguments of a call are matched with. */
export interface Slots {
  readonly callee: string;
  /** In order. */
  readonly byPosition: readonly string[];
  readonly byName: readonly string[];
  /** Of those by name, the ones that may take such a value. */
  readonly taking?: (value: Expr) => readonly string[];
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
      reportTooMany(arg, args, slots, site);
      return { args: matched, whole: false, aligned: false };
    }
    if (arg.name !== undefined && !slots.byName.includes(name)) {
      reportUnknown(arg, name, args, slots, site);
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

function reportTooMany(
  arg: Arg,
  args: readonly Arg[],
  { callee, byPosition, byName, taking }: Slots,
  site: Site,
): void {
  const left = byName.filter((name) => !byPosition.includes(name));
  const foreign = foreignThird(arg, { callee, byPosition, args });
  // Nobody writes an epsilon without its name: a number there is a count of channels, say.
  const fitting =
    taking === undefined || foreign !== undefined
      ? left
      : taking(arg.value).filter((name) => left.includes(name) && name !== "eps");
  const only = fitting.length === 1 ? `write ${fitting[0]!}: ${oneLine(arg.span)}` : undefined;
  const rest = only ?? (left.length === 0 ? undefined : `named arguments: ${left.join(", ")}`);
  const help = foreign === undefined ? rest : `${foreign}; ${rest}`;
  report(site, "args/too-many", { callee, most: byPosition.length }, { span: arg.span, help });
}

function reportUnknown(
  arg: Arg,
  name: string,
  args: readonly Arg[],
  slots: Slots,
  site: Site,
): void {
  const { callee, byPosition, byName, declared } = slots;
  const { span } = arg.name ?? arg;
  const written = { text: name, span };
  const foreign = declared ? undefined : foreignHelp(arg, { callee, byPosition, args });
  const help =
    byName.length === 0
      ? `${callee} takes no named arguments`
      : `named arguments: ${byName.join(", ")}`;
  const near =
    foreign !== undefined
      ? { help: foreign }
      : (atPosition(name, byPosition) ??
        (declared
          ? likening(name, { names: byName }, span)
          : likeArgument(written, byName, byPosition)));
  report(site, "args/unknown", { callee, name }, { span, help, ...near });
}

/** Help for a name that is no argument of an operator: as it is called elsewhere, or misspelt. */
export function likeArgument(
  { text, span }: Name,
  byName: readonly string[],
  byPosition: readonly string[] = [],
): Partial<Mending> {
  const { same, note } = foreignArgument(text, [...byName, ...byPosition]);
  if (note !== undefined) return { help: note };
  if (same === undefined) return likening(text, { words: byName }, span);
  const mending = suggesting(`write ${same}`, { span, text: same });
  return atPosition(same, byPosition) ?? { ...mending, help: `did you mean ${same}?` };
}

function atPosition(name: string, byPosition: readonly string[]): Partial<Mending> | undefined {
  const place = byPosition.indexOf(name);
  return place < 0
    ? undefined
    : { help: `${name} is argument ${place + 1}, written without its name` };
}
