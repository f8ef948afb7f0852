/** Branches and residuals that do not fit. */
import { counted } from "../../diagnostics/counted.js";
import type { RowNote } from "../../diagnostics/diagnostic.js";
import type { Join } from "../../ops/joins/join.js";
import { fitsBeside, type JoinRule } from "../../ops/joins/rule.js";
import { formatShape, isImage, plane, sameShape, type Shape } from "../../ops/shape.js";
import type { Branch, Residual } from "../../syntax/ast.js";
import { culprit, type Culprit, type Suspect } from "./culprit.js";
import type { ExpandedChain } from "./expanded.js";
import type { Flowing } from "../flow/flowing.js";
import { oneLine } from "../mend/rewrite.js";
import { alternatives, mendingOf } from "../mend/say.js";
import {
  channelSetter,
  findChange,
  type Change,
  type Goal,
  type Patience,
} from "../mend/search.js";
import { channelsOnly } from "../mend/problems.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";

export interface ExpandedBranch {
  readonly branch: Branch;
  /** What enters it. */
  readonly start: Flowing;
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
  { name, rule }: Join,
  branches: readonly ExpandedBranch[],
  input: Shape,
  site: Site,
  patience: Patience,
): boolean {
  const shapeOf = ({ chain }: ExpandedBranch): Shape => chain.output.shape ?? input;
  const shapes = branches.map(shapeOf);
  const usual = mostCommon(rule, shapes, input);
  const fits = (branch: ExpandedBranch): boolean => fitsBeside(rule, shapeOf(branch), usual);
  const odd = branches.find((branch) => !fits(branch));
  if (odd === undefined) return false;
  const others = branches.filter(fits);
  const got = shapeOf(odd);
  const wanted = rule.beside(got, usual);

  const goal = fitting(rule, got, wanted);
  const found = culprit(suspect(odd), wanted, goal, patience);
  const tie = others.length === 1 && likeIt(rule, got, shapes) === 1;
  const back = rule.beside(usual, got);
  const reverse = tie ? changeIn(others[0]!, fitting(rule, usual, back), patience) : undefined;
  const place: Culprit = found ?? {
    span: odd.branch.name.span,
    label: `${rule.shown(got)}, not ${rule.shown(wanted)}`,
    help: asTheOthers(odd, others, goal),
  };
  report(
    site,
    "shape/branch-mismatch",
    { join: name, differ: difference(got, wanted) },
    {
      ...place,
      ...alternatives([place, reverse && mendingOf(reverse, place.span)]),
      rows: branchNotes(branches),
    },
  );
  return true;
}

const suspect = ({ branch, start, chain }: ExpandedBranch): Suspect => ({
  start,
  chain,
  span: branch.span,
});

const fitting = (rule: JoinRule, got: Shape, wanted: Shape): Goal => ({
  fits: (shape) => fitsBeside(rule, shape, wanted),
  ...channelsOnly(got, wanted),
});

/** Of two branches either may be wrong. */
const changeIn = (
  { chain, start }: ExpandedBranch,
  goal: Goal,
  patience: Patience,
): Change | undefined => findChange(chain.output, { ...goal, since: start }, patience);

/** A branch of 1x1 convolutions has no step that could stride: another branch's might follow it. */
function asTheOthers(
  odd: ExpandedBranch,
  others: readonly ExpandedBranch[],
  { fits }: Goal,
): string | undefined {
  const { shape } = odd.chain.output;
  if (shape === undefined) return undefined;
  for (const { branch, chain, start } of others) {
    let at = chain.output;
    while (at !== start && at.made?.kind === "applied") {
      const { call, operator, args, input } = at.made;
      const output = operator.shape(shape, args);
      if (!("code" in output) && fits(output)) {
        return `end ${odd.branch.name.text} in ${oneLine(call.span)}, as ${branch.name.text} does`;
      }
      at = input;
    }
  }
  return undefined;
}

/** The body of a residual gives another shape than it takes. */
export function reportResidual(
  join: Residual,
  body: ExpandedChain,
  input: Flowing,
  site: Site,
  patience: Patience,
): void {
  const wanted = input.shape ?? [];
  const output = body.output.shape ?? [];
  const { channels: count } = channelsOnly(output, wanted);
  const goal: Goal = {
    fits: (shape) => sameShape(shape, wanted),
    ...(count === undefined ? {} : { channels: { ...count, ...asIn(body) } }),
  };
  const found = culprit(
    { start: input, chain: body, span: join.body.span },
    wanted,
    goal,
    patience,
  );
  const params = { input: formatShape(wanted), output: formatShape(output) };
  report(
    site,
    "shape/residual-mismatch",
    params,
    found ?? {
      span: join.keyword,
      help: count && `end the body in conv(1x1, in): ${counted(count.count, "channel")}`,
    },
  );
}

/** Where the body itself says how many channels it gives, `in` says that they are what enters. */
function asIn({ steps, output }: ExpandedChain): { text?: string } {
  const call = channelSetter(output)?.call;
  return steps.some(({ step }) => step.body === call) ? { text: "in" } : {};
}

/**
 * Of the shapes that say how high and wide the others are, the one that most of them fit: of equally
 * common ones what enters the join, else the first.
 */
function mostCommon(rule: JoinRule, shapes: readonly Shape[], preferred: Shape): Shape {
  const leading = shapes.filter((shape) => !rule.follows(shape, shapes));
  const count = (shape: Shape): number => likeIt(rule, shape, leading);
  const most = Math.max(...leading.map(count));
  const best = leading.filter((shape) => count(shape) === most);
  return best.find((shape) => fitsBeside(rule, preferred, shape)) ?? best[0]!;
}

const likeIt = (rule: JoinRule, shape: Shape, shapes: readonly Shape[]): number =>
  shapes.filter((other) => fitsBeside(rule, other, shape)).length;

function difference(a: Shape, b: Shape): string {
  if (isImage(a) !== isImage(b)) return "kind: some are images, some vectors";
  return sameShape(plane(a), plane(b)) ? "channels" : "height and width";
}
