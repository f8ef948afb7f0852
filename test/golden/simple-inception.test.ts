/** The review's network with trained weights: PyTorch's logits, and PyTorch's accuracy. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadModel } from "../../src/runtime/load.js";
import type { Model } from "../../src/runtime/model.js";
import { openSafetensors } from "../../src/checkpoints/open.js";
import { relativeL2 } from "../support/compare.js";
import { dataFile, withData } from "../support/data.js";

const mean = [0.4914, 0.4822, 0.4465];
const std = [0.247, 0.2435, 0.2616];
const pixels = 32 * 32;

/** What PyTorch gets right of the 500, by examples/simple-inception/accuracy.py. */
const rightInPyTorch = 215;

/** Bytes of N,C,H,W images, RGB, as the network takes them. */
const normalise = (bytes: ArrayLike<number>): Float32Array =>
  Float32Array.from(bytes, (value, i) => {
    const channel = Math.floor(i / pixels) % 3;
    return (value / 255 - mean[channel]!) / std[channel]!;
  });

withData("simple-inception", () => {
  let model: Model;

  beforeAll(async () => {
    const net = await loadModel("examples/simple-inception/simple-inception.incept");
    const weights = dataFile("simple-inception/simple_inception.safetensors");
    model = await net.load({ weights });
  });
  afterAll(() => model?.dispose());

  test("gives the golden logits", async () => {
    const golden = await openSafetensors(dataFile("simple-inception/golden.safetensors"));
    const image = normalise(await golden.readFloat32("image_u8"));
    const { logits } = await model.run({ image });
    expect(relativeL2(logits!, await golden.readFloat32("logits"))).toBeLessThanOrEqual(1e-4);
    await golden.close();
  });

  test("gets as many of the test images right as PyTorch", async () => {
    const records = readFileSync(dataFile("cifar10/test500.bin"));
    const size = 1 + 3 * pixels;
    const count = records.length / size;
    const images = Array.from({ length: count }, (_, i) =>
      normalise(records.subarray(i * size + 1, (i + 1) * size)),
    );
    const image = Float32Array.from(images.flatMap((values) => [...values]));
    const { logits } = await model.run({ image });
    const right = images.filter((_, i) => {
      const row = logits!.subarray(i * 10, (i + 1) * 10);
      return row.indexOf(Math.max(...row)) === records[i * size];
    });
    expect(count).toBe(500);
    expect(right.length).toBe(rightInPyTorch);
  });
});
