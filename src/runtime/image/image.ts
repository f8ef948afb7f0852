import { fileURLToPath } from "node:url";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { elements } from "../../ops/shape.js";
import type { ImageInput } from "../../model/network.js";
import { type Raster, resizeBilinear } from "./resize.js";
import { loadSharp } from "./sharp.js";

/** A file, a file URL, or the bytes of an encoded image (JPEG, PNG, WebP, AVIF, GIF, TIFF). */
export type ImageSource = string | URL | Uint8Array;

/** Pixels of one image, R,G,B bytes in rows. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/**
 * One image as the network wants it: short side resized, centre cropped, then
 * `(byte * range / 255 - mean[c]) / std[c]`.
 *
 * @returns planar values C,H,W with the channels in `order`
 * @throws InceptError `image/not-found` or `image/unreadable`
 */
export async function imageTensor(source: ImageSource, input: ImageInput): Promise<Float32Array> {
  return normalise(await decode(source, input), input);
}

/**
 * Decodes and resizes with antialiased bilinear filtering, as PIL's BILINEAR. The image is turned
 * upright where EXIF says so; transparency is laid over black; grey becomes R = G = B.
 */
export async function decode(
  source: ImageSource,
  { resize, crop: [height, width] }: Pick<ImageInput, "resize" | "crop">,
): Promise<Pixels> {
  const sharp = await loadSharp();
  const name = nameOf(source);
  try {
    const upright = sharp(source instanceof URL ? fileURLToPath(source) : source).rotate();
    const flat = upright.flatten({ background: "#000" }).toColourspace("srgb");
    const { data, info } = await flat.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const scale = resize / Math.min(info.width, info.height);
    const size = {
      width: info.width <= info.height ? resize : Math.round(info.width * scale),
      height: info.height <= info.width ? resize : Math.round(info.height * scale),
    };
    const { width: w, height: h, channels } = info;
    const whole = resizeBilinear({ width: w, height: h, channels, data }, size.width, size.height);
    const left = centred(size.width, width);
    return { width, height, rgb: crop(whole, left, centred(size.height, height), width, height) };
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

function crop(
  { width: rowWidth, channels, data }: Raster,
  left: number,
  top: number,
  width: number,
  height: number,
): Uint8Array {
  const rgb = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * rowWidth + left) * channels;
    rgb.set(data.subarray(from, from + width * channels), y * width * channels);
  }
  return rgb;
}

/** Value = (byte * range / 255 - mean) / std, planar, channels in `order`. */
export function normalise({ rgb, width, height }: Pixels, input: ImageInput): Float32Array {
  const plane = width * height;
  const values = new Float32Array(elements([3, height, width]));
  for (let c = 0; c < 3; c++) {
    const from = input.order === "rgb" ? c : 2 - c;
    const mean = perChannel(input.mean, c);
    const std = perChannel(input.std, c);
    for (let i = 0; i < plane; i++) {
      const byte = rgb[i * 3 + from] ?? 0;
      values[c * plane + i] = ((byte * input.range) / 255 - mean) / std;
    }
  }
  return values;
}

/** Where a centre crop starts; a half goes to the even side, as Python's `round` does. */
const centred = (size: number, crop: number): number => {
  const half = (size - crop) / 2;
  return Number.isInteger(half) ? half : 2 * Math.round(half / 2);
};

const perChannel = (values: readonly number[], c: number): number =>
  values[values.length === 1 ? 0 : c] ?? 0;

const nameOf = (source: ImageSource): string =>
  source instanceof Uint8Array ? `an image of ${counted(source.length, "byte")}` : String(source);

function unreadable(name: string, cause: unknown): InceptError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new InceptError("image/unreadable", `${name} cannot be decoded: ${why}`, { cause });
}
