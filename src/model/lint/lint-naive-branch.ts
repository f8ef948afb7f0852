/**
 * `style/naive-branch`: a branch of a concat that opens with a large kernel on many channels, as in
 * the paper's naive module (figure 2a), where a 1x1 before it would save half of the multiply-adds.
 */
import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import { suggesting } from "../../diagnostics/mending.js";
import type { ConvArgs } from "../../ops/conv.js";
import { channels, sameShape } from "../../ops/shape.js";
import { oneLine, writtenArgument } from "../mend/rewrite.js";
import type { NetBranch, NetChain, NetStep, Network, OpStep } from "../network.js";
import { reductionOf, reduces, type Reduction } from "./reduction.js";

/** The fewest channels that are told, and the taps of the smallest kernel: a 3x3. */
const manyChannels = 128;
const manyTaps = 9;

export function lintNaiveBranches(network: Network, found: Diagnostics): void {
  const walk = new Walk();
  for (const { name, from, chain } of network.members) {
    walk.reduced.set(name, walk.chain(chain, walk.reduced.get(from) ?? false, false));
  }
  for (const openings of walk.openings.values()) report(openings, found);
}

/** A branch's first convolution, in one expansion. */
interface Opening {
  readonly branch: string;
  readonly step: OpStep;
  readonly reduction: Reduction;
}

class Walk {
  /** Whether a stage's result has been narrowed by a 1x1. */
  readonly reduced = new Map<string, boolean>();
  /** By the place where they are written. */
  readonly openings = new Map<string, Opening[]>();

  /**
   * Visits the concats of a chain. `reduced` says whether what enters has been narrowed by a 1x1,
   * or stands in a branch behind its opening: nothing is to be said then. Gives it for what leaves.
   */
  chain({ steps }: NetChain, reduced: boolean, inBranch: boolean): boolean {
    return steps.reduce((before, step) => this.step(step, before, inBranch), reduced);
  }

  private step(step: NetStep, reduced: boolean, inBranch: boolean): boolean {
    switch (step.kind) {
      case "op":
        return after(step, reduced, inBranch);
      case "module":
        return this.chain(step.body, reduced, inBranch);
      case "residual":
        this.chain(step.body, reduced, inBranch);
        return reduced || inBranch;
      case "repeat":
        return step.copies.reduce((before, copy) => this.chain(copy, before, inBranch), reduced);
      case "join":
        for (const branch of step.branches) {
          if (step.join.sideBySide) this.branch(branch, reduced);
          else this.chain(branch.chain, reduced, inBranch);
        }
        return inBranch;
    }
  }

  private branch({ label, from, chain }: NetBranch, entering: boolean): void {
    const reduced = from === undefined ? entering : (this.reduced.get(from) ?? false);
    const step = reduced ? undefined : opening(chain);
    const reduction = step && reductionBefore(step);
    if (step !== undefined && reduction !== undefined) {
      const { source, start } = step.span;
      const key = JSON.stringify([source.path, start]);
      const openings = this.openings.get(key) ?? [];
      openings.push({ branch: label, step, reduction });
      this.openings.set(key, openings);
    }
    this.chain(chain, reduced, true);
  }
}

const convArgs = ({ operator, args }: OpStep): ConvArgs | undefined =>
  operator.name === "conv" ? (args as ConvArgs) : undefined;

function after(step: OpStep, reduced: boolean, inBranch: boolean): boolean {
  const conv = convArgs(step);
  if (conv !== undefined) return inBranch || reduces(conv, step.input, step.output);
  return step.operator.linearity(step.args) === "linear" ? false : reduced;
}

/** The convolution before which a chain has nothing but what keeps the shape. */
function opening({ steps }: NetChain): OpStep | undefined {
  for (const step of steps) {
    if (step.kind === "op" && convArgs(step) !== undefined) return step;
    if (step.kind === "module" || step.kind === "repeat") {
      const inside = step.kind === "module" ? step.body : step.copies[0];
      const found = inside && opening(inside);
      if (found !== undefined) return found;
    }
    if (step.kind !== "op" || !sameShape(step.input, step.output)) return undefined;
  }
  return undefined;
}

/** What a 1x1 would save before it; a stride or groups save in ways of their own. */
function reductionBefore(step: OpStep): Reduction | undefined {
  const args = convArgs(step);
  if (args === undefined || args.groups > 1) return undefined;
  const { kernel, stride = [1, 1] } = args.kernel;
  const large = kernel[0] * kernel[1] >= manyTaps && channels(step.input) >= manyChannels;
  return large && stride.every((side) => side === 1) ? reductionOf(args, step.input) : undefined;
}

/** One finding a place, with the figures of the expansion that would save most. */
function report(openings: readonly Opening[], found: Diagnostics): void {
  const saved = ({ reduction: { now, then } }: Opening): number => now - then;
  const worst = openings.reduce((a, b) => (saved(b) > saved(a) ? b : a));
  const { branch, step, reduction } = worst;
  const { kernel } = convArgs(step)!.kernel;
  const text = `${oneByOne(worst, openings)} -> `;
  const params = { branch, kernel: kernel.join("x"), channels: channels(step.input), ...reduction };
  const label = openings.length > 1 ? `in the largest of ${openings.length} expansions` : undefined;
  const { span, frames } = step;
  const edit = { span: { ...span, end: span.start }, text };
  found.add(
    diagnostic("style/naive-branch", params, {
      span,
      label,
      frames,
      ...suggesting(`write ${text}${oneLine(span)}`, edit),
    }),
  );
}

/** The 1x1 as the convolution after it, but for an activation: without one the two were one map. */
function oneByOne({ step, reduction: { width } }: Opening, openings: readonly Opening[]): string {
  const { call, operator } = step;
  const counts = openings.map((each) => channels(each.step.output));
  const written = writtenArgument(call, operator, "channels")?.value;
  // A parameter's half is right in every expansion; a number only in one.
  const half = counts.every((count) => count % 2 === 0) && width * 2 === channels(step.output);
  const count = written?.kind === "name" && half ? `${written.name}/2` : `${width}`;
  const linear = convArgs(step)?.act === "none";
  const others = ["bias", "norm", ...(linear ? [] : ["act"])].flatMap((name) => {
    const argument = writtenArgument(call, operator, name);
    return argument === undefined ? [] : [oneLine(argument.span)];
  });
  if (linear) others.push("act: relu");
  return `conv(${["1x1", count, ...others].join(", ")})`;
}
