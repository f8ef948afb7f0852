/** Numbers of a parameter that others were folded into, made when they are asked for. */
import type { StoredWeight } from "../imported.js";

/** x * factor + offset, where the place of x among the numbers says its channel. */
export interface Affine {
  readonly factors: readonly number[];
  readonly offsets: readonly number[];
  readonly channelOf: (place: number) => number;
}

/** The numbers of `base`, each times its channel's factor and plus its offset. */
export function folded(base: StoredWeight, { factors, offsets, channelOf }: Affine): StoredWeight {
  const isNothing =
    factors.every((factor) => factor === 1) && offsets.every((offset) => offset === 0);
  if (isNothing) return base;
  if (!(base instanceof Folded)) return new Folded(base, { factors, offsets, channelOf });
  // Both as one, so that they are rounded once.
  const { affine } = base;
  return new Folded(base.base, {
    factors: affine.factors.map((factor, c) => factor * factors[c]!),
    offsets: affine.offsets.map((offset, c) => offset * factors[c]! + offsets[c]!),
    channelOf,
  });
}

class Folded implements StoredWeight {
  readonly name: string;

  constructor(
    readonly base: StoredWeight,
    readonly affine: Affine,
  ) {
    this.name = `${base.name} with what follows folded in`;
  }

  async read(): Promise<Float32Array> {
    const { factors, offsets, channelOf } = this.affine;
    const numbers = await this.base.read();
    return numbers.map((x, place) => {
      const c = channelOf(place);
      return x * factors[c]! + offsets[c]!;
    });
  }
}

/** Numbers that stood in the file as a node's constant. */
export const written = (name: string, numbers: readonly number[]): StoredWeight => ({
  name,
  read: () => Promise.resolve(Float32Array.from(numbers)),
});
