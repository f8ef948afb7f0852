import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hashOf } from "../../src/cli/import/hash.js";

test("the hash of a tensor is that of its bytes, in pieces too", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i / 3).subarray(7);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const expected = createHash("sha256").update(bytes).digest("hex");
  for (const piece of [1, 64, 999, 4096]) expect(hashOf(values, piece)).toBe(expected);
});
