import { join } from "node:path";
import type { ImageInput } from "../../../src/model/network.js";
import { Place } from "../../../src/runtime/check-options.js";
import { openAddon } from "../../../src/runtime/addon.js";
import type { Cut } from "../../../src/runtime/image/cut.js";
import { type DecodeOptions, decode } from "../../../src/runtime/image/decode.js";
import { type ImageSource, pictureOf } from "../../../src/runtime/image/picture.js";
import type { Raster } from "../../../src/runtime/image/raster.js";
import { fakeArtefact } from "../support/fake.js";

export const addon = openAddon(join(fakeArtefact(), "fake.node"));

/** As a call's argument. */
export const place = new Place("test", "image");

/** Bytes as they are, both sides resized to 4. */
export const stretchedInput: ImageInput = {
  size: [4, 4],
  fit: "stretch",
  interpolation: "bilinear",
  order: "rgb",
  range: 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** Bytes as they are, the short side resized to 4 and the centre cropped. */
export const plainInput: ImageInput = { ...stretchedInput, fit: "crop", resize: 4 };

export const decoded = (source: ImageSource, options?: DecodeOptions): Promise<Raster> =>
  decode(pictureOf(source, place), options);

/** The native part of a picture's way: planes of C,H,W. */
export async function prepared(
  raster: Raster,
  image: ImageInput,
  cut?: Cut,
): Promise<Float32Array> {
  const [height, width] = image.size;
  const tensor = new Float32Array((image.order === "luma" ? 1 : 3) * height * width);
  await addon.preparePictures([raster], image, tensor, cut === undefined ? undefined : [cut]);
  return tensor;
}

/** The bytes of a picture as `input` wants it, the channels of a pixel side by side. */
export async function bytesOf(
  source: ImageSource,
  input: Partial<ImageInput> = {},
): Promise<Uint8Array> {
  const plain = input.fit === "stretch" ? stretchedInput : plainInput;
  const planes = await prepared(await decoded(source), { ...plain, ...input });
  const count = input.order === "luma" ? 1 : 3;
  const plane = planes.length / count;
  return Uint8Array.from(
    planes,
    (_, i) => planes[(i % count) * plane + Math.floor(i / count)] ?? 0,
  );
}

/** The bytes of all of a picture, upright and in its own size. */
export async function pixelsOf(
  source: ImageSource,
  order: "rgb" | "luma" = "rgb",
): Promise<Uint8Array> {
  const { width, height, orientation } = await decoded(source);
  const size = orientation < 5 ? ([height, width] as const) : ([width, height] as const);
  return bytesOf(source, { size, fit: "stretch", order });
}

/** FNV-1a, 64 bits. */
export function fnv(bytes: Uint8Array): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of bytes) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  return value.toString(16).padStart(16, "0");
}
