/** What a front makes of the pictures of a data set, each computed once. */
import { elements } from "../../ops/shape.js";
import { allocate } from "../../files/allocate.js";
import type { NetworkTypes } from "../types.js";
import type { Front } from "./front.js";
import type { Pictures } from "./pictures.js";

/** Prepares pictures by index; of some there may be nothing to be had. */
export type Prepare = (
  indices: readonly number[],
) => Promise<{ readonly values: Float32Array; readonly kept: readonly number[] }>;

/** The features of one data set, in the order of its pictures. */
class Kept {
  private readonly has: Uint8Array;
  private readonly values: Float32Array;

  constructor(
    private readonly front: Front<NetworkTypes>,
    { size }: Pictures,
  ) {
    this.has = new Uint8Array(size);
    this.values = allocate(
      Float32Array,
      size * elements(front.shape),
      `What the frozen layers make of ${size} pictures`,
    );
  }

  async fill(indices: readonly number[], prepare: Prepare, signal: AbortSignal): Promise<void> {
    const missing = indices.filter((index) => this.has[index] === 0);
    if (missing.length === 0) return;
    const { values, kept } = await prepare(missing);
    if (kept.length === 0) return;
    const features = await this.front.run(values, signal);
    const size = elements(this.front.shape);
    kept.forEach((index, i) => {
      this.values.set(features.subarray(i * size, (i + 1) * size), index * size);
      this.has[index] = 1;
    });
  }

  of(indices: readonly number[]): Float32Array {
    const size = elements(this.front.shape);
    const all = new Float32Array(indices.length * size);
    indices.forEach((index, i) =>
      all.set(this.values.subarray(index * size, (index + 1) * size), i * size),
    );
    return all;
  }

  known(index: number): boolean {
    return this.has[index] === 1;
  }
}

/** Of every data set that a trainer has seen, as long as somebody else holds that. */
export class KeptFeatures {
  private readonly sets = new WeakMap<Pictures, Kept>();

  constructor(private readonly front: Front<NetworkTypes>) {}

  /**
   * What the front makes of these pictures, but for those that cannot be prepared.
   *
   * @param prepare asked for pictures whose features are not known
   */
  async of(
    pictures: Pictures,
    indices: readonly number[],
    prepare: Prepare,
    signal: AbortSignal,
  ): Promise<{ readonly kept: readonly number[]; readonly values: Float32Array }> {
    const set = this.sets.get(pictures) ?? new Kept(this.front, pictures);
    this.sets.set(pictures, set);
    await set.fill(indices, prepare, signal);
    const kept = indices.filter((index) => set.known(index));
    return { kept, values: set.of(kept) };
  }
}
