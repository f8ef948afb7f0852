/** What `export` writes of an example and `import` makes of it is the same network again. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import { readOnnx } from "../../src/import/onnx/read-onnx.js";
import { pair } from "../../src/import/same.js";
import { writtenSpec } from "../../src/import/written.js";
import { exportOnnx, opsets } from "../../src/onnx/export.js";
import { dataFile, withData } from "../support/data.js";
import { exampleSpec } from "../support/examples.js";
import { elements } from "../../src/ops/shape.js";
import { graphOf, randomWeights } from "../support/network.js";

const examples = [
  ...["googlenet", "torchvision-googlenet", "densenet-121", "squeezenet", "mobilenet-v2"],
  ...["shufflenet-v2", "bn-inception", "ssd-inception", "simple-inception"],
];

test.each(examples)("%s", async (name) => {
  const path = exampleSpec(name);
  const graph = graphOf({ path, text: readFileSync(path, "utf8") });
  const weights = randomWeights(graph, 1);
  for (const opset of [opsets.oldest, opsets.newest]) {
    const imported = await readOnnx(exportOnnx(graph, weights, { opset }));
    const written = writtenSpec(imported, { name: "Again", comment: [] });
    const pairs = pair(graph, buildGraph(written.network));
    if (typeof pairs === "string") throw new Error(pairs);
    const originals = new Map([...pairs].map(([ours, theirs]) => [ours.name, theirs.name]));
    expect(written.weights.map(({ parameter }) => originals.get(parameter.name)).sort()).toEqual(
      [...weights.keys()].sort(),
    );
    for (const { parameter, from } of written.weights) {
      const was = weights.get(originals.get(parameter.name)!)!;
      expect(Buffer.compare(bytesOf(await from.read()), bytesOf(was)), parameter.name).toBe(0);
    }
  }
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

withData("models of the ONNX project, by Caffe2", () => {
  // As Szegedy et al., Krizhevsky et al. and Iandola et al. count their parameters.
  test.each([
    ["inception_v1", 6_998_552],
    ["bvlc_alexnet", 60_965_224],
    ["squeezenet", 1_235_496],
  ])("%s has %i parameters", async (name, count) => {
    const imported = await readOnnx(dataFile("onnx-light", `${name}.onnx`));
    const { weights } = writtenSpec(imported, { name: "Net", comment: [] });
    await imported.close();
    const sizes = weights.map(({ parameter: { shape } }) => elements(shape));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count);
  });

  test("Inception-v1 reads as its table", async () => {
    const imported = await readOnnx(dataFile("onnx-light", "inception_v1.onnx"));
    const { text } = writtenSpec(imported, { name: "Net", comment: [] });
    await imported.close();
    expect(text.split("\n").filter((row) => row.includes("Inception("))).toEqual([
      "module Inception(n1, r3, n3, r5, n5, pp) {",
      "  inception_3a: Inception( 64,  96, 128, 16,  32,  32)",
      "  inception_3b: Inception(128, 128, 192, 32,  96,  64)",
      "  inception_4a: Inception(192,  96, 208, 16,  48,  64)",
      "  inception_4b: Inception(160, 112, 224, 24,  64,  64)",
      "  inception_4c: Inception(128, 128, 256, 24,  64,  64)",
      "  inception_4d: Inception(112, 144, 288, 32,  64,  64)",
      "  inception_4e: Inception(256, 160, 320, 32, 128, 128)",
      "  inception_5a: Inception(256, 160, 320, 32, 128, 128)",
      "  inception_5b: Inception(384, 192, 384, 48, 128, 128)",
    ]);
  });
});
