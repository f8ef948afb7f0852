/** Reads batches from where a caller has them. */
import { count, type Reader } from "../check-options.js";
import { describeType } from "../wrong-call.js";
import type { EpochStart } from "./types.js";

/** Data of which nothing is known but that it gives batches. */
export interface CheckedData {
  readonly size: number | undefined;
  batches(epoch: EpochStart): AsyncIterator<unknown>;
}

/** An argument or option that is data. */
export const dataReader: Reader<CheckedData> = (value, place) => {
  const given = value as { readonly size?: unknown; readonly batches?: unknown } | null;
  const is = typeof given === "object" && given !== null && typeof given.batches === "function";
  if (!is) throw place.wrongType(value, "data: an object with batches(epoch)");
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
