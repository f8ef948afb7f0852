/**
 * The examples, compiled with passes on the fast kernels and as written on the reference kernels,
 * against each other and against ONNX Runtime.
 */
import { expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import { readSource } from "../../src/model/sources/files.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { elements } from "../../src/ops/shape.js";
import { loadModel } from "../../src/runtime/load.js";
import { relativeL2 } from "../support/compare.js";
import { builtExamples } from "../support/examples.js";
import { networkOf, randomWeights } from "../support/network.js";
import { OnnxModel } from "../support/onnxruntime.js";
import { Random } from "../support/random.js";

const tolerance = 1e-5;

/** The layers of the CIFAR example once more. */
const again = "your-pictures";

const specs = builtExamples
  .filter((name) => name !== again)
  .map((name) => `examples/${name}/${name}.incept`);

test("are found", () => expect(specs.length).toBeGreaterThanOrEqual(3));

test.each(specs)("%s", { timeout: 900_000 }, async (spec) => {
  const graph = buildGraph(networkOf(readSource(spec)));
  const input = graph.inputs[0]!.name;
  const x = new Random(1).floats(elements(graph.inputs[0]!.shape), -2, 2);

  const compiled = async (passes: boolean): Promise<Record<string, Float32Array>> => {
    const net = await loadModel(spec, passes ? {} : { passes });
    await using model = await net.load({ weights: "random:1" });
    return await model.run({ [input]: x });
  };
  const fast = await compiled(true);
  const plain = await compiled(false);
  const onnx = await OnnxModel.open(graph, exportOnnx(graph, randomWeights(graph, 1)));
  const judged = await onnx.run(x);
  await onnx.close();

  for (const { name } of graph.outputs) {
    expect(relativeL2(fast[name]!, plain[name]!), name).toBeLessThanOrEqual(tolerance);
    expect(relativeL2(plain[name]!, judged.get(name)!), name).toBeLessThanOrEqual(tolerance);
  }
});
