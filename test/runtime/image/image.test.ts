import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import type { ImageInput } from "../../../src/model/network.js";
import { decode, imageTensor, normalise } from "../../../src/runtime/image/image.js";
import { dataFile, withData } from "../../support/data.js";

const input: ImageInput = {
  resize: 4,
  crop: [4, 4],
  order: "rgb",
  range: 1,
  mean: [0],
  std: [1],
};

const plain = (channels: 3 | 4 = 3): Sharp =>
  sharp({
    create: { width: 40, height: 30, channels, background: { r: 200, g: 100, b: 50, alpha: 0.5 } },
  });

const firstPixel = async (image: Sharp): Promise<number[]> => {
  const { rgb } = await decode(await image.toBuffer(), input);
  expect(rgb).toHaveLength(4 * 4 * 3);
  return [...rgb.subarray(0, 3)];
};

withData("a real photograph", () => {
  // Every 3763rd byte of PIL 12.3's convert("RGB").resize((385, 256), BILINEAR) and
  // crop((80, 16, 304, 240)): rows of R,G,B.
  const pil = [
    170, 81, 68, 134, 104, 79, 131, 87, 118, 164, 131, 93, 132, 137, 30, 173, 113, 8, 78, 20, 124,
    177, 99, 77, 157, 108, 33, 154, 92, 71, 181, 62, 118, 158, 108, 114, 121, 107, 46, 134, 168,
  ];

  it("is resized and cropped exactly as PIL does", async () => {
    const file = dataFile("photos", "skimage_chelsea.png");
    const { rgb } = await decode(file, { resize: 256, crop: [224, 224] });
    expect(rgb).toHaveLength(224 * 224 * 3);
    const differences = pil.map((expected, i) => Math.abs((rgb[i * 3763] ?? NaN) - expected));
    expect(pil).toHaveLength(Math.ceil(rgb.length / 3763));
    expect(Math.max(...differences)).toBe(0);
  });
});

describe("decoding", () => {
  it("reads the common formats", async () => {
    expect(await firstPixel(plain().png())).toEqual([200, 100, 50]);
    expect(await firstPixel(plain().gif())).toEqual([200, 100, 50]);
    expect(await firstPixel(plain().webp({ lossless: true }))).toEqual([200, 100, 50]);
    for (const [c, value] of (await firstPixel(plain().jpeg())).entries()) {
      expect(Math.abs(value - ([200, 100, 50][c] ?? 0))).toBeLessThanOrEqual(2);
    }
  });

  it("makes three channels of grey, and lays transparency over black", async () => {
    const grey = sharp({ create: { width: 9, height: 9, channels: 3, background: "#646464" } });
    expect(await firstPixel(grey.greyscale().png())).toEqual([100, 100, 100]);
    expect(await firstPixel(plain(4).png())).toEqual([100, 50, 25]);
  });

  it("reads 16 bits a channel", async () => {
    expect(await firstPixel(plain().toColourspace("rgb16").png())).toEqual([200, 100, 50]);
  });

  it("turns an image upright", async () => {
    const pixels = Buffer.alloc(8 * 4 * 3);
    pixels.fill(255, 0, 8 * 2 * 3);
    const image = sharp(pixels, { raw: { width: 8, height: 4, channels: 3 } });
    const { rgb } = await decode(
      await image.withMetadata({ orientation: 6 }).png().toBuffer(),
      input,
    );
    expect([rgb[0], rgb[9]]).toEqual([0, 255]);
  });

  it.each([
    ["text", Buffer.from("no image at all")],
    ["nothing", Buffer.alloc(0)],
    ["an absent file", "/absent/cat.jpg"],
  ])("refuses %s by name", async (_, source) => {
    await expect(decode(source, input)).rejects.toMatchObject({ code: "image/unreadable" });
  });

  it("refuses half a file", async () => {
    const whole = await plain().resize(400, 400).jpeg().toBuffer();
    const half = whole.subarray(0, whole.length / 2);
    await expect(decode(half, input)).rejects.toMatchObject({ code: "image/unreadable" });
  });
});

describe("normalising", () => {
  const pixels = { width: 2, height: 1, rgb: Uint8Array.of(10, 20, 30, 40, 50, 60) };

  it("makes planes of R, G, B between 0 and 1", () => {
    const planes = [10, 40, 20, 50, 30, 60].map((byte) => byte / 255);
    expect(normalise(pixels, input)).toEqual(Float32Array.from(planes));
  });

  it("takes order, range, and a mean and std a channel in that order", () => {
    const caffe = { ...input, order: "bgr", range: 255, mean: [1, 2, 3], std: [1, 2, 4] } as const;
    expect(normalise(pixels, caffe)).toEqual(Float32Array.of(29, 59, 9, 24, 7 / 4, 37 / 4));
  });

  it("applies one mean and std to every channel", () => {
    const half = { ...input, mean: [0.5], std: [0.5] };
    expect(normalise(pixels, half)[5]).toBeCloseTo((60 / 255 - 0.5) / 0.5, 6);
  });

  it("ends an image's way as a tensor of the crop's size", async () => {
    const tensor = await imageTensor(await plain().png().toBuffer(), { ...input, crop: [2, 3] });
    expect(tensor).toHaveLength(3 * 2 * 3);
    expect(tensor[0]).toBeCloseTo(200 / 255, 6);
  });
});
