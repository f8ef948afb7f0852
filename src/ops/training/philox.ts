/**
 * Philox 4x32-10, Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3": four random
 * 32-bit words of a counter and a key, so that each element's number hangs on its place alone and
 * not on who computes it, or when.
 */
export type Words = readonly [number, number, number, number];

const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const weyl = [0x9e3779b9, 0xbb67ae85] as const;

/** A network's first values take millions: nothing is allocated on the way. */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let c0 = counter[0] >>> 0;
  let c1 = counter[1] >>> 0;
  let c2 = counter[2] >>> 0;
  let c3 = counter[3] >>> 0;
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < 10; round++) {
    const next0 = (high(multipliers[1], c2) ^ c1 ^ k0) >>> 0;
    const next2 = (high(multipliers[0], c0) ^ c3 ^ k1) >>> 0;
    c1 = Math.imul(multipliers[1], c2) >>> 0;
    c3 = Math.imul(multipliers[0], c0) >>> 0;
    c0 = next0;
    c2 = next2;
    k0 = (k0 + weyl[0]) >>> 0;
    k1 = (k1 + weyl[1]) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The upper 32 bits of a product of two 32-bit words, by halves whose products a double holds. */
function high(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (other >>> 16);
}
