import type { Sharp, SharpOptions } from "sharp";
import { printable } from "../../diagnostics/cells.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { type Format, formatOf } from "./format.js";
import { defaultMaxPixels, requireSize } from "./limits.js";
import type { Picture } from "./picture.js";
import type { Raster } from "./raster.js";
import { loadSharp } from "./sharp.js";

export interface DecodeOptions {
  /** More are refused before any is decoded. Default: 100 megapixels, which take 300 MB. */
  readonly maxPixels?: number | undefined;
}

/** No profile is applied, and a picture with anything wrong in it is refused. */
const options: SharpOptions = { ignoreIcc: true, failOn: "warning" };

/**
 * The first frame's samples as they were encoded: neither a profile nor the EXIF orientation is
 * applied. Size and format are looked at before anything is decoded. Pixels that were handed over are
 * what they are.
 *
 * @throws InceptError `image/unreadable`, `image/too-large` or `image/no-decoder`, and what `readRegular` throws
 */
export async function decode(
  picture: Picture,
  { maxPixels = defaultMaxPixels }: DecodeOptions = {},
): Promise<Raster> {
  const read = await picture.read();
  if ("channels" in read) return read;
  // Bytes of another realm, as of Jest's, sharp would take for its options.
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
  const format = requireFormat(picture.name, bytes);
  const sharp = await loadSharp();
  try {
    const metadata = await sharp(bytes, { ...options, limitInputPixels: false }).metadata();
    const { width, height, orientation = 1 } = metadata;
    requireSize({ name: picture.name, width, height }, maxPixels, "decoded");
    const { colours, sampleBytes } = samplesOf(picture.name, format, metadata);
    const samples = asStored(sharp(bytes, { ...options, limitInputPixels: maxPixels }), colours);
    const { data, info } = await samples
      .raw({ depth: sampleBytes === 2 ? "ushort" : "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      data,
      width: info.width,
      height: info.height,
      channels: info.channels,
      cmyk: colours === "cmyk",
      sampleBytes,
      orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    };
  } catch (cause) {
    if (cause instanceof InceptError) throw cause;
    throw unreadable(picture.name, reasonOf(cause), { cause });
  }
}

/**
 * The format of a picture by its first bytes.
 *
 * @throws InceptError `image/unreadable`
 */
export function requireFormat(name: string, bytes: Uint8Array): Format {
  const format = formatOf(bytes);
  if (format !== undefined) return format;
  const is = bytes.length === 0 ? "empty" : "no JPEG, PNG, WebP, AVIF, GIF or TIFF";
  const help = "convert it to one of those formats first";
  throw unreadable(name, `it is ${is}`, bytes.length === 0 ? {} : { help });
}

type Colours = "b-w" | "grey16" | "srgb" | "rgb16" | "cmyk";

const depths: Readonly<Record<string, 1 | 2>> = { uchar: 1, ushort: 2 };

/** What the samples mean, and how wide they are; other colours have no bytes that PIL would give. */
function samplesOf(
  name: string,
  format: Format,
  metadata: { readonly format?: string; readonly space?: string; readonly depth?: string },
): { colours: Colours; sampleBytes: 1 | 2 } {
  const { space = "unknown", depth = "unknown" } = metadata;
  if (metadata.format !== (format === "avif" ? "heif" : format)) {
    throw unreadable(name, `it is taken for ${metadata.format ?? "nothing known"}, not ${format}`);
  }
  const colours = (["b-w", "grey16", "srgb", "rgb16", "cmyk"] as const).find((c) => c === space);
  const sampleBytes = depths[depth];
  if (colours === undefined || sampleBytes === undefined) {
    throw unreadable(
      name,
      `its colours are ${space} in ${depth}, expected grey, RGB or CMYK of 8 or 16 bits`,
    );
  }
  return { colours, sampleBytes };
}

/** A decoder's pixels with no colours converted and no alpha. */
function asStored(picture: Sharp, colours: Colours): Sharp {
  // Without the first of these, ink is turned into light by a profile.
  const piped = colours === "cmyk" ? picture.pipelineColourspace("cmyk") : picture;
  return piped.toColourspace(colours).removeAlpha();
}

const unreadable = (
  name: string,
  reason: string,
  options: { readonly help?: string; readonly cause?: unknown } = {},
): InceptError =>
  new InceptError("image/unreadable", `${name} cannot be decoded: ${reason}.`, options);

/** The decoder tells each of its layers' views, a row a view; the first says most. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const rows = text.replace("Input buffer has corrupt header:", "").split("\n");
  const said = rows.map((row) => row.trim()).filter((row) => row !== "" && !seeking.test(row));
  return said[0] === undefined ? "it is damaged" : printable(said[0]);
}

const seeking = /^source: bad seek/;
