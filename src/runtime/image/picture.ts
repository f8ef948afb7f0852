import { types } from "node:util";
import { counted } from "../../diagnostics/counted.js";
import { shownPath } from "../../files/display.js";
import { readRegular } from "../../files/read.js";
import { filePath, Place } from "../check-options.js";
import { copyOfBytes } from "../memory.js";
import { blobOf, type BlobLike } from "./blob.js";
import { defaultMaxPixels, maxEncodedBytes } from "./limits.js";
import { type CanvasPixels, rasterOf, type RawPixels } from "./pixels.js";
import type { Raster } from "./raster.js";

/**
 * A picture: encoded as JPEG, PNG, WebP, AVIF, GIF or TIFF (a path, a file URL, the bytes, a `Blob` or
 * `File`), or decoded (an `ImageData` or raw pixels, which need no decoder).
 */
export type ImageSource =
  string | URL | Uint8Array | ArrayBuffer | SharedArrayBuffer | BlobLike | CanvasPixels | RawPixels;

/** A picture that somebody handed over, not read yet. */
export interface Picture {
  /** As messages name it. */
  readonly name: string;
  /** Its encoded bytes, or its pixels where it was decoded before. */
  read(): Promise<Uint8Array | Raster>;
}

const expected =
  "a path, a file URL, the bytes of a picture (Uint8Array, ArrayBuffer or Blob), an ImageData, " +
  "or { data, width, height, channels }";

/**
 * What is in memory is copied: its owner may change or transfer it while it is decoded.
 *
 * @throws TypeError or RangeError where it is none of them, InceptError `image/too-large` for pixels;
 *   `read` throws what `readRegular` throws
 */
export function pictureOf(source: unknown, place: Place, maxPixels = defaultMaxPixels): Picture {
  if (types.isUint8Array(source) || types.isAnyArrayBuffer(source)) {
    const bytes = copyOfBytes(source, place, "A copy of the picture");
    const name = `A picture of ${counted(bytes.length, "byte")}`;
    return { name, read: () => Promise.resolve(bytes) };
  }
  if (typeof source === "string" || Object.prototype.toString.call(source) === "[object URL]") {
    const path = filePath(source, place);
    const read = (): Promise<Uint8Array> =>
      readRegular({ path, what: "a picture", maxBytes: maxEncodedBytes });
    return { name: shownPath(path), read };
  }
  if (types.isUint8ClampedArray(source)) throw place.wrongType(source, withSize);
  if (typeof source !== "object" || source === null || ArrayBuffer.isView(source)) {
    throw place.wrongType(source, expected);
  }
  return blobOf(source, place) ?? decodedOf(source, place, maxPixels);
}

const withSize =
  "its ImageData or { data, width, height, channels }: bytes alone say nothing of rows";

/** Whatever else there is of an object is left alone: sharp and canvases have more in theirs. */
function decodedOf(source: object, place: Place, maxPixels: number): Picture {
  const { data, width, height, channels, info } = source as Record<string, unknown>;
  if (data !== undefined && info !== undefined && width === undefined) {
    throw place.wrongType(source, "{ data, width, height, channels }: write { data, ...info }");
  }
  if (data === undefined || (width ?? height ?? channels) === undefined) {
    throw place.wrongType(source, expected);
  }
  const raster = rasterOf({ data, width, height, channels }, place, maxPixels);
  return { name: "A picture of raw pixels", read: () => Promise.resolve(raster) };
}

/**
 * One picture or a list of them, as a call was given them.
 *
 * @param call how messages name the call: `GoogLeNet.classify`
 */
export function picturesOf(images: unknown, call: string, maxPixels?: number): readonly Picture[] {
  if (!Array.isArray(images)) return [pictureOf(images, new Place(call, "image"), maxPixels)];
  return Array.from(images as unknown[], (each, i) =>
    pictureOf(each, new Place(call, `images[${i}]`), maxPixels),
  );
}
