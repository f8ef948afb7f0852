import { describe, expect, it } from "vitest";
import type { ImageInput } from "../../../src/model/network.js";
import type { Raster } from "../../../src/runtime/image/raster.js";
import { pictureOf } from "../../../src/runtime/image/picture.js";
import { picturesTensor } from "../../../src/runtime/image/prepare.js";
import { networkOf } from "../../support/network.js";
import { packageFile } from "../../../src/emit/package.js";
import { addon, bytesOf, decoded, place, plainInput, prepared, stretchedInput } from "./support.js";

const file = packageFile("test", "fixtures-pictures", "encoded", "rgb.png");

/** The input of a spec, as its manifest says it. */
const inputOf = (input: string): { shape: readonly number[]; image: ImageInput } => {
  const { shape, image } = networkOf(`model M { input x: ${input} output y: relu }`).inputs[0];
  if (image === undefined) throw new Error("It is no image.");
  return { shape, image };
};

const raster: Raster = {
  data: Uint8Array.of(10, 20, 30, 40, 50, 60),
  width: 2,
  height: 1,
  channels: 3,
  cmyk: false,
  sampleBytes: 1,
  orientation: 1,
};

describe("a spec's input", () => {
  it("takes three planes, between 0 and 1 unless it says", async () => {
    const { image } = inputOf("f32[3, 1, 2] from image(fit: stretch)");
    const planes = [10, 40, 20, 50, 30, 60].map((byte) => byte / 255);
    expect(await prepared(raster, image)).toEqual(Float32Array.from(planes));
  });

  it("takes order, range, and a mean and std a channel in that order", async () => {
    const { image } = inputOf(
      "f32[3, 1, 2] from image(fit: stretch, order: bgr, range: 255, mean: [1, 2, 3], std: [1, 2, 4])",
    );
    expect(await prepared(raster, image)).toEqual(Float32Array.of(29, 59, 9, 24, 7 / 4, 37 / 4));
  });

  it("of one channel takes the luma", async () => {
    const { image } = inputOf("f32[1, 1, 2] from image(fit: stretch, range: 255, mean: 8, std: 2)");
    expect(await prepared(raster, image)).toEqual(Float32Array.of(5, 20));
  });

  it("crops the centre of what its interpolation makes", async () => {
    const { image } = inputOf(
      "f32[3, 8, 8] from image(resize: 11, interpolation: bicubic, range: 255)",
    );
    const same = { ...plainInput, resize: 11, size: [8, 8], interpolation: "bicubic" } as const;
    const bytes = await bytesOf(file, same);
    expect(await bytesOf(file, image)).toEqual(bytes);
    expect(await bytesOf(file, { ...same, interpolation: "nearest" })).not.toEqual(bytes);
  });

  it("takes several pictures, one after another", async () => {
    const input = inputOf("f32[1, 4, 3] from image(fit: stretch)");
    const pictures = [file, file].map((source) => pictureOf(source, place));
    const tensor = await picturesTensor(pictures, input, addon, {});
    const one = await prepared(await decoded(file), input.image);
    expect(tensor).toEqual(Float32Array.from([...one, ...one]));
  });

  it("begins no picture once it is aborted", async () => {
    const input = inputOf("f32[1, 4, 3] from image(fit: stretch)");
    const read = (): Promise<Uint8Array> => Promise.reject(new Error("It was read."));
    const signal = AbortSignal.abort(new Error("enough"));
    const reading = picturesTensor([{ name: "a", read }], input, addon, { signal });
    await expect(reading).rejects.toThrow("enough");
  });
});

describe("the event loop", () => {
  it("goes on while a photograph of 12 megapixels is resized", async () => {
    const [width, height] = [4000, 3000];
    const data = new Uint8Array(width * height * 3).fill(100);
    const image = { ...plainInput, resize: 256, size: [224, 224] } as const;
    let turns = 0;
    let done = false;
    const turn = (): void => {
      turns++;
      if (!done) setImmediate(turn);
    };
    const work = prepared({ ...raster, data, width, height }, image).finally(() => (done = true));
    expect(turns).toBe(0);
    setImmediate(turn);
    const planes = await work;
    expect(turns).toBeGreaterThan(1);
    expect(planes.every((value) => value === 100)).toBe(true);
  });
});

describe("the native side refuses", () => {
  const tensor = new Float32Array(3 * 4 * 4);
  const stretch = stretchedInput;
  const cases: readonly [what: string, raster: object, image: object, tensor: unknown][] = [
    ["too few bytes", { ...raster, data: new Uint8Array(5) }, stretch, tensor],
    ["too many bytes", { ...raster, data: new Uint8Array(7) }, stretch, tensor],
    ["other arrays", { ...raster, data: new Uint16Array(6) }, stretch, tensor],
    ["no data", { ...raster, data: undefined }, stretch, tensor],
    ["a width of 0", { ...raster, width: 0 }, stretch, tensor],
    ["half a pixel", { ...raster, width: 1.5 }, stretch, tensor],
    ["endless sides", { ...raster, width: 2 ** 40, height: 2 ** 40 }, stretch, tensor],
    ["an unknown orientation", { ...raster, orientation: 9 }, stretch, tensor],
    ["inks of three channels", { ...raster, cmyk: true }, stretch, tensor],
    ["another tensor", raster, stretch, new Float32Array(47)],
    ["a tensor of another type", raster, stretch, new Uint8Array(48)],
    ["a size of 0", raster, { ...stretch, size: [0, 4] }, tensor],
    ["a crop without a resize", raster, { ...plainInput, resize: undefined }, tensor],
  ];
  it.each(cases)("%s", (_, wrong, image, into) => {
    const call = (): unknown =>
      addon.preparePictures([wrong as Raster], image as ImageInput, into as Float32Array);
    expect(call).toThrow(/out of range|does not hold|must be|not of the image/);
  });

  it("a crop that is larger than the picture", async () => {
    const image = { ...plainInput, resize: 3 };
    await expect(prepared(raster, image)).rejects.toThrow("The crop is larger");
  });
});
