import { inner } from "../inner.js";
import { channels, elements } from "../shape.js";

export interface AccuracyAttrs {
  /** Places whose target is this index do not count. */
  readonly ignore: number | undefined;
}

/**
 * From numbers that rank the classes and the targets: the share of a batch's places whose largest
 * number, the first of equals, is that of the right class. 0 where no place counts.
 */
export const accuracy = inner<AccuracyAttrs>({
  name: "accuracy",
  infer: () => [[1]],
  results: () => [{ extent: "batch" }],
  tolerance: 0,
  evaluate: ({ inputs: [x, target] }, { ignore }) => {
    const { shape, data } = x!;
    const [count, pixels] = [channels(shape), elements(shape.slice(1))];
    let [right, places] = [0, 0];
    target!.data.forEach((wanted, i) => {
      if (wanted === ignore) return;
      const from = Math.floor(i / pixels) * elements(shape) + (i % pixels);
      let best = 0;
      for (let c = 1; c < count; c++) {
        if (data[from + c * pixels]! > data[from + best * pixels]!) best = c;
      }
      places++;
      if (best === wanted) right++;
    });
    return [Float64Array.of(right / Math.max(places, 1))];
  },
});
