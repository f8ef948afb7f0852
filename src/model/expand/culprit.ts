/** Which step of a chain is to blame for a shape that does not fit, and what mends it. */
import { counted } from "../../diagnostics/counted.js";
import type { RowNote, Span } from "../../diagnostics/diagnostic.js";
import { linearOperator } from "../../ops/linear.js";
import { elements, isImage, plane, sameShape, type Shape } from "../../ops/shape.js";
import { formatPair, type Window } from "../../ops/window.js";
import type { ExpandedChain, ExpandedStep } from "./expanded.js";
import type { Flowing } from "../flow/flowing.js";
import { mendingOf, rowOf, type PossibleMending } from "../mend/say.js";
import { findChange, type Change, type Goal, type Patience } from "../mend/search.js";

export interface Culprit extends PossibleMending {
  readonly span: Span;
  readonly label?: string | undefined;
  readonly rows?: readonly RowNote[];
}

/** A chain with what entered it. */
export interface Suspect {
  readonly start: Flowing;
  readonly chain: ExpandedChain;
  /** Where it is written. */
  readonly span: Span;
}

/**
 * The step that one change mends; else the first that changes height and width, one without a stride
 * before one with; undefined where none does. Where it is not height and width that are wrong, the
 * last step that changes the channels in its place, or the one that makes a vector.
 */
export function culprit(
  suspect: Suspect,
  wanted: Shape,
  goal: Goal,
  patience: Patience,
): Culprit | undefined {
  const { chain, start, span } = suspect;
  const change = findChange(chain.output, { ...goal, since: start }, patience);
  if (change !== undefined && inside(change.step.call.span, span)) return mended(change);
  const found = shrinking(chain);
  if (found === undefined) return change && { span, ...saying(change, span) };
  // Height and width may change and be right, as where a branch is spread.
  const other = goal.channels === undefined ? vector(chain, wanted) : widening(chain);
  if (change === undefined && other !== undefined) return other;
  const at = found.step.body.span;
  const best = change ?? halfway(found, wanted, patience);
  return { span: at, label: label(found), ...(best && saying(best, at)) };
}

const inside = (inner: Span, outer: Span): boolean =>
  inner.source === outer.source && inner.start >= outer.start && inner.end <= outer.end;

function mended(change: Change): Culprit {
  const { step, now, then } = change;
  const { operator, args, input, call } = step;
  const window = input.shape && operator.window?.(input.shape, args);
  const said =
    now[0] !== then[0] && sameShape(plane(now), plane(then))
      ? `gives ${counted(now[0] ?? 0, "channel")}`
      : label({ window, input, output: { shape: now } });
  return { span: call.span, label: said, ...saying(change, call.span) };
}

const saying = (change: Change, from: Span): Omit<Culprit, "span"> => ({
  ...mendingOf(change, from),
  rows: rowOf(change, from),
});

function widening({ steps }: ExpandedChain): Culprit | undefined {
  const found = steps.findLast(({ input, output }) => input.shape?.[0] !== output.shape?.[0]);
  const count = found?.output.shape?.[0];
  if (found === undefined || count === undefined) return undefined;
  return { span: found.step.body.span, label: `gives ${counted(count, "channel")}` };
}

function vector({ steps }: ExpandedChain, wanted: Shape): Culprit | undefined {
  const found = steps.findLast(
    ({ input, output }) => isVector(output.shape) && input.shape && isImage(input.shape),
  );
  if (found === undefined || !isImage(wanted)) return undefined;
  const { body } = found.step;
  const isPixel = elements(plane(found.input.shape ?? [])) === 1;
  const isLinear = body.kind === "call" && body.name.text === linearOperator.name;
  const help = "conv(1x1, N) in place of linear(N) gives N x 1x1";
  return { span: body.span, label: "makes a vector", ...(isPixel && isLinear ? { help } : {}) };
}

const isVector = (shape: Shape | undefined): boolean => shape !== undefined && !isImage(shape);

function shrinking({ steps }: ExpandedChain): ExpandedStep | undefined {
  const changing = steps.filter(
    ({ input, output }) =>
      input.shape !== undefined &&
      output.shape !== undefined &&
      !sameShape(plane(input.shape), plane(output.shape)),
  );
  return changing.find(({ window }) => window !== undefined && !strides(window)) ?? changing[0];
}

/** Where two steps are wrong, the padding that sets the first of them right. */
const halfway = ({ input, output }: ExpandedStep, wanted: Shape, patience: Patience) =>
  findChange(
    output,
    { fits: (shape) => sameShape(plane(shape), plane(wanted)), since: input, effort: 0 },
    patience,
  );

const strides = ({ stride }: Window): boolean => stride.some((step) => step > 1);

function label({
  window,
  input,
  output,
}: Pick<ExpandedStep, "window" | "input" | "output">): string {
  const from = plane(input.shape ?? []).join("x");
  const to = plane(output.shape ?? []).join("x");
  if (from === to) return `keeps ${from}`;
  if (window === undefined) return `takes ${from} to ${to}`;
  if (strides(window)) return `a stride of ${formatPair(window.stride)} takes ${from} to ${to}`;
  const { top, left, bottom, right } = window.pads;
  const padded = top + left + bottom + right > 0;
  const verb = (output.shape?.[1] ?? 0) > (input.shape?.[1] ?? 0) ? "grows" : "shrinks";
  return `a ${window.kernel.join("x")} window ${padded ? "with this padding" : "without padding"} ${verb} ${from} to ${to}`;
}
