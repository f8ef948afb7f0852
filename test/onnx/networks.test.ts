/**
 * Random networks as ONNX models of every version of its operators that can be written, run by ONNX
 * Runtime, against the definitions in f64.
 */
import { describe, expect, test } from "vitest";
import { exportOnnx, opsets } from "../../src/onnx/export.js";
import { elements } from "../../src/ops/shape.js";
import { relativeL2 } from "../support/compare.js";
import { interpret } from "../support/interpreter.js";
import { graphOf, randomWeights } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { OnnxModel } from "../support/onnxruntime.js";
import { Random } from "../support/random.js";

/** Tens of f32 layers against the same in f64. */
const tolerance = 1e-5;

async function judge(spec: string, opset: number, seed: number): Promise<void> {
  const graph = graphOf(spec);
  const weights = randomWeights(graph, seed);
  const x = new Random(seed).floats(elements(graph.inputs[0]!.shape), -2, 2);
  const model = await OnnxModel.open(graph, exportOnnx(graph, weights, { opset }));
  const outputs = await model.run(x);
  await model.close();
  const exact = new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
  for (const [name, expected] of interpret(graph, x, exact)) {
    expect(relativeL2(outputs.get(name)!, expected), name).toBeLessThanOrEqual(tolerance);
  }
}

const versions = opsets.newest - opsets.oldest + 1;

test.each(Array.from({ length: 50 }, (_, i) => [i + 1, opsets.oldest + (i % versions)] as const))(
  "network %i in opset %i",
  (seed, opset) => judge(randomNetwork(seed), opset, seed),
);

/** What ONNX has had only since, or takes otherwise since. */
const young = {
  hardswish: "conv(3x3, 4) -> hardswish",
  layernorm: "layernorm -> flatten -> layernorm(affine: false)",
  l2norm: "l2norm(scale: 2)",
  gelu: "gelu -> gelu_tanh",
};

describe.each([opsets.oldest, opsets.usual, opsets.newest])("in opset %i", (opset) => {
  test.each(Object.entries(young))("%s", (_, chain) =>
    judge(`model M { input x: f32[3, 5, 6] output y: ${chain} }`, opset, 1),
  );
});
