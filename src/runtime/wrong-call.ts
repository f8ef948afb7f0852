/** The words in which a wrong call is told: what came, and what there is instead. */
import { suggest } from "../diagnostics/suggest.js";
import { visibleName } from "../diagnostics/visible.js";

/**
 * `Fake.run: there is no input imgae; did you mean image?`
 *
 * @param within what the name is a part of: `loss.prob.`
 */
export function unknownName(
  call: string,
  what: string,
  name: string,
  known: readonly string[],
  within = "",
): TypeError {
  const near = suggest(name, known);
  const has = known.length === 0 ? "it takes none." : `it has ${known.join(", ")}.`;
  const hint = near === undefined ? has : `did you mean ${near}?`;
  return new TypeError(`${call}: there is no ${what} ${visibleName(within + name)}; ${hint}`);
}

/** `null`, `a string`, `a Float64Array`. */
export function describeType(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  if (typeof value !== "object") return withArticle(typeof value);
  const maker: unknown = value.constructor;
  return withArticle(typeof maker === "function" && maker.name !== "" ? maker.name : "object");
}

/** The value itself where it is short to write, else its type. */
export function describeValue(value: unknown): string {
  if (typeof value === "string" && value.length <= 60) return JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return describeType(value);
}

/** `a Uint8Array`, `a URL`: names that begin with U are spoken with a consonant. */
const withArticle = (noun: string): string => (/^[AEIO]/i.test(noun) ? `an ${noun}` : `a ${noun}`);
