/**
 * Random networks on the simulator of a GPU against the CPU target, in every precision; ONNX
 * Runtime judges that one in ../networks.test.ts.
 */
import { afterAll, expect, test } from "vitest";
import { elements } from "../../../src/ops/shape.js";
import { relativeL2 } from "../../support/compare.js";
import { graphOf, networkOf, randomWeights } from "../../support/network.js";
import { randomNetwork } from "../../support/networks.js";
import { QuickBuilder, type Variant } from "../../support/quick-build.js";
import { Random } from "../../support/random.js";

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

const seeds = Array.from({ length: 50 }, (_, i) => i + 1);
const precisions = ["f32", "f16", "tf32", "bf16"] as const;
/** Relative L2. The simulator computes tf32 as f32. */
const tolerance = { f32: 1e-5, tf32: 1e-5, f16: 4e-3, bf16: 3e-2 } as const;

/** Every network in f32, and in one of the others; one in five as written. */
const variantsOf = (seed: number): readonly Variant[] =>
  ["f32" as const, precisions[1 + (seed % 3)]!].map((precision) => ({
    target: "cuda-sim",
    precision,
    passes: seed % 5 !== 0,
    maxBatch: 4,
  }));

// Several at a time share two compilers.
test.concurrent.each(seeds)("network %i", { timeout: 900_000 }, async (seed) => {
  const spec = randomNetwork(seed);
  const graph = graphOf(spec);
  const weights = randomWeights(graph, seed);
  const batch = 1 + (seed % 4);
  const x = new Random(seed).floats(batch * elements(graph.input.shape), -2, 2);
  const cpu = await (await builder.build(networkOf(spec), { passes: true })).run(x, weights);
  for (const variant of variantsOf(seed)) {
    const gpu = await (await builder.build(networkOf(spec), variant)).run(x, weights);
    expect([...gpu.keys()]).toEqual([...cpu.keys()]);
    for (const [name, values] of gpu) {
      const difference = relativeL2(values, cpu.get(name)!);
      expect(difference, `${name} in ${variant.precision}`).toBeLessThanOrEqual(
        tolerance[variant.precision!],
      );
    }
  }
});
