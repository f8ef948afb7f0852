/** Batches of labelled pictures, as the network reads them: shuffled, cut, and made ahead of the step. */
import type { InceptError } from "../../diagnostics/incept-error.js";
import type { Augmentation } from "../../ops/training/settings.js";
import { Place } from "../check-options.js";
import { type BatchPicture, prepareBatch } from "../image/batch.js";
import { pictureOf } from "../image/picture.js";
import type { PictureInput, Preparer } from "../image/prepare.js";
import { Ahead } from "./ahead.js";
import { FrontBatch } from "./batch.js";
import { type CheckedData, nothing } from "./data.js";
import { cutOf, orderOf } from "./draw.js";
import type { KeptFeatures } from "./kept-features.js";
import type { Pictures } from "./pictures.js";
import type { EpochStart } from "./types.js";

/** What a network does with pictures. */
export interface PictureUse {
  /** As messages name it. */
  readonly call: string;
  readonly input: PictureInput & { readonly name: string };
  readonly native: Preparer;
  /** Whose targets the labels are. */
  readonly output: string;
  /** Pictures in a batch. */
  readonly batch: number;
  /** Of fewer than which nothing is made where others were broken. */
  readonly least: number;
  /** Where a batch is of what frozen layers make of its pictures. */
  readonly features?: KeptFeatures;
}

/** How `fit` goes through them, and `evaluate`, which has all of it left out. */
export interface PictureOrder {
  /** In an order of its own for each epoch, instead of their own; a batch is as long as norms need it. */
  readonly trains?: boolean;
  readonly augment?: readonly Augmentation[];
  /** What becomes of a last batch that is short. Default: it is kept. */
  readonly lastBatch?: "drop" | "keep";
  /** Told of each picture that is left out, before its batch. Default: it ends the run. */
  readonly onBroken?: (error: InceptError) => unknown;
}

/** Batches that are made before they are asked for. */
const depth = 2;

interface Made {
  readonly batch: unknown;
  readonly broken: readonly InceptError[];
}

export class PictureData implements CheckedData {
  readonly isWhole = true;
  readonly size: number;

  /** @param targets the class of each picture, as the output has them */
  constructor(
    private readonly pictures: Pictures,
    private readonly targets: Int32Array,
    private readonly use: PictureUse,
    private readonly how: PictureOrder,
  ) {
    this.size = pictures.size;
  }

  batches({ number, seed, from }: EpochStart): AsyncIterator<unknown> {
    const { use, how, size } = this;
    const { trains = false, augment = [], lastBatch = "keep" } = how;
    const order = trains ? orderOf(size, seed, number) : undefined;
    const exact = size / use.batch;
    const until = lastBatch === "drop" ? Math.floor(exact) : Math.ceil(exact);
    const at = { seed, epoch: number };
    const made = new Ahead(from, until, depth, (k, signal) => {
      const first = k * use.batch;
      const count = Math.min(use.batch, size - first);
      const indices = Array.from({ length: count }, (_, i) => order?.[first + i] ?? first + i);
      return this.make(
        indices,
        augment.length === 0 ? undefined : (index) => cutOf(augment, index, at),
        signal,
      );
    });
    return {
      next: async () => {
        const next = await made.next();
        if (next.done === true) return next;
        const { batch, broken } = next.value;
        for (const error of broken) await this.tell(error);
        return { done: false, value: batch };
      },
      return: () => made.return(),
    };
  }

  private async tell(error: InceptError): Promise<void> {
    const { onBroken } = this.how;
    if (onBroken === undefined) throw error;
    await onBroken(error);
  }

  private async make(
    indices: readonly number[],
    cut: ((index: number) => BatchPicture["cut"]) | undefined,
    signal: AbortSignal,
  ): Promise<Made> {
    const { pictures, use, targets } = this;
    const { input, output, features } = use;
    const broken: InceptError[] = [];
    const prepare = async (some: readonly number[]) => {
      const batch = some.map((index) => this.picture(index, cut?.(index)));
      const { tensor, broken: found } = await prepareBatch(batch, input, use.native, signal);
      broken.push(...[...found].sort(([a], [b]) => a - b).map(([, error]) => error));
      return { values: tensor, kept: some.filter((_, i) => !found.has(i)) };
    };
    const { values, kept } = await (features === undefined
      ? prepare(indices)
      : features.of(pictures, indices, prepare, signal));
    if (kept.length < Math.min(use.least, indices.length)) return { batch: nothing, broken };
    const labels = Int32Array.from(kept, (index) => targets[index]!);
    const named = { [input.name]: values, [output]: labels };
    const behind = (): FrontBatch =>
      new FrontBatch(kept.length, new Map([[input.name, values]]), new Map([[output, labels]]));
    return { batch: features === undefined ? named : behind(), broken };
  }

  private picture(index: number, cut: BatchPicture["cut"]): BatchPicture {
    const { pictures, use } = this;
    const name = pictures.name(index);
    const open = async () => pictureOf(await pictures.picture(index), new Place(use.call, name));
    return { name, open, ...(cut === undefined ? {} : { cut }) };
  }
}
