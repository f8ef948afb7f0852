import { inner } from "../inner.js";
import { philox } from "./philox.js";
import type { Primitive } from "../primitive.js";

export interface DropoutTrainingAttrs {
  /** The share of elements that are dropped. */
  readonly p: number;
  /** Which of a graph's dropouts it is: each draws numbers of its own. */
  readonly stream: number;
}

/**
 * x / (1 - p), or 0 for a share p of the elements (Srivastava et al. 2014). Which ones hangs on the
 * place in the batch, N,C,H,W in that order, on the stream, and on `random`: the seed and the step.
 * Element i is dropped where word i mod 4 of Philox (i div 4, stream, step, 0; seed, 0) is below
 * p * 2^32. Its derivative drops the same.
 */
export const dropoutTraining: Primitive<DropoutTrainingAttrs> = inner<DropoutTrainingAttrs>({
  name: "dropout-training",
  inPlace: true,
  operands: "one",
  infer: ([input]) => [input!],
  weights: () => ({ random: [2] }),
  format: ({ p, stream }) => `${p} stream ${stream}`,
  tolerance: 1e-6,
  evaluate: ({ inputs: [x], weights }, { p, stream }) => {
    const [seed, step] = weights["random"]!.data as unknown as readonly [number, number];
    const limit = p * 2 ** 32;
    return [
      x!.data.map((value, i) => {
        const words = philox([Math.floor(i / 4), stream, step, 0], [seed, 0]);
        return words[i % 4]! < limit ? 0 : value / (1 - p);
      }),
    ];
  },
  gradient: (b, { attrs, weights }, [dy]) => ({
    inputs: [b.node(dropoutTraining, [dy!], attrs, weights)],
  }),
});
