import type { Barrier, RunSection } from "../targets/program.js";

export type RunItem = RunSection | Barrier;

/** Kernels of this many convolutions make one file: compilers work on several at once. */
const convolutionsPerFile = 5;
const mostFiles = 16;

/**
 * The run program cut into files of about equal work for the compiler, at least two where there is
 * more than one section. No file starts with a barrier.
 */
export function cutIntoParts(run: readonly RunItem[]): readonly (readonly RunItem[])[] {
  const weights = run.map(weight);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const sections = run.filter((item) => !isBarrier(item)).length;
  const wanted = Math.ceil(total / (convolutionsPerFile * convolutionWeight));
  const count = Math.min(sections, mostFiles, Math.max(2, wanted));
  const parts: RunItem[][] = [];
  let before = 0;
  for (const [i, item] of run.entries()) {
    const part = Math.min(count - 1, Math.floor((before * count) / total));
    if (!isBarrier(item) && part >= parts.length) parts.push([]);
    parts.at(-1)!.push(item);
    before += weights[i]!;
  }
  return parts;
}

export const isBarrier = (item: RunItem): item is Barrier => "kind" in item;

const convolutionWeight = 4;

/** How long a compiler takes: convolutions are by far the largest kernels. */
function weight(item: RunItem): number {
  if (isBarrier(item)) return 0;
  return item.what.startsWith("conv ") ? convolutionWeight : 1;
}
