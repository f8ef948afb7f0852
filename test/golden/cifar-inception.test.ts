/** cifar-inception with its committed weights against PyTorch, on the photographs and on CIFAR-10. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadModel } from "../../src/runtime/load.js";
import type { Model } from "../../src/runtime/model.js";
import { openSafetensors } from "../../src/checkpoints/open.js";
import { countRight, readCifar10 } from "../support/cifar10.js";
import { dataFile, withData } from "../support/data.js";

const folder = "examples/cifar-inception";

/** What PyTorch gets right of the 500, as examples/cifar-inception/README.md records. */
const rightInPyTorch = 401;

describe("cifar-inception", () => {
  let model: Model;

  beforeAll(async () => {
    const net = await loadModel(`${folder}/cifar-inception.incept`);
    model = await net.load({ weights: `${folder}/cifar-inception.safetensors` });
  });
  afterAll(() => model?.dispose());

  test("gives PyTorch's probabilities for the photographs", async () => {
    const golden = await openSafetensors(
      "test/fixtures-torch/networks/cifar-inception.safetensors",
    );
    const { prob } = await model.run({ image: await golden.readFloat32("image") });
    const expected = await golden.readFloat32("prob");
    await golden.close();
    const worst = Math.max(...expected.map((p, i) => Math.abs(p - prob![i]!)));
    expect(prob!.length).toBe(expected.length);
    expect(worst).toBeLessThanOrEqual(2e-5);
  });

  test("gives them for the files too, whose pixels are Pillow's", async () => {
    const golden = await openSafetensors(
      "test/fixtures-torch/networks/cifar-inception.safetensors",
    );
    const photos = JSON.parse(golden.metadata.photos!) as string[];
    const expected = await golden.readFloat32("prob");
    await golden.close();
    const files = photos.map((photo) => `examples/photos/${photo}`);
    const answers = await model.classify(files, { top: 10 });
    expect(answers).toHaveLength(3);
    for (const [i, classes] of answers.entries()) {
      for (const { index, probability } of classes) {
        expect(Math.abs(probability - expected[i * 10 + index]!)).toBeLessThanOrEqual(2e-5);
      }
    }
  });

  test("sees a cat in Chelsea's face", async () => {
    const [best] = await model.classify("examples/photos/chelsea-face.jpg", { top: 1 });
    expect(best!.label).toBe("cat");
    expect(Math.abs(best!.probability - 0.841)).toBeLessThan(0.001);
  });

  withData("on CIFAR-10", () => {
    test("gets as many of the test images right as PyTorch", async () => {
      const { image, labels } = readCifar10(dataFile("cifar10/test500.bin"));
      const { prob } = await model.run({ image });
      expect(labels.length).toBe(500);
      expect(countRight(prob!, labels)).toBe(rightInPyTorch);
    });
  });
});
