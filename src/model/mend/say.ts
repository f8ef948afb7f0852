/** How a finding says what to write. */
import type { RowNote, Span } from "../../diagnostics/diagnostic.js";
import { suggesting, type Mending } from "../../diagnostics/mending.js";
import { positionAt } from "../../diagnostics/source.js";
import type { Operator } from "../../ops/operator.js";
import { formatShape } from "../../ops/shape.js";
import type { Call } from "../../syntax/ast.js";
import { placeOf } from "../scope/claims.js";
import { rewritten, type Texts } from "./rewrite.js";
import type { Change } from "./search.js";

/** Writes the call with other arguments: what a network is, is the user's to decide. */
export function mend(call: Call, operator: Operator, texts: Texts): Mending {
  const { text, edits } = rewritten(call, operator, texts);
  return suggesting(`write ${text}`, ...edits);
}

/** `write maxpool(3x3/2, ceil: true) in row 12`, the row where it is not that of the finding. */
export function mendingOf({ text, edits, step }: Change, from: Span): Mending {
  const { span } = step.call;
  return suggesting(
    `write ${text}${sameRow(span, from) ? "" : ` ${placeOf(span, from)}`}`,
    ...edits,
  );
}

/** The row of the step that would change, with what it gives now. */
export const rowOf = ({ step, now }: Change, from: Span): readonly RowNote[] =>
  sameRow(step.call.span, from) ? [] : [{ span: step.call.span, text: formatShape(now) }];

const sameRow = (a: Span, b: Span): boolean =>
  a.source === b.source &&
  positionAt(a.source, a.start).line === positionAt(b.source, b.start).line;

export type PossibleMending = {
  readonly [K in keyof Mending]?: Mending[K] | undefined;
};

/** `write this, or that`, and every suggestion among them. */
export function alternatives(
  mendings: readonly (PossibleMending | undefined)[],
): Pick<PossibleMending, "help" | "suggestions"> {
  const [first, ...others] = mendings.flatMap((each) => each?.help ?? []);
  const help = [first, ...others.map((text) => text.replace(/^write /, ""))].join(", or ");
  return {
    help: first === undefined ? undefined : help,
    suggestions: mendings.flatMap((each) => each?.suggestions ?? []),
  };
}
