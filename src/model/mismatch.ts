/** Branches and residuals that do not fit: which step is the culprit, and what mends it. */
import { counted } from "../diagnostics/counted.js";
import type { RowNote, Span } from "../diagnostics/diagnostic.js";
import type { Mending } from "../diagnostics/mending.js";
import { channels, formatShape, isImage, plane, sameShape, type Shape } from "../ops/shape.js";
import { odd } from "../ops/padding.js";
import type { Add, Branch, Concat, Residual } from "../syntax/ast.js";
import type { ExpandedChain, ExpandedStep } from "./expanded.js";
import { mend } from "./problems.js";
import { report } from "./site.js";
import type { Site } from "./unit.js";

export interface ExpandedBranch {
  readonly branch: Branch;
  readonly chain: ExpandedChain;
}

/** Each branch's shape, beside its row. */
export const branchNotes = (branches: readonly ExpandedBranch[]): readonly RowNote[] =>
  branches.map(({ branch, chain }) => ({
    span: branch.span,
    text: chain.output.shape === undefined ? "" : formatShape(chain.output.shape),
  }));

/** Whether the branches, of known shapes, cannot be joined; then a finding says so. */
export function reportBranches(
  join: Concat | Add,
  branches: readonly ExpandedBranch[],
  input: Shape,
  site: Site,
): boolean {
  const key = join.kind === "add" ? formatShape : planeKey;
  const keys = branches.map(({ chain }) => key(chain.output.shape ?? input));
  const usual = mostCommon(keys, key(input));
  const shapes = branches.map(({ chain }) => chain.output.shape ?? input);
  const odd = branches.find((_, i) => keys[i] !== usual);
  if (odd === undefined) return false;
  const model = shapes[keys.indexOf(usual)]!;
  const found = culprit(odd.chain, model, odd.branch.name.span);
  const params = { join: join.kind, differ: difference(odd.chain.output.shape ?? input, model) };
  report(site, "shape/branch-mismatch", params, { ...found, rows: branchNotes(branches) });
  return true;
}

/** The body of a residual gives another shape than it takes. */
export function reportResidual(
  join: Residual,
  body: ExpandedChain,
  input: Shape,
  site: Site,
): void {
  const output = body.output.shape ?? input;
  const found = sameShape(plane(input), plane(output))
    ? { span: join.keyword, help: channelHelp(body, input) }
    : culprit(body, input, join.keyword);
  const params = { input: formatShape(input), output: formatShape(output) };
  report(site, "shape/residual-mismatch", params, found);
}

const planeKey = (shape: Shape): string => (isImage(shape) ? plane(shape).join("x") : "vector");

/** Of equally common ones, what enters the join, else the first. */
function mostCommon(keys: readonly string[], preferred: string): string {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const best = [...counts].filter(([, count]) => count === most).map(([key]) => key);
  return best.includes(preferred) ? preferred : best[0]!;
}

function difference(a: Shape, b: Shape): string {
  if (isImage(a) !== isImage(b)) return "kind: some are images, some vectors";
  return sameShape(plane(a), plane(b)) ? "channels" : "height and width";
}

interface Culprit extends Partial<Mending> {
  readonly span: Span;
  readonly label?: string;
}

/** The first step that changes height and width, one without stride before one with. */
function culprit(chain: ExpandedChain, wanted: Shape, otherwise: Span): Culprit {
  const shrinking = chain.steps.filter(
    ({ input, output }) =>
      input.shape !== undefined &&
      output.shape !== undefined &&
      !sameShape(plane(input.shape), plane(output.shape)),
  );
  const found =
    shrinking.find(({ window }) => window !== undefined && !strides(window)) ?? shrinking[0];
  const shape = chain.output.shape;
  if (found === undefined) {
    const got = shape === undefined ? "" : formatShape(shape);
    return { span: otherwise, label: `${got}, not ${formatShape(wanted)}` };
  }
  return { span: found.step.body.span, label: label(found), ...mending(found, wanted) };
}

const strides = ({ stride }: { stride: readonly number[] }): boolean =>
  stride.some((step) => step > 1);

function label({ window, input, output }: ExpandedStep): string {
  const from = plane(input.shape ?? []).join("x");
  const to = plane(output.shape ?? []).join("x");
  if (window === undefined) return `takes ${from} to ${to}`;
  if (strides(window)) {
    const [height, width] = window.stride;
    return `a stride of ${height === width ? height : `${height}x${width}`} takes ${from} to ${to}`;
  }
  const { top, left, bottom, right } = window.pads;
  const padded = top + left + bottom + right > 0;
  const verb = (output.shape?.[1] ?? 0) > (input.shape?.[1] ?? 0) ? "grows" : "shrinks";
  return `a ${window.kernel.join("x")} window ${padded ? "with this padding" : "without padding"} ${verb} ${from} to ${to}`;
}

/** `pad: same`, where that keeps height and width as they are wanted. */
function mending({ step, window, input }: ExpandedStep, wanted: Shape): Partial<Mending> {
  if (step.body.kind !== "call" || window === undefined || input.shape === undefined) return {};
  const keeps =
    !strides(window) && odd(window.kernel) && sameShape(plane(input.shape), plane(wanted));
  return keeps ? mend(step.body, "pad", "same") : {};
}

/** A residual's body usually ends in a convolution to the channels that enter. */
function channelHelp(body: ExpandedChain, input: Shape): string | undefined {
  const last = body.steps.at(-1)?.step.body;
  if (last?.kind === "call" && last.name.text === "conv" && last.args[0] !== undefined) {
    const { source, start, end } = last.args[0].span;
    return `end the body in conv(${source.text.slice(start, end)}, in): ${counted(channels(input), "channel")}`;
  }
  return `end the body in conv(1x1, in): ${counted(channels(input), "channel")}`;
}
