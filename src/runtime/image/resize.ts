/** Bytes of an interleaved image, `channels` a pixel, in rows. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/**
 * Bilinear resampling with antialiasing: a triangle as wide as an output pixel, so that shrinking
 * averages. First along rows, then along columns, rounded to bytes after each, in fixed point with
 * 22 bits: the numbers of PIL's BILINEAR, with which published networks were evaluated.
 */
export function resizeBilinear(image: Raster, width: number, height: number): Raster {
  const { channels } = image;
  const wide = new Uint8Array(image.height * width * channels);
  const columns = taps(image.width, width);
  for (let y = 0; y < image.height; y++) {
    const row = y * image.width * channels;
    for (const [x, { first, weights }] of columns.entries()) {
      for (let c = 0; c < channels; c++) {
        const from = row + first * channels + c;
        wide[(y * width + x) * channels + c] = weighted(image.data, from, channels, weights);
      }
    }
  }
  const stride = width * channels;
  const data = new Uint8Array(height * stride);
  for (const [y, { first, weights }] of taps(image.height, height).entries()) {
    for (let i = 0; i < stride; i++) {
      data[y * stride + i] = weighted(wide, first * stride + i, stride, weights);
    }
  }
  return { width, height, channels, data };
}

/** The input pixels that make one output pixel: from `first` on, in units of 2^-22. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

const one = 2 ** 22;

function taps(from: number, to: number): readonly Taps[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const end = Math.min(from, Math.floor(centre + reach + 0.5));
    const heights = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach),
    );
    const sum = heights.reduce((a, b) => a + b, 0);
    return { first, weights: heights.map((height) => Math.floor((height / sum) * one + 0.5)) };
  });
}

function weighted(
  data: Uint8Array,
  from: number,
  stride: number,
  weights: readonly number[],
): number {
  let sum = one / 2;
  for (let k = 0; k < weights.length; k++) sum += data[from + k * stride]! * weights[k]!;
  return Math.min(255, Math.max(0, Math.floor(sum / one)));
}
