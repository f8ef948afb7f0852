/** Our own exports come back as the graphs that they were. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Graph } from "../../../src/graph/graph.js";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { exportOnnx } from "../../../src/onnx/export.js";
import { elements } from "../../../src/ops/shape.js";
import { relativeL2 } from "../../support/compare.js";
import { exampleSpec } from "../../support/examples.js";
import { interpret } from "../../support/interpreter.js";
import { graphOf, randomWeights } from "../../support/network.js";
import { Random } from "../../support/random.js";
import { computed } from "./judged.js";

const graphOfExample = (name: string): Graph => {
  const path = exampleSpec(name);
  return graphOf({ path, text: readFileSync(path, "utf8") });
};

test.each(["digits", "cifar-inception"])("what %s computes", async (name) => {
  const graph = graphOfExample(name);
  const weights = randomWeights(graph, 3);
  const x = new Random(3).floats(elements(graph.inputs[0]!.shape), -2, 2);
  const outputs = await computed(await readOnnx(exportOnnx(graph, weights)), [x]);
  const exact = new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
  for (const [name, expected] of interpret(graph, x, exact)) {
    const difference = relativeL2(Float32Array.from(outputs.get(name)!), expected);
    expect(difference, name).toBeLessThanOrEqual(1e-6);
  }
});

test("the layers of GoogLeNet, and what their weights are called", async () => {
  const graph = graphOfExample("torchvision-googlenet");
  const { graph: read, names } = await readOnnx(exportOnnx(graph, randomWeights(graph, 3)));
  const layers = ({ nodes }: Graph): readonly string[] =>
    nodes
      .filter(({ primitive, attrs, inputs }) => primitive.passesOn?.(attrs, inputs.length) !== true)
      // A linear map flattens by itself; in ONNX a node of its own does.
      .filter(({ primitive }) => primitive.name !== "flatten")
      .map(
        ({ primitive, weights }) =>
          `${primitive.name} ${Object.values(weights)
            .map((value) => value.name)
            .join(" ")}`,
      );
  expect(layers(read)).toEqual(layers(graph));
  const conv = read.nodes.find(
    ({ weights }) => weights["weight"]?.name === "inception4b.branch2.1.conv.weight",
  );
  expect(names.get(conv!.outputs[0]!)).toEqual(["inception4b", "branch2", "1", "conv"]);
});
