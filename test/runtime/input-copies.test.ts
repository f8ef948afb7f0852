import { describe, expect, it } from "vitest";
import { InputCopies } from "../../src/runtime/input-copies.js";
import type { CheckedInputs } from "../../src/runtime/inputs.js";

const batchOf = (batch: number, from = 0): CheckedInputs => ({
  batch,
  data: [Float32Array.from({ length: 3 * batch }, (_, i) => from + i), new Uint8Array(batch)],
});
const buffers = (copies: readonly Float32Array[]): ArrayBufferLike[] =>
  copies.map(({ buffer }) => buffer);

describe("copies of inputs", () => {
  it("are taken from the run before, with the new values", () => {
    const copies = new InputCopies(1, 8);
    const first = copies.take(batchOf(2));
    const memory = buffers(first);
    copies.giveBack(first, 2);
    const second = copies.take(batchOf(2, 50));
    expect(buffers(second)).toEqual(memory);
    expect(buffers(second)[0]).toBe(memory[0]);
    expect(second).toEqual([Float32Array.of(50, 51, 52, 53, 54, 55), Float32Array.of(0, 0)]);
  });

  it("are apart while two runs are under way", () => {
    const copies = new InputCopies(2, 8);
    const [a, b] = [copies.take(batchOf(1)), copies.take(batchOf(1, 7))];
    expect(buffers(a)[0]).not.toBe(buffers(b)[0]);
    expect(a[0]).toEqual(Float32Array.of(0, 1, 2));
  });

  it("of a smaller batch lie in those of a larger one, which stay as large", () => {
    const copies = new InputCopies(1, 8);
    const large = copies.take(batchOf(4));
    copies.giveBack(large, 4);
    const small = copies.take(batchOf(1, 9));
    expect(small[0]).toEqual(Float32Array.of(9, 10, 11));
    expect(buffers(small)[0]).toBe(buffers(large)[0]);
    copies.giveBack(small, 1);
    expect(buffers(copies.take(batchOf(4)))[0]).toBe(buffers(large)[0]);
  });

  it("are kept for as many runs as there are instances, and of no batch that is split", () => {
    const copies = new InputCopies(1, 8);
    const [kept, left, huge] = [
      copies.take(batchOf(1)),
      copies.take(batchOf(1)),
      copies.take(batchOf(9)),
    ];
    for (const [made, batch] of [
      [huge, 9],
      [kept, 1],
      [left, 1],
    ] as const) {
      copies.giveBack(made, batch);
    }
    expect(buffers(copies.take(batchOf(1)))[0]).toBe(buffers(kept)[0]);
    expect([left, huge].map((one) => buffers(one)[0])).not.toContain(
      buffers(copies.take(batchOf(1)))[0],
    );
  });
});
