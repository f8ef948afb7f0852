/**
 * Random networks, and those of docs/language.md, compiled with passes on the fast kernels and as written on the reference
 * kernels, against each other and against ONNX Runtime.
 */
import { afterAll, expect, test } from "vitest";
import { type CpuLevel, hostLevel } from "../../src/targets/cpu/level.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { elements } from "../../src/ops/shape.js";
import { relativeL2 } from "../support/compare.js";
import { graphOf, networkOf, randomWeights } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { documented } from "../support/documented.js";
import { OnnxModel, type Tensors } from "../support/onnxruntime.js";
import { QuickBuilder, type Variant } from "../support/quick-build.js";
import { Random } from "../support/random.js";

const tolerance = 1e-5;
const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

const seeds = Array.from({ length: 50 }, (_, i) => i + 1);

/** What this machine can run besides its own best: a few networks are compiled for these too. */
const levels: readonly CpuLevel[] = ["avx512", "avx2", "baseline"];
const lesser = levels.slice(levels.indexOf(hostLevel()) + 1).filter(() => process.arch === "x64");

/** Batches of 1 to 5. */
const batchOf = (seed: number): number => 1 + (seed % 5);

/** Runs the variants and ONNX Runtime on one input; every output within the tolerance of the next. */
async function judge(
  seed: number,
  variants: readonly Variant[],
  spec = randomNetwork(seed),
): Promise<void> {
  const graph = graphOf(spec);
  const weights = randomWeights(graph, seed);
  const x = new Random(seed).floats(batchOf(seed) * elements(graph.inputs[0]!.shape), -2, 2);
  const onnx = await OnnxModel.open(graph, exportOnnx(graph, weights));
  let before: Tensors = await onnx.run(x, batchOf(seed));
  await onnx.close();

  const compiled = variants.map(async (variant) =>
    (await builder.build(networkOf(spec), variant)).run(x, weights),
  );
  for (const outputs of await Promise.all(compiled)) {
    expect([...outputs.keys()]).toEqual(graph.outputs.map(({ name }) => name));
    for (const [name, values] of outputs) {
      expect(relativeL2(values, before.get(name)!), name).toBeLessThanOrEqual(tolerance);
    }
    before = outputs;
  }
}

/** ./operators, ./not-finite and ./examples have the reference kernels compiled as users have them. */
const asWritten: Variant = { passes: false, optimized: false };

// Several at a time share two compilers.
test.concurrent.each(seeds)("network %i", { timeout: 900_000 }, (seed) =>
  judge(seed, [asWritten, { passes: true }]),
);

test.concurrent.each([...documented])("%s of docs/language.md", { timeout: 900_000 }, (_, spec) =>
  judge(1, [asWritten, { passes: true }], spec),
);

test.concurrent.each(lesser.flatMap((level) => [51, 52, 53, 54].map((seed) => ({ level, seed }))))(
  "network $seed for $level",
  { timeout: 900_000 },
  ({ level, seed }) => judge(seed, [{ passes: true, level }]),
);
