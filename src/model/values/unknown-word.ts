/** Names and calls in the place of a value that stand for nothing there. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { likening, suggesting } from "../../diagnostics/mending.js";
import { foreignOperator, foreignWord } from "../../ops/foreign/find.js";
import { joins } from "../../ops/joins/joins.js";
import { operators } from "../../ops/registry.js";
import type { Call, NameRef } from "../../syntax/ast.js";
import { helpOf, likeOperator } from "./foreign.js";
import { functions } from "./functions.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";
import type { Expecting } from "./words.js";

const wordsOf = ({ words = [], calls = {} }: Expecting): readonly string[] => [
  ...words,
  ...Object.keys(calls),
];

/** `act: gelu` is of another framework, `act: softmax` an operator; else it may be misspelt. */
export function reportUnknownName(
  { name, span }: NameRef,
  visible: readonly string[],
  expecting: Expecting,
  site: Site,
): void {
  if (reportForeignWord(name, span, expecting, site)) return;
  const accepted = wordsOf(expecting);
  const { expected, noun } = expecting;
  const what = noun ?? `parameter${accepted.length > 0 ? ", constant or word" : " or constant"}`;
  const label = name === "in" ? "only known in a chain: what enters it" : undefined;
  const help = accepted.length > 0 && expected !== undefined ? `write ${expected}` : undefined;
  const mending = chained(name, span, accepted) ?? likeWord(name, span, visible, accepted);
  report(site, "name/unknown", { what, name }, { span, label, help, ...mending });
}

/** `norm: groupnorm(32)` is of another framework, `norm: lrn(5)` an operator. */
export function reportUnknownCall(expr: Call, expecting: Expecting, site: Site): void {
  const { text: name, span } = expr.name;
  if (reportForeignWord(name, expr.span, expecting, site)) return;
  const { expected, calls = {}, noun } = expecting;
  const help = expected === undefined ? undefined : `write ${expected}`;
  const accepted = wordsOf(expecting);
  const mending =
    chained(name, expr.span, accepted) ??
    likeWord(name, span, [], [...Object.keys(calls), ...functions.keys()]);
  const place = { span, help, ...mending };
  if (noun === undefined) report(site, "args/call", { name }, place);
  else report(site, "name/unknown", { what: noun, name }, place);
}

const takesOperators = (accepted: readonly string[]): boolean =>
  accepted.some((word) => operators.has(word));

/** An operator that is no word of an argument that takes some: it can follow as a step. */
function chained(
  name: string,
  { source, start, end }: Span,
  accepted: readonly string[],
): { readonly help: string } | undefined {
  if (!takesOperators(accepted)) return undefined;
  if (joins.has(name)) return { help: `chain it as a step: -> ${name} { a: …  b: … }` };
  if (!operators.has(name)) return undefined;
  return { help: `chain it as a step: -> ${source.text.slice(start, end).replace(/\s+/g, " ")}` };
}

const likeWord = (
  name: string,
  span: Span,
  names: readonly string[],
  words: readonly string[],
): ReturnType<typeof likening> =>
  (takesOperators(words) ? likeOperator : likening)(name, { names, words }, span);

/** Whether a finding says that a word, or a call in its place, is one of another framework. */
export function reportForeignWord(
  name: string,
  span: Span,
  expecting: Expecting,
  site: Site,
): boolean {
  const accepted = wordsOf(expecting);
  const word = foreignWord(name, accepted);
  const operator = takesOperators(accepted) && !joins.has(name) ? foreignOperator(name) : undefined;
  const found = word ?? operator;
  if (found === undefined) return false;
  const params = { what: word?.what ?? operator?.kind ?? "operator", name };
  const instead = word?.write ?? operator?.same;
  if (instead !== undefined && (word !== undefined || accepted.includes(instead))) {
    const help = helpOf({ ...found, write: instead });
    const mending = suggesting(`write ${instead}`, { span, text: instead });
    report(site, "name/unsupported", params, { span, ...mending, help });
    return true;
  }
  const { expected } = expecting;
  const others = expected === undefined ? [] : [`it takes ${expected}`];
  const help =
    operator?.write === undefined
      ? [helpOf(found), ...others].join("; ")
      : `chain it as a step: -> ${operator.write}`;
  report(site, "name/unsupported", params, { span, help });
  return true;
}
