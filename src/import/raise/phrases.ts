/**
 * Where a chain may be cut: an activation, a norm and the like stay with the convolution that they
 * follow, or open what comes behind them, as the network has it.
 */
import type { Skeletons } from "./skeletons.js";
import type { Style } from "./style.js";
import type { Step } from "./tree.js";

/** How many phrases a module is made of, at most. */
const longest = 8;

/** A layer of its own, or a block: what others stand beside. */
export const isAnchor = (step: Step): boolean =>
  step.kind === "call"
    ? step.module !== undefined ||
      /conv|depthwise|pool|linear|upsample|zeropad|slice/.test(step.name)
    : !isGate(step);

/** Squeeze and excite, and the like: a layer of the block that it stands in. */
export const isGate = (step: Step): boolean =>
  step.kind === "join" &&
  step.name === "mul" &&
  step.branches.some(({ from, chain }) => from === undefined && chain.steps.length === 0);

/** A sum with what came in: nothing beside it belongs to it but what follows. */
const isWhole = (step: Step): boolean => {
  if (step.kind === "call") return step.module?.body.steps.some(isWhole) === true;
  return (
    step.kind === "residual" || (step.kind === "join" && step.name !== "concat" && !isGate(step))
  );
};

const isNorm = (step: Step): boolean => step.kind === "call" && /norm|lrn/.test(step.name);

/** The places where a phrase begins. */
export function phraseStarts(steps: readonly Step[], style: Style): readonly number[] {
  return steps.flatMap((step, i) => {
    const before = steps[i - 1];
    return before === undefined || parts(before, step, style) ? [i] : [];
  });
}

function parts(before: Step, step: Step, style: Style): boolean {
  const isSpatial = isGate(before) || (before.kind === "call" && before.name === "depthwise");
  if (isPointwise(step) && isSpatial) return false;
  // A block has its own opening inside.
  if (opener(before, style) && step.kind === "call") return false;
  return isAnchor(step) || opener(step, style);
}

/** What belongs to the step behind it. */
const opener = (step: Step, { takesNorm, takesActivation }: Style): boolean =>
  !isAnchor(step) &&
  step.kind === "call" &&
  !isEnd(step.name) &&
  (isNorm(step) ? !takesNorm : !takesActivation);

const isEnd = (name: string): boolean => /softmax|dropout|flatten|identity|shuffle/.test(name);

const isPointwise = (step: Step): boolean =>
  step.kind === "call" &&
  step.name === "conv" &&
  step.args.some(({ value }) => value.kind === "window" && value.kernel.value === "1x1");

const isOperator = (step: Step): boolean => step.kind === "call" && step.module === undefined;

/** All stretches that a module could be made of: of several steps, or one with chains inside. */
export function stretchesOf(
  steps: readonly Step[],
  style: Style,
  skeletons: Skeletons,
): readonly { readonly start: number; readonly end: number }[] {
  const starts = phraseStarts(steps, style);
  const ends = [...starts.slice(1), steps.length];
  const keys = starts.map((start, i) =>
    steps
      .slice(start, ends[i])
      .map((step) => skeletons.of(step))
      .join(),
  );
  const isPlain = starts.map((start, i) => ends[i]! - start === 1 && isOperator(steps[start]!));
  /** What follows itself is repeated, not made longer, nor cut in two. */
  const isRun = (i: number): boolean => i > 0 && keys[i] === keys[i - 1] && !isPlain[i];
  const isApart = starts.map((start, i) => steps.slice(start, ends[i]).some(isWhole));
  const alone = steps.flatMap(({ kind }, i) => (kind === "call" ? [] : [{ start: i, end: i + 1 }]));
  const rows = starts.flatMap((start, first) => {
    const found: { start: number; end: number }[] = [];
    for (let last = first; last < Math.min(starts.length, first + longest); last++) {
      if (last > first && (isRun(last) || isApart[first] || isApart[last])) break;
      if (last > first && (isRun(last + 1) || isRun(first))) continue;
      const block = starts[last]!;
      // A block also without what follows it.
      if (last > first && steps[block]!.kind !== "call" && ends[last]! - block > 1) {
        found.push({ start, end: block + 1 });
      }
      if (last > first || !isPlain[first]) found.push({ start, end: ends[last]! });
    }
    return found;
  });
  return [
    ...alone,
    ...rows.filter(({ start, end }) => end - start > 1 || steps[start]!.kind === "call"),
  ];
}
