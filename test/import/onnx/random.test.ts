/** Our own exports come back as graphs that compute the same. */
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { exportOnnx } from "../../../src/onnx/export.js";
import { elements } from "../../../src/ops/shape.js";
import { relativeL2 } from "../../support/compare.js";
import { interpret } from "../../support/interpreter.js";
import { graphOf, randomWeights } from "../../support/network.js";
import { randomNetwork } from "../../support/networks.js";
import { Random } from "../../support/random.js";
import { computed } from "./judged.js";

/** Constants are f32 in the file: a slope, a correction of an average. */
const tolerance = 1e-6;

test.each(Array.from({ length: 40 }, (_, i) => i + 1))("network %i", async (seed) => {
  const graph = graphOf(randomNetwork(seed));
  const weights = randomWeights(graph, seed);
  const x = new Random(seed).floats(elements(graph.inputs[0]!.shape), -2, 2);
  const imported = await readOnnx(exportOnnx(graph, weights));
  const outputs = await computed(imported, [x]);
  const exact = new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
  for (const [name, expected] of interpret(graph, x, exact)) {
    expect(relativeL2(Float32Array.from(outputs.get(name)!), expected), name).toBeLessThanOrEqual(
      tolerance,
    );
  }
});
