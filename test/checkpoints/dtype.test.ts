/** Every number that a checkpoint may hold as the f32 that it is. */
import { expect, it } from "vitest";
import { toFloat32 } from "../../src/checkpoints/dtype.js";

/** FNV-1a of 64 bits over f32 values, little-endian; every NaN is 0x7fc00000. */
function hash(values: Float32Array): string {
  const bits = new Uint32Array(values.buffer).map((word, i) =>
    Number.isNaN(values[i]) ? 0x7fc00000 : word,
  );
  let value = 0xcbf29ce484222325n;
  for (const byte of new Uint8Array(bits.buffer)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, "0");
}

/**
 * Of all 65,536 patterns, as PyTorch converts them:
 * `torch.arange(65536).to(torch.int16).view(torch.float16).to(torch.float32)`, and bfloat16.
 */
it.each([
  ["F16", "1f87f165810ea7c5"],
  ["BF16", "cf8e09175d8f5ba5"],
] as const)(
  "all of %s are PyTorch's: signed zeros, subnormals, infinities, NaN",
  (dtype, known) => {
    const patterns = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);
    const values = new Float32Array(patterns.length);
    toFloat32(dtype, new Uint8Array(patterns.buffer), values);
    expect(hash(values)).toBe(known);
  },
);

it("F64 is rounded to the nearest, a tie to the even one, and what is too large is infinite", () => {
  const [ulp, tiny] = [2 ** -23, 2 ** -149];
  const pairs: readonly (readonly [number, number])[] = [
    [1 + ulp / 2, 1],
    [1 + (3 * ulp) / 2, 1 + 2 * ulp],
    [1 + ulp * 0.51, 1 + ulp],
    [tiny * 0.5, 0],
    [-tiny * 0.5, -0],
    [tiny * 0.75, tiny],
    [tiny * 3.5, tiny * 4],
    [3.4028235677973366e38, Infinity],
    [3.4028235677973362e38, 3.4028234663852886e38],
    [-1e300, -Infinity],
    [-0, -0],
    [NaN, NaN],
  ];
  const doubles = Float64Array.from(pairs, ([from]) => from);
  const values = new Float32Array(pairs.length);
  toFloat32("F64", new Uint8Array(doubles.buffer), values);
  expect([...values]).toEqual(pairs.map(([, to]) => to));
});
