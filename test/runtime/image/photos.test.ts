/** Photographs against torchvision's bytes; see fixtures-pictures/make_photos.py. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../../src/emit/package.js";
import type { ImageInput } from "../../../src/model/network.js";
import { openSafetensors } from "../../../src/checkpoints/open.js";
import { dataFile, withData } from "../../support/data.js";
import { bytesOf, decoded, fnv, prepared, stretchedInput } from "./support.js";

const fixture = packageFile("test", "fixtures-pictures", "photos.json");
const photos = Object.entries(
  JSON.parse(readFileSync(fixture, "utf8")) as Record<string, Record<string, string>>,
);

const inputOf = (recipe: string): ImageInput => {
  const [resize, height, width, interpolation] = recipe.split(" ");
  return {
    ...stretchedInput,
    size: [Number(height), Number(width)],
    interpolation: interpolation as ImageInput["interpolation"],
    ...(resize === "0" ? {} : { fit: "crop", resize: Number(resize) }),
  };
};

const check = (file: (name: string) => string) => (name: string, hashes: Record<string, string>) =>
  it(`${name} has torchvision's bytes`, async () => {
    const raster = await decoded(file(name));
    const found = Object.keys(hashes).map(async (recipe) => {
      const planes = await prepared(raster, inputOf(recipe));
      return [recipe, fnv(Uint8Array.from(planes))];
    });
    expect(Object.fromEntries(await Promise.all(found))).toEqual(hashes);
  });

const ours = (name: string): string => packageFile("examples", "photos", name);

describe("a photograph of the examples", () => {
  const committed = photos.filter(([name]) => existsSync(ours(name)));
  it("is there", () => expect(committed).toHaveLength(3));
  for (const photo of committed) check(ours)(...photo);
});

withData("a photograph of the data", () => {
  for (const photo of photos.filter(([name]) => !existsSync(ours(name)))) {
    check((name) => dataFile("photos", name))(...photo);
  }

  // The golden pixels of skimage_chelsea.png had their long side rounded up, as torchvision has not.
  it("has the pixels that GoogLeNet's golden probabilities were made of", async () => {
    const golden = await openSafetensors(dataFile("googlenet/golden.safetensors"));
    const pixels = Uint8Array.from(await golden.readFloat32("image_rgb_u8_nhwc"));
    await golden.close();
    const size = 224 * 224 * 3;
    for (const [row, name] of [
      [1, "bvlc_cat.jpg"],
      [3, "skimage_coffee.png"],
      [4, "torchvision_dog1.jpg"],
    ] as const) {
      const bytes = await bytesOf(dataFile("photos", name), { resize: 256, size: [224, 224] });
      expect(Buffer.compare(bytes, pixels.subarray(row * size, (row + 1) * size)), name).toBe(0);
    }
  });
});
