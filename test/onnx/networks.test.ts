/** Random networks as ONNX models, run by ONNX Runtime, against the definitions in f64. */
import { expect, test } from "vitest";
import { exportOnnx } from "../../src/onnx/export.js";
import { elements } from "../../src/ops/shape.js";
import { relativeL2 } from "../support/compare.js";
import { interpret } from "../support/interpreter.js";
import { graphOf, randomWeights } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { OnnxModel } from "../support/onnxruntime.js";
import { Random } from "../support/random.js";

/** Tens of f32 layers against the same in f64. */
const tolerance = 1e-5;

test.each(Array.from({ length: 50 }, (_, i) => i + 1))("network %i", async (seed) => {
  const graph = graphOf(randomNetwork(seed));
  const weights = randomWeights(graph, seed);
  const x = new Random(seed).floats(elements(graph.inputs[0]!.shape), -2, 2);
  const model = await OnnxModel.open(graph, exportOnnx(graph, weights));
  const outputs = await model.run(x);
  await model.close();
  const exact = new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
  for (const [name, expected] of interpret(graph, x, exact)) {
    expect(relativeL2(outputs.get(name)!, expected), name).toBeLessThanOrEqual(tolerance);
  }
});
