/** Calls as text. */
import { operators } from "../../ops/registry.js";
import type { Arg, CallStep, CallTerm, Leaf, Term, WindowTerm } from "./tree.js";

export function callText({
  name: operator,
  args,
  module,
}: Pick<CallStep, "name" | "args" | "module">): string {
  const name = module?.name ?? operator;
  const texts = argsText(operator, args);
  return texts.length === 0 ? name : `${name}(${texts.join(", ")})`;
}

/** What is said of each, where anything is. */
export const argsText = (operator: string, args: readonly Arg[]): readonly string[] =>
  args.flatMap(({ name, value }) => {
    const text = name === "pad" ? padText(operator, args, value) : termText(value);
    if (text === undefined) return [];
    return [name === undefined ? text : `${name}: ${text}`];
  });

export function termText(term: Term): string {
  switch (term.kind) {
    case "leaf":
      return term.text;
    case "word":
      return term.word;
    case "call":
      return callText(term satisfies CallTerm);
    case "window":
      return windowText(term);
  }
}

function windowText({ kernel, stride, usual }: WindowTerm): string {
  const isUsual = isLiteral(kernel) && isLiteral(stride) && stride.text === usual;
  const isOne = usual === "1" && isLiteral(stride) && stride.text === usual;
  return isUsual || isOne ? kernel.text : `${kernel.text}/${stride.text}`;
}

/** Written as it is, not by a module's parameters. */
const isLiteral = ({ text, value }: Leaf): boolean => text === value;

/**
 * `same` as one writes it: nothing where an operator takes it for granted, pixels where a window of
 * known size leaps; undefined where nothing is to be said.
 */
function padText(callee: string, args: readonly Arg[], pad: Term): string | undefined {
  const window = args.find(({ value }) => value.kind === "window")?.value;
  if (pad.kind !== "word" || pad.word !== "same" || window?.kind !== "window") return termText(pad);
  const { kernel, stride } = window;
  const isStill = isLiteral(stride) && stride.text === "1";
  const isPoint = isLiteral(kernel) && kernel.text === "1x1";
  const isGranted = operators.get(callee)?.signature.args.get("pad")?.absent === undefined;
  if ((isStill || isPoint) && isGranted) return undefined;
  const dilated = args.some(({ name }) => name === "dilation");
  if (isStill || dilated || !isLiteral(kernel) || !isLiteral(stride)) return "same";
  const [height, width] = kernel.text.split("x").map(Number);
  return height === width ? `${(height! - 1) / 2}` : "same";
}
