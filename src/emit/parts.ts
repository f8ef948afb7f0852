import type { Barrier, BatchSection, RunSection, TaskSection } from "../targets/program.js";

export type RunItem = RunSection | Barrier;

/** How a compiler's work is shared out. */
export interface Cut<Item> {
  /** How long the compiler takes for an item. */
  weigh(item: Item): number;
  /** What makes one file: compilers work on several at once. */
  readonly perFile: number;
  readonly mostFiles: number;
}

/** Convolutions are by far the largest kernels of the CPU. */
export const cpuCut: Cut<RunItem> = {
  weigh: (item) => (isBarrier(item) ? 0 : item.what.startsWith("conv ") ? 4 : 1),
  perFile: 20,
  mostFiles: 16,
};

/** In training the derivatives of a convolution are as large as itself. */
export const trainingCut: Cut<BatchSection | Barrier> = {
  weigh: (item) => (isBarrier(item) ? 0 : item.what.startsWith("conv") ? 4 : 1),
  perFile: 20,
  mostFiles: 16,
};

/** On a GPU the library has the convolutions; what is compiled are templates of ours. */
export const gpuCut: Cut<TaskSection> = {
  weigh: ({ instructions }) =>
    0.1 + instructions.filter(({ header }) => header.endsWith(".cuh")).length,
  perFile: 10,
  mostFiles: 8,
};

/**
 * The run program cut into files of about equal work for the compiler, at least two where there is
 * more than one section. No file starts with a barrier.
 */
export function cutIntoParts<Item extends RunItem | TaskSection>(
  run: readonly Item[],
  { perFile, mostFiles, ...cut }: Cut<Item>,
): readonly (readonly Item[])[] {
  const weights = run.map((item) => cut.weigh(item));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const sections = run.filter((item) => !isBarrier(item)).length;
  const wanted = Math.ceil(total / perFile);
  const count = Math.min(sections, mostFiles, Math.max(2, wanted));
  const parts: Item[][] = [];
  let before = 0;
  for (const [i, item] of run.entries()) {
    const part = Math.min(count - 1, Math.floor((before * count) / total));
    if (!isBarrier(item) && part >= parts.length) parts.push([]);
    parts.at(-1)!.push(item);
    before += weights[i]!;
  }
  return parts;
}

/** What is done for each image of a run by itself, or once for all of them. */
export interface Stretch {
  readonly eachImage: boolean;
  readonly items: readonly (BatchSection | Barrier)[];
}

/** A run cut where the one ends and the other begins, the barriers between them left out. */
export function stretches(run: readonly (BatchSection | Barrier)[]): readonly Stretch[] {
  const found: { eachImage: boolean; items: (BatchSection | Barrier)[] }[] = [];
  for (const [i, item] of run.entries()) {
    const last = found.at(-1);
    const next = run[i + 1];
    const ends = next !== undefined && !isBarrier(next) && next.eachImage !== last?.eachImage;
    if (isBarrier(item) && ends) continue;
    if (last !== undefined && (isBarrier(item) || item.eachImage === last.eachImage)) {
      last.items.push(item);
    } else if (!isBarrier(item)) found.push({ eachImage: item.eachImage, items: [item] });
  }
  return found;
}

export const isBarrier = <Item extends RunItem | TaskSection>(
  item: Item,
): item is Extract<Item, Barrier> => "kind" in item;
