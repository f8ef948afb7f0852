/** Reads batches from where a caller has them. */
import { count, type Reader } from "../check-options.js";
import { describeType } from "../wrong-call.js";
import { isPictures, type Pictures, picturesReader } from "./pictures.js";
import type { EpochStart } from "./types.js";

/** Data as a caller gave them. */
export type GivenData = CheckedData | Pictures;

/** In place of a batch: one of which no example is left. It counts among those of its epoch. */
export const nothing = Symbol("nothing");

/** Data of which nothing is known but that it gives batches. */
export interface CheckedData {
  readonly size: number | undefined;
  /** Whether they leave out a short last batch themselves: then none is dropped. */
  readonly isWhole?: boolean;
  batches(epoch: EpochStart): AsyncIterator<unknown>;
}

/** An argument or option that is data. */
export const dataReader: Reader<GivenData> = (value, place) => {
  if (isPictures(value)) return picturesReader(value, place);
  const given = value as { readonly size?: unknown; readonly batches?: unknown } | null;
  const is = typeof given === "object" && given !== null && typeof given.batches === "function";
  if (!is) throw place.wrongType(value, "data: an object with batches(epoch), or pictures");
  const { size } = given;
  return {
    size: size === undefined ? undefined : count(1)(size, place.part("size")),
    batches: (epoch) => {
      const batches = (given as { batches(epoch: EpochStart): unknown }).batches(epoch);
      const several = batches as Partial<AsyncIterable<unknown> & Iterable<unknown>> | undefined;
      const iterator = several?.[Symbol.asyncIterator]?.() ?? several?.[Symbol.iterator]?.();
      if (iterator !== undefined) return iterator as AsyncIterator<unknown>;
      const what = `${describeType(batches)} of batches()`;
      throw place.part("batches").wrongType(batches, `an async iterable, not ${what}`);
    },
  };
};
