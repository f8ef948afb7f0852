import { formatValue, type ArgValue } from "../../ops/value.js";
import type { Pair } from "../../ops/window.js";
import type { Binary } from "../../syntax/ast.js";

type Operator = Binary["op"];

/** The result, or why there is none. A size over a stride is a window; else numbers only. */
export function arithmetic(op: Operator, left: ArgValue, right: ArgValue): ArgValue | string {
  if (left.kind === "number" && right.kind === "number") {
    return finite(calculate(op, left.value, right.value), op, right.value);
  }
  if (op === "/" && left.kind === "size") {
    const stride = strides(right);
    if (stride !== undefined) return { kind: "window", kernel: left.size, stride };
  }
  if (left.kind === "size" || left.kind === "window") {
    return `A size can only be divided by a stride, not ${left.kind === "window" ? "divided twice" : `${verbs[op]} ${formatValue(right)}`}.`;
  }
  const other = left.kind === "number" ? right : left;
  return `Only numbers can be ${verbs[op].split(" ")[0]!}; this is ${formatValue(other)}.`;
}

const verbs: Readonly<Record<Operator, string>> = {
  "+": "added to",
  "-": "subtracted from",
  "*": "multiplied by",
  "/": "divided by",
};

function strides(value: ArgValue): Pair | undefined {
  if (value.kind === "size") return value.size;
  return value.kind === "number" ? [value.value, value.value] : undefined;
}

function calculate(op: Operator, a: number, b: number): number {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
  }
}

function finite(value: number, op: Operator, right: number): ArgValue | string {
  if (Number.isFinite(value)) return { kind: "number", value };
  return op === "/" && right === 0 ? "This divides by zero." : "This number is too large.";
}

export function negate(value: ArgValue): ArgValue | string {
  if (value.kind === "number") return { kind: "number", value: -value.value };
  return `Only numbers have a sign; this is ${formatValue(value)}.`;
}
