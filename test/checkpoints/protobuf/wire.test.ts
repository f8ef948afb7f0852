import { afterEach, expect, it, vi } from "vitest";
import { MemoryBytes } from "../../../src/checkpoints/bytes.js";
import { Pages } from "../../../src/checkpoints/pages.js";
import { Messages } from "../../../src/checkpoints/protobuf/wire.js";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Numbers of four bytes in fields of their own: so many of one field, then of another, and so on. */
const runs = (...lengths: readonly number[]): Buffer =>
  Buffer.concat(
    lengths.map((length, i) =>
      Buffer.alloc(5 * length, Buffer.from([i % 2 ? 13 : 21, 0, 0, 0, 0])),
    ),
  );

async function counts(bytes: Buffer): Promise<readonly number[]> {
  const messages = new Messages(new Pages(new MemoryBytes("w.onnx", bytes)));
  const found: number[] = [];
  const whole = { begin: 0, end: bytes.length };
  for await (const { count } of messages.fields(whole, "the file")) found.push(count);
  return found;
}

it("takes fields of one number that follow each other for one run, of any length", async () => {
  const lengths = [1, 2, 3, 4, 1, 1, 7, 8, 9, 3276, 3277, 10_000, 1, 2];
  expect(await counts(runs(...lengths))).toEqual(lengths);
});

it("copies little more than the file where no two fields are of one number", async () => {
  const lengths = new Array<number>(20_000).fill(1);
  const bytes = runs(...lengths);
  const concat = vi.spyOn(Buffer, "concat");
  expect(await counts(bytes)).toEqual(lengths);
  const copied = concat.mock.results.map(({ value }) => (value as Buffer).length);
  expect(copied.reduce((sum, length) => sum + length, 0)).toBeLessThan(bytes.length);
});
