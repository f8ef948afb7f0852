/**
 * Expressions to values, and calls to typed arguments: constants, parameters, `in`, arithmetic,
 * windows, words. The two are one file because an argument may be a call again.
 */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Argument, Kind, Signature } from "../../ops/signature.js";
import { formatValue, type ArgValue } from "../../ops/value.js";
import type { Binary, Call, Expr, NameRef, Unary } from "../../syntax/ast.js";
import { arithmetic, negate } from "./arithmetic.js";
import { match } from "./match.js";
import { oneLine, withPlaceholder } from "../mend/rewrite.js";
import { functions, type NumberFunction } from "./functions.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";
import { reportForeignWord, reportUnknownCall, reportUnknownName } from "./unknown-word.js";
import { everyWord, type Expecting } from "./words.js";

/** The value, or undefined where it is unknown: then a finding says why, here or before. */
export function evaluate(expr: Expr, site: Site, expecting: Expecting = {}): ArgValue | undefined {
  switch (expr.kind) {
    case "int":
    case "float":
      return { kind: "number", value: expr.value };
    case "size":
      return { kind: "size", size: [expr.height, expr.width] };
    case "bool":
      return { kind: "bool", value: expr.value };
    case "string":
      return { kind: "string", value: expr.value };
    case "list":
      return list(expr.items, site, expecting.item);
    case "record":
      return { kind: "record", names: expr.fields.map(({ name }) => name.text) };
    case "unary":
      return unary(expr, site);
    case "binary":
      return binary(expr, site);
    case "call":
      return call(expr, site, expecting);
    case "name":
      return name(expr, site, expecting);
  }
}

function list(items: readonly Expr[], site: Site, item: Expecting = {}): ArgValue | undefined {
  const values = items.map((each) => evaluate(each, site, item));
  return values.every((value) => value !== undefined) ? { kind: "list", items: values } : undefined;
}

function unary({ operand, span }: Unary, site: Site): ArgValue | undefined {
  const value = evaluate(operand, site);
  return value === undefined ? undefined : checked(negate(value), span, site);
}

function binary({ op, left, right, span }: Binary, site: Site): ArgValue | undefined {
  const [a, b] = [evaluate(left, site), evaluate(right, site)];
  if (a === undefined || b === undefined) return undefined;
  return checked(arithmetic(op, a, b), span, site);
}

function checked(result: ArgValue | string, span: Span, site: Site): ArgValue | undefined {
  if (typeof result !== "string") return result;
  report(site, "args/arithmetic", { why: result }, { span });
  return undefined;
}

function call(expr: Call, site: Site, expecting: Expecting): ArgValue | undefined {
  const { calls = {} } = expecting;
  const { text } = expr.name;
  const signature = Object.hasOwn(calls, text) ? calls[text] : undefined;
  if (signature !== undefined) {
    const args = bind(expr, signature, site);
    return args === undefined ? undefined : { kind: "call", name: text, args };
  }
  const known = functions.get(text);
  if (known !== undefined) return applied(expr, known, site);
  reportUnknownCall(expr, expecting, site);
  return undefined;
}

/** `divisible(32 * width, 8)` */
function applied(expr: Call, known: NumberFunction, site: Site): ArgValue | undefined {
  const args = bind(expr, known.signature, site);
  if (args === undefined) return undefined;
  const result = known.of(...Object.values(args));
  const value = typeof result === "string" ? result : ({ kind: "number", value: result } as const);
  return checked(value, expr.span, site);
}

function name(expr: NameRef, site: Site, expecting: Expecting): ArgValue | undefined {
  if (expecting.refers === true) return { kind: "word", word: expr.name };
  const known = lookUp(expr.name, site);
  if (known !== undefined) return asCall(known.value, expr.span, site, expecting);
  const { words = [], calls = {} } = expecting;
  // A word of some other argument is a value of the wrong kind rather than an unknown name.
  if ([...words, ...Object.keys(calls), ...everyWord].includes(expr.name)) {
    return asCall({ kind: "word", word: expr.name }, expr.span, site, expecting);
  }
  reportUnknownName(expr, visibleNames(site), expecting, site);
  return undefined;
}

/** A word that names a call, as in `norm: batchnorm`, is the call without arguments. */
function asCall(
  value: ArgValue | undefined,
  span: Span,
  site: Site,
  { calls = {} }: Expecting,
): ArgValue | undefined {
  if (value?.kind !== "word" || !Object.hasOwn(calls, value.word)) return value;
  const bare: Call = { kind: "call", name: { text: value.word, span }, args: [], span };
  const args = bind(bare, calls[value.word]!, site);
  return args === undefined ? undefined : { kind: "call", name: value.word, args };
}

/** A parameter, else a constant, else `in`. */
function lookUp(name: string, site: Site): { value: ArgValue | undefined } | undefined {
  if (site.unit.missing.has(name)) return { value: undefined };
  if (site.params.has(name)) return { value: site.params.get(name) };
  const ref = site.unit.consts.get(name);
  if (ref !== undefined) return { value: ref.value(site) };
  if (name !== "in" || site.entering === undefined) return undefined;
  const { channels } = site.entering;
  return { value: channels === undefined ? undefined : { kind: "number", value: channels } };
}

const visibleNames = ({ params, unit, entering }: Site): string[] => [
  ...params.keys(),
  ...unit.consts.keys(),
  ...(entering === undefined ? [] : ["in"]),
];

/** `7 / 2 is 3.5`, where the value is not what is written there. */
function workings(expr: Expr, value: ArgValue): string | undefined {
  const { source, start, end } = expr.span;
  const written = source.text.slice(start, end).replace(/\s+/g, " ");
  const shown = formatValue(value);
  const isCall = expr.kind === "call" && value.kind === "number";
  const computed =
    isCall || expr.kind === "name" || expr.kind === "binary" || expr.kind === "unary";
  return computed && written !== shown && written.length < 40
    ? `${written} is ${shown}`
    : undefined;
}

/** A value that a kind has read; absent where it is unknown or refused, which a finding says. */
export type Read<T> = { readonly value: T } | undefined;

/**
 * The arguments of an operator, as its signature types them: the call's own, else the file's
 * defaults, else the table's. Undefined where one is unknown or wrong, which a finding says.
 */
export function bind<A>(call: Call, signature: Signature<A>, site: Site): A | undefined {
  const callee = call.name.text;
  const table = [...signature.args];
  const byPosition = table.filter(([, arg]) => arg.positional).map(([name]) => name);
  const byName = table.filter(([, arg]) => !arg.positional).map(([name]) => name);
  const taking = (value: Expr): string[] => byName.filter((name) => takes(signature, name, value));
  const slots = { callee, byPosition, byName, taking, declared: false };
  const { args, whole, aligned } = match(call.args, slots, site);
  if (!aligned) return undefined;

  const given = new Map<string, unknown>(site.unit.defaults.get(callee) ?? []);
  let known = whole;
  for (const [name, argument] of table) {
    const arg = args.get(name);
    if (arg !== undefined) {
      const read = readAs(arg.value, argument.kind, { name, callee }, site);
      if (read === undefined) known = false;
      else given.set(name, read.value);
    } else if (argument.required && whole) {
      reportMissing(call, name, argument, site);
      known = false;
    }
  }
  return known ? signature.complete(given) : undefined;
}

/** Whether an argument takes a value that stands for itself. */
function takes({ args }: Signature<unknown>, name: string, value: Expr): boolean {
  const isNumber = value.kind === "int" || value.kind === "float";
  if (!isNumber && value.kind !== "bool") return false;
  const given: ArgValue = isNumber
    ? { kind: "number", value: value.value }
    : { kind: "bool", value: value.value };
  return args.get(name)!.kind.read(given).ok;
}

function reportMissing(call: Call, name: string, argument: Argument, site: Site): void {
  const doc = argument.doc.split(/[.:;]/)[0]!.toLowerCase();
  const params = { callee: call.name.text, name, doc };
  const help = `write ${withPlaceholder(call, name.toUpperCase())}`;
  report(site, "args/missing", params, { span: call.span, help });
}

/** Evaluates an expression for an argument, and reads it. */
export function readAs<T>(
  expr: Expr,
  kind: Kind<T>,
  argument: { readonly name: string; readonly callee: string },
  site: Site,
): Read<T> {
  const value = evaluate(expr, site, kind);
  if (value === undefined) return undefined;
  const reading = kind.read(value);
  if (reading.ok) return { value: reading.value };
  // Elsewhere a word is a string.
  const isForeign =
    value.kind === "string" && reportForeignWord(value.value, expr.span, kind, site);
  if (isForeign) return undefined;
  report(
    site,
    `args/${reading.fault}`,
    { ...argument, expected: kind.expected, got: formatValue(value) },
    {
      span: expr.span,
      help: reading.help ?? rounding(expr, value, kind),
      label: workings(expr, value),
    },
  );
  return undefined;
}

/** What to write where a number is computed that would do, were it whole. */
function rounding(expr: Expr, value: ArgValue, kind: Kind<unknown>): string | undefined {
  if (value.kind !== "number" || Number.isInteger(value.value)) return undefined;
  if (!kind.read({ kind: "number", value: Math.ceil(value.value) }).ok) return undefined;
  const isWritten =
    expr.kind === "float" || (expr.kind === "unary" && expr.operand.kind === "float");
  const written = oneLine(expr.span);
  return !isWritten && written.length < 40
    ? `write round(${written}), floor(…), ceil(…), or divisible(…, 8) for a multiple of 8`
    : undefined;
}
