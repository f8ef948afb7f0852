/** Follows the model's parameters through expressions, joins and loops to the dimensions they decide. */
import type { Operator } from "../../ops/operator.js";
import {
  computedFrom,
  fixed,
  varying,
  type Causes,
  type Trace,
  type Traces,
} from "../../ops/trace.js";
import type { Call, Expr } from "../../syntax/ast.js";
import type { Flowing } from "./flowing.js";
import type { Site } from "../scope/unit.js";

/** What a number depends on: it varies where a name in the expression does. */
export function traceOf(expr: Expr, site: Site): Trace {
  switch (expr.kind) {
    case "int":
    case "float":
    case "size":
    case "bool":
    case "string":
      return fixed;
    case "list":
      return computedFrom(...expr.items.map((item) => traceOf(item, site)));
    case "record":
      return computedFrom(...expr.fields.map(({ value }) => traceOf(value, site)));
    case "call":
      return computedFrom(...expr.args.map(({ value }) => traceOf(value, site)));
    case "unary":
      return computedFrom(traceOf(expr.operand, site));
    case "binary": {
      const [left, right] = [traceOf(expr.left, site), traceOf(expr.right, site)];
      const both = computedFrom(left, right);
      return both.varies && expr.op === "/" ? { ...both, stride: right } : both;
    }
    case "name":
      return named(expr.name, site);
  }
}

/** Names mean what they mean to `evaluate`: a constant is its file's, which no parameter reaches. */
function named(name: string, { unit, params, traces, entering }: Site): Trace {
  if (params.has(name)) return traces.get(name) ?? varying();
  if (unit.missing.has(name) || unit.consts.has(name)) return fixed;
  return name === "in" && entering !== undefined ? entering.trace : fixed;
}

/** What the arguments of an operator's call depend on. The call is known to be right. */
export function causesOf(
  { args }: Call,
  { signature }: Operator,
  site: Site,
): Causes<Record<string, unknown>> {
  const inPlace = [...signature.args].flatMap(([name, { positional }]) => (positional ? name : []));
  const written = new Map(args.map(({ name, value }, i) => [name?.text ?? inPlace[i], value]));
  return {
    of: (argument) => {
      const value = written.get(argument);
      return value === undefined ? fixed : traceOf(value, site);
    },
  };
}

/** What enters a body that is repeated who knows how often: nothing is known of it but that. */
export const enteringLoop = (input: Flowing): Flowing =>
  input.shape === undefined ? input : { ...input, traces: input.shape.map(varying) };

/**
 * What leaves such a body, from what left its first copy: a dimension that the body passes through
 * is what it was before the loop, and one that is the same whatever enters is so after any copy.
 */
export function leavingLoop(
  { traces: before }: Flowing,
  { traces: entered }: Flowing,
  { traces: left }: Flowing,
): Traces | undefined {
  return left?.map((trace) => {
    if (!trace.varies) return trace;
    const passed = entered?.indexOf(trace) ?? -1;
    return before?.[passed] ?? varying();
  });
}
