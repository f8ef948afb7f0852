/** Numbers and values as people write them. */
import { type ArgValue, formatValue } from "../../ops/value.js";

/** Integers as long as the language has them. */
const longest = 1e15;

/** `64`, `0.17`, `1e-3`: with an exponent where that is shorter. */
export function numberText(value: number): string {
  const plain = String(value);
  const [digits, power] = value.toExponential().split("e");
  const short = `${digits}e${Number(power)}`;
  const isPlain = Number.isInteger(value) && Math.abs(value) < longest;
  return isPlain || plain.length <= short.length ? plain : short;
}

/** Whole, unlike what messages show of a value. */
export function valueText(value: ArgValue): string {
  switch (value.kind) {
    case "number":
      return numberText(value.value);
    case "list":
      return `[${value.items.map(valueText).join(", ")}]`;
    case "string":
    case "record":
    case "call":
      throw new TypeError(`no operator says a ${value.kind} of itself`);
    default:
      return formatValue(value);
  }
}
