import { InceptError } from "../../diagnostics/incept-error.js";

/** What a picture may have at most where nobody says otherwise; as RGB it takes 300 MB. */
export const defaultMaxPixels = 100_000_000;

/** What a file of a picture may hold; an uncompressed one of 100 megapixels has 300 MB. */
export const maxEncodedBytes = 1024 * 1024 * 1024;

/** Longer sides cost a decoder minutes, however few the pixels; libpng's limit too. */
const maxSide = 1_000_000;

/**
 * @param refused what is not done with more: `decoded`
 * @throws InceptError `image/too-large`
 */
export function requireSize(
  {
    name,
    width,
    height,
  }: { readonly name: string; readonly width: number; readonly height: number },
  maxPixels: number,
  refused: string,
): void {
  const size = `${name} has ${width} x ${height} pixels`;
  const pixels = width * height;
  if (pixels > maxPixels) {
    throw new InceptError(
      "image/too-large",
      `${size}; more than ${maxPixels} are not ${refused}.`,
      {
        help: `raise the limit with { maxPixels: ${pixels} }, or --max-pixels ${pixels}`,
      },
    );
  }
  if (Math.max(width, height) > maxSide) {
    throw new InceptError("image/too-large", `${size}; a side may have at most ${maxSide}.`);
  }
}
