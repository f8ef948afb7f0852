/**
 * Random networks on the simulator of a GPU: in every precision against the CPU target, which ONNX
 * Runtime judges in ../networks.test.ts; in 16 bits also against the definitions, with numbers
 * rounded where they are stored, since that many layers of rounding tell little of each.
 */
import { afterAll, expect, test } from "vitest";
import { elements } from "../../../src/ops/shape.js";
import { runPasses } from "../../../src/passes/run.js";
import { relativeL2 } from "../../support/compare.js";
import { interpret } from "../../support/interpreter.js";
import { graphOf, networkOf, randomWeights } from "../../support/network.js";
import { randomNetwork } from "../../support/networks.js";
import { cudaTarget } from "../../../src/targets/cuda/target.js";
import { QuickBuilder, type Variant } from "../../support/quick-build.js";
import { Random } from "../../support/random.js";
import { roundings } from "../../support/rounding.js";

const gpuTarget = cudaTarget({
  target: "cuda-sim",
  precision: "f32",
  architectures: [],
  placed: true,
});
const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

const seeds = Array.from({ length: 50 }, (_, i) => i + 1);

/** Relative L2 to the CPU. */
const tolerance = { f32: 1e-5, tf32: 4e-3, f16: 4e-3, bf16: 3e-2 } as const;
/**
 * To the definitions, rounded, beside what one rounding more makes of the same network: a library
 * that cannot fuse an activation rounds before it too. A unit in a value here and there grows; one
 * unit of bf16 is 3.9e-3.
 */
const roundedTolerance = { f16: 4e-3, bf16: 8e-3 } as const;

type Precision = keyof typeof tolerance;
type Outputs = ReadonlyMap<string, Float32Array>;

/** Every network in f32, and in one of the others; one in five as written. */
const variantsOf = (seed: number): readonly (Variant & { readonly precision: Precision })[] =>
  (["f32", (["f16", "bf16", "tf32"] as const)[seed % 3]!] as const).map((precision) => ({
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
  const x = new Random(seed).floats(batch * elements(graph.inputs[0]!.shape), -2, 2);
  const run = async (variant: Variant): Promise<Outputs> =>
    (await builder.build(networkOf(spec), variant)).run(x, weights);
  const cpu = await run({ passes: true });
  for (const variant of variantsOf(seed)) {
    const { precision, passes } = variant;
    const gpu = await run(variant);
    expect([...gpu.keys()]).toEqual([...cpu.keys()]);
    const short = precision === "f16" || precision === "bf16" ? precision : undefined;
    const rounded = short === undefined ? undefined : defined(short, passes);
    const unfused = short === undefined ? undefined : defined(short, false);
    for (const [name, values] of gpu) {
      const difference = relativeL2(values, cpu.get(name)!);
      expect(difference, `${name} in ${precision}`).toBeLessThanOrEqual(tolerance[precision]);
      if (rounded === undefined || unfused === undefined || short === undefined) continue;
      const own = values.subarray(0, values.length / batch);
      const once = relativeL2(unfused.get(name)!, rounded.get(name)!);
      expect(relativeL2(own, rounded.get(name)!), `${name}, rounded`).toBeLessThanOrEqual(
        roundedTolerance[short] + once,
      );
    }
  }

  /** The first image by the definitions. */
  function defined(precision: "f16" | "bf16", passes: boolean): ReadonlyMap<string, Float64Array> {
    const compiled = passes ? runPasses(graph, gpuTarget.traits).graph : graph;
    const numbers = new Map([...weights].map(([name, w]) => [name, Float64Array.from(w)]));
    return interpret(
      compiled,
      x.subarray(0, elements(graph.inputs[0]!.shape)),
      numbers,
      roundings[precision],
    );
  }
});
