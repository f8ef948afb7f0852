/**
 * The examples on the simulator of a GPU, through the typed module as a user has it, against the
 * CPU target.
 */
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graph/build.js";
import { readSource } from "../../../src/model/sources/files.js";
import { elements } from "../../../src/ops/shape.js";
import { loadModel } from "../../../src/runtime/load.js";
import type { BuildOptions } from "../../../src/runtime/options.js";
import { relativeL2 } from "../../support/compare.js";
import { networkOf } from "../../support/network.js";
import { Random } from "../../support/random.js";

const tolerance = { f32: 1e-5, f16: 4e-3, bf16: 3e-2 } as const;

/** The large ones run one image. */
const cases = [
  ["cifar-inception", "f32", 8],
  ["cifar-inception", "f16", 3],
  ["cifar-inception", "bf16", 1],
  ["simple-inception", "f32", 3],
  ["simple-inception", "f16", 1],
  ["googlenet", "f32", 1],
  ["googlenet", "f16", 1],
  ["inception-v3", "f32", 1],
  ["inception-resnet-v2", "f32", 1],
] as const;

test.each(cases)("%s in %s", { timeout: 900_000 }, async (name, precision, maxBatch) => {
  const spec = `examples/${name}/${name}.incept`;
  const { inputs, outputs } = buildGraph(networkOf(readSource(spec)));
  const x = new Random(1).floats(maxBatch * elements(inputs[0]!.shape), -2, 2);
  const run = async (options: BuildOptions): Promise<Record<string, Float32Array>> => {
    const net = await loadModel(spec, options);
    await using model = await net.load({ weights: "random:1" });
    return await model.run({ [inputs[0]!.name]: x });
  };
  const cpu = await run({ target: "cpu" });
  const gpu = await run({ target: "cuda-sim", precision, maxBatch });
  for (const output of outputs) {
    const difference = relativeL2(gpu[output.name]!, cpu[output.name]!);
    expect(difference, output.name).toBeLessThanOrEqual(tolerance[precision]);
  }
});
