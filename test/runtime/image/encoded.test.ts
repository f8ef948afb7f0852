/** Encoded pictures of every kind against PIL's pixels; see fixtures-pictures/make_encoded.py. */
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { expect, test } from "vitest";
import { packageFile } from "../../../src/emit/package.js";
import { decoded, fnv, pixelsOf } from "./support.js";

interface Expected {
  readonly width: number;
  readonly height: number;
  readonly rgb: string;
  readonly luma: string;
  /** Where PIL has other pixels. */
  readonly why?: string;
}

const file = (name: string): string => packageFile("test", "fixtures-pictures", "encoded", name);
const all = JSON.parse(readFileSync(file("encoded.json"), "utf8")) as Record<string, Expected>;

test.each(Object.entries(all))(
  "%s has PIL's pixels",
  async (name, { width, height, rgb, luma }) => {
    const raster = await decoded(file(name));
    const sides = [raster.width, raster.height];
    expect(raster.orientation < 5 ? sides : sides.reverse()).toEqual([width, height]);
    expect(fnv(await pixelsOf(file(name)))).toBe(rgb);
    expect(fnv(await pixelsOf(file(name), "luma"))).toBe(luma);
  },
);

test("an interlaced PNG has the pixels that it was made of", async () => {
  const pixels = await pixelsOf(file("rgb.png"));
  const interlaced = await sharp(file("rgb.png")).png({ progressive: true }).toBuffer();
  expect((await sharp(interlaced).metadata()).isProgressive).toBe(true);
  expect(await pixelsOf(interlaced)).toEqual(pixels);
});

test("AVIF is read", async () => {
  const background = { r: 200, g: 100, b: 50 };
  const image = sharp({ create: { width: 40, height: 30, channels: 3, background } });
  const pixels = await pixelsOf(await image.avif({ quality: 90 }).toBuffer());
  expect(pixels).toHaveLength(40 * 30 * 3);
  for (const [i, value] of pixels.entries()) {
    expect(Math.abs(value - [200, 100, 50][i % 3]!)).toBeLessThanOrEqual(2);
  }
});
