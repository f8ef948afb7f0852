/** GoogLeNet with BVLC's weights against what PyTorch and Caffe computed with them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { parametersOf } from "../../src/graph/graph.js";
import { readSource } from "../../src/model/sources/files.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { loadModel } from "../../src/runtime/load.js";
import type { SafetensorsFile } from "../../src/checkpoints/safetensors/file.js";
import { openSafetensors } from "../../src/checkpoints/open.js";
import { relativeL2 } from "../support/compare.js";
import { dataFile, withData } from "../support/data.js";
import { graphOf } from "../support/network.js";
import { OnnxModel } from "../support/onnxruntime.js";

const spec = "examples/googlenet/googlenet.incept";
const side = 224;
const pixels = side * side;
const means = [104, 117, 123];

/** The stored activations of row 0 and the steps that compute them. */
const steps = {
  "conv_1.0": "row0_conv1",
  "conv_1.1": "row0_pool1",
  conv_1: "row0_norm1",
  "conv_2.2": "row0_norm2",
  conv_2: "row0_pool2",
  inception_3a: "row0_inception_3a",
  inception_3b: "row0_inception_3b",
  inception_4e: "row0_inception_4e",
  inception_5b: "row0_inception_5b",
};

/** Row 0 is BGR 0..255 as it is, the others have the channel means subtracted. */
function inputs(rgb: Float32Array): Float32Array {
  const rows = rgb.length / (3 * pixels);
  const data = new Float32Array(rgb.length);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / (3 * pixels));
    const channel = Math.floor(i / pixels) % 3;
    const value = rgb[(row * pixels + (i % pixels)) * 3 + 2 - channel]!;
    data[i] = row === 0 ? value : value - means[channel]!;
  }
  expect(rows).toBe(5);
  return data;
}

/** The largest absolute difference. */
function farthest(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  return actual.reduce((most, p, i) => Math.max(most, Math.abs(p - expected[i]!)), 0);
}

withData("googlenet", { timeout: 900_000 }, () => {
  const weights = dataFile("googlenet/googlenet.safetensors");
  let golden: SafetensorsFile;
  let image: Float32Array;

  beforeAll(async () => {
    golden = await openSafetensors(dataFile("googlenet/golden.safetensors"));
    image = inputs(await golden.readFloat32("image_rgb_u8_nhwc"));
  });
  afterAll(() => golden.close());

  test("gives the golden probabilities", async () => {
    const model = await (await loadModel(spec)).load({ weights });
    const { prob } = await model.run({ image });
    expect(farthest(prob!, await golden.readFloat32("prob"))).toBeLessThanOrEqual(2e-5);
    await model.dispose();
  });

  test("gives the stored activations", async () => {
    const model = await (await loadModel(spec)).load({ weights, tap: Object.keys(steps) });
    const outputs: Record<string, Float32Array> = await model.run({
      image: image.subarray(0, 3 * pixels),
    });
    for (const [step, name] of Object.entries(steps)) {
      const difference = relativeL2(outputs[step]!, await golden.readFloat32(name));
      expect(difference, step).toBeLessThanOrEqual(1e-4);
    }
    await model.dispose();
  });

  test("gives the golden probabilities through ONNX", async () => {
    const graph = graphOf(readSource(spec));
    const tensors = new Map<string, Float32Array>();
    const file = await openSafetensors(weights);
    for (const { name } of parametersOf(graph)) tensors.set(name, await file.readFloat32(name));
    await file.close();
    const onnx = await OnnxModel.open(graph, exportOnnx(graph, tensors));
    const prob = (await onnx.run(image, 5)).get("prob")!;
    await onnx.close();
    expect(farthest(prob, await golden.readFloat32("prob"))).toBeLessThanOrEqual(2e-5);
  });

  test("gives probabilities near them in bf16", async () => {
    const net = await loadModel(spec, { target: "cpu", precision: "bf16" });
    const model = await net.load({ weights });
    const { prob } = await model.run({ image });
    const expected = await golden.readFloat32("prob");
    for (let row = 0; row < 5; row++) {
      const of = (all: Float32Array): Float32Array => all.subarray(row * 1000, (row + 1) * 1000);
      expect(relativeL2(of(prob!), of(expected)), `row ${row}`).toBeLessThan(0.02);
    }
    await model.dispose();
  });

  test.each(["f32", "bf16"] as const)(
    "names what the photographs show, in %s",
    async (precision) => {
      const photos = {
        "skimage_chelsea.png": ["Egyptian cat", 0.495],
        "skimage_coffee.png": ["espresso", 0.901],
        "torchvision_dog1.jpg": ["Pembroke", 0.934],
        "bvlc_cat.jpg": ["tiger cat", 0.45],
      } as const;
      const net = await loadModel(spec, { target: "cpu", precision });
      const model = await net.load({ weights });
      for (const [file, [label, probability]] of Object.entries(photos)) {
        const [best] = await model.classify(dataFile("photos", file), {
          top: 1,
          labels: dataFile("labels/synset_words.txt"),
        });
        expect(best!.label).toContain(label);
        expect(best!.probability).toBeCloseTo(probability, 1);
      }
      await model.dispose();
    },
  );
});
