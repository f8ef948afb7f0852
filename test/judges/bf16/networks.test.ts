/**
 * Random networks in bf16 against the same in f32, on every instruction set of this machine: what
 * layers pass on is rounded to 8 bits.
 */
import { afterAll, expect, test } from "vitest";
import { elements } from "../../../src/ops/shape.js";
import { type CpuLevel, hostLevel, levelsOfArch } from "../../../src/targets/cpu/level.js";
import { relativeL2 } from "../../support/compare.js";
import { graphOf, networkOf, randomWeights } from "../../support/network.js";
import { randomNetwork } from "../../support/networks.js";
import { QuickBuilder } from "../../support/quick-build.js";
import { Random } from "../../support/random.js";

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

/** A rounding is 2^-8 at most; depth and sums that cancel make more of it. */
const tolerance = 0.05;

const known = levelsOfArch("bf16");
const levels = known.slice(known.indexOf(hostLevel("bf16")));
const seeds: Readonly<Record<CpuLevel, readonly number[]>> = {
  amx: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  avx512: [1, 13],
  avx2: [2, 14],
  baseline: [3, 15],
  neon: [1, 2, 3],
};

test.concurrent.each(levels.flatMap((level) => seeds[level].map((seed) => ({ level, seed }))))(
  "network $seed for $level",
  { timeout: 900_000 },
  async ({ level, seed }) => {
    const network = networkOf(randomNetwork(seed));
    const graph = graphOf(randomNetwork(seed));
    const weights = randomWeights(graph, seed);
    const x = new Random(seed).floats(3 * elements(graph.inputs[0]!.shape), -2, 2);
    const plain = await (await builder.build(network, { passes: true })).run(x, weights);
    const bf16 = await builder.build(network, { passes: true, precision: "bf16", level });
    const rounded = await bf16.run(x, weights, 1);
    for (const [name, values] of rounded) {
      expect(relativeL2(values, plain.get(name)!), name).toBeLessThan(tolerance);
    }
    expect(await bf16.run(x, weights, 3)).toEqual(rounded);
  },
);
