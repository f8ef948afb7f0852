/** Calls as they are written, with other arguments in them. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Operator } from "../../ops/operator.js";
import type { Arg, Call } from "../../syntax/ast.js";

/** Arguments by name, as one would write their values. */
export type Texts = Readonly<Record<string, string>>;

/** What is called: the arguments that it takes. */
export type Callee = Pick<Operator, "signature">;

interface Edit {
  readonly span: Span;
  readonly text: string;
}

export interface Rewritten {
  /** On one row: `conv(7x7/2, 64, pad: same)`. */
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** The call with these arguments in the place of its own, or after them. */
export function rewritten(call: Call, callee: Callee, texts: Texts): Rewritten {
  const { source, start, end } = call.span;
  const added: string[] = [];
  const edits: Edit[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const given = writtenArgument(call, callee, name);
    if (given === undefined) added.push(`${name}: ${text}`);
    else edits.push({ span: given.value.span, text });
  }
  if (added.length > 0) edits.push(addition(call, added.join(", ")));
  edits.sort((a, b) => a.span.start - b.span.start);
  let text = "";
  let at = start;
  for (const { span, text: replacement } of edits) {
    text += source.text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return { text: inOneRow(text + source.text.slice(at, end)), edits };
}

function addition(call: Call, text: string): Edit {
  const { source, end } = call.span;
  const last = call.args.at(-1);
  return last === undefined
    ? { span: { source, start: call.name.span.end, end }, text: `(${text})` }
    : { span: { source, start: last.span.end, end: last.span.end }, text: `, ${text}` };
}

/** What the call says for an argument, by name or in its place. */
export function writtenArgument(
  { args }: Call,
  { signature }: Callee,
  name: string,
): Arg | undefined {
  const named = args.find((arg) => arg.name?.text === name);
  if (named !== undefined) return named;
  const places = [...signature.args].filter(([, { positional }]) => positional);
  const inPlace = args[places.findIndex(([each]) => each === name)];
  return inPlace?.name === undefined ? inPlace : undefined;
}

/** The call with a placeholder for a positional argument that it lacks. */
export function withPlaceholder(call: Call, placeholder: string): string {
  const texts = (named: boolean): string[] =>
    call.args.filter(({ name }) => (name !== undefined) === named).map(({ span }) => oneLine(span));
  return inOneRow(
    `${call.name.text}(${[...texts(false), placeholder, ...texts(true)].join(", ")})`,
  );
}

/** What is written there, on one row. */
export const oneLine = ({ source, start, end }: Span): string =>
  inOneRow(source.text.slice(start, end));

const inOneRow = (text: string): string => text.replace(/\s+/g, " ");
