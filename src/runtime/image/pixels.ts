/** Pixels that somebody decoded already: a canvas, sharp, a camera. They need no decoder. */
import { types } from "node:util";
import { counted } from "../../diagnostics/counted.js";
import { count, type Place } from "../check-options.js";
import { copyOfBytes, requireAttached } from "../memory.js";
import { requireSize } from "./limits.js";
import type { Raster } from "./raster.js";

/**
 * Decoded pixels, a byte a sample: rows from the top, the channels of a pixel side by side. They are
 * grey (1), grey and alpha (2), RGB (3) or RGBA (4), upright; alpha is dropped as a file's is.
 * `{ data, ...info }` of sharp's `raw().toBuffer({ resolveWithObject: true })` is one.
 */
export interface RawPixels {
  /** width * height * channels bytes. */
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** What `getImageData` of any canvas gives: RGBA. */
export interface CanvasPixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels?: undefined;
}

/** What an object that may be pixels says of itself, each of it read once. */
export interface GivenPixels {
  readonly data: unknown;
  readonly width: unknown;
  readonly height: unknown;
  readonly channels: unknown;
}

/**
 * The pixels, copied: their owner may go on using them.
 *
 * @throws TypeError or RangeError for what they are not, InceptError `image/too-large`
 */
export function rasterOf(given: GivenPixels, place: Place, maxPixels: number): Raster {
  const { data, channels: named } = given;
  const isCanvas = named === undefined && types.isUint8ClampedArray(data);
  const width = count(1)(given.width, place.part("width"));
  const height = count(1)(given.height, place.part("height"));
  const channels = isCanvas ? 4 : count(1, 4)(named, place.part("channels"));
  const dataPlace = place.part("data");
  if (!types.isUint8Array(data) && !types.isUint8ClampedArray(data)) {
    throw dataPlace.wrongType(data, "a Uint8Array or Uint8ClampedArray, a byte a sample");
  }
  requireSize({ name: "A picture of raw pixels", width, height }, maxPixels, "taken");
  requireAttached(data, dataPlace);
  const bytes = width * height * channels;
  if (data.length !== bytes) {
    const expected = `${bytes} (${width} x ${height} pixels of ${counted(channels, "channel")}, a byte each)`;
    throw dataPlace.wrongLength(`${data.length} bytes`, expected);
  }
  const copy = copyOfBytes(data, dataPlace, "A copy of the pixels");
  return { data: copy, width, height, channels, cmyk: false, sampleBytes: 1, orientation: 1 };
}
