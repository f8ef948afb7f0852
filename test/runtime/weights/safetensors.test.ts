import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { InceptError } from "../../../src/diagnostics/incept-error.js";
import { toFloat32 } from "../../../src/runtime/weights/dtype.js";
import {
  float32Tensor,
  readSafetensors,
  SafetensorsFile,
  writeSafetensors,
} from "../../../src/runtime/weights/safetensors.js";

const folder = mkdtempSync(join(tmpdir(), "incept-safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "t.safetensors");

/** Writes a file of a given header, honest about the header's length unless told otherwise. */
function craft(header: unknown, dataBytes = 0, claimed?: bigint): string {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(claimed ?? BigInt(Buffer.byteLength(text)));
  writeFileSync(file, Buffer.concat([start, Buffer.from(text), Buffer.alloc(dataBytes)]));
  return file;
}

const f32 = (shape: unknown, data_offsets: unknown): Record<string, unknown> => ({
  dtype: "F32",
  shape,
  data_offsets,
});

async function codeOf(opening: Promise<unknown>): Promise<string> {
  try {
    await opening;
  } catch (error) {
    if (error instanceof InceptError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("a header that is not to be trusted", () => {
  const two = { a: f32([2], [0, 8]), b: f32([1], [8, 12]) };
  const cases: [what: string, make: () => string, code: string][] = [
    ["an honest file", () => craft(two, 12), "accepted"],
    ["no tensors", () => craft({}), "accepted"],
    ["an empty tensor", () => craft({ a: f32([0, 3], [0, 0]) }), "accepted"],
    ["fewer than 8 bytes", () => (writeFileSync(file, "1234567"), file), "weights/truncated"],
    ["a header past the end", () => craft("{}", 0, 3n), "weights/truncated"],
    ["a header of 2^63 bytes", () => craft("{}", 0, 1n << 63n), "weights/header"],
    ["a header over 100 MB", () => craft("{}", 0, 100_000_001n), "weights/header"],
    ["data that ends early", () => craft(two, 11), "weights/truncated"],
    ["bytes after the last tensor", () => craft(two, 13), "weights/oversized"],
    ["overlap", () => craft({ ...two, b: f32([1], [4, 8]) }, 8), "weights/overlap"],
    ["a gap", () => craft({ ...two, b: f32([1], [12, 16]) }, 16), "weights/offsets"],
    ["a span that is not the shape's", () => craft({ a: f32([2], [0, 4]) }, 4), "weights/offsets"],
    ["a span that runs backwards", () => craft({ a: f32([2], [8, 0]) }, 8), "weights/offsets"],
    [
      "a shape whose product overflows",
      () => craft({ a: f32([2 ** 40, 2 ** 40, 2 ** 40], [0, 8]) }, 8),
      "weights/offsets",
    ],
    ["negative offsets", () => craft({ a: f32([1], [-4, 0]) }), "weights/header"],
    ["fractional sizes", () => craft({ a: f32([0.5], [0, 2]) }, 2), "weights/header"],
    ["one offset", () => craft({ a: f32([1], [0]) }, 4), "weights/header"],
    ["no shape", () => craft({ a: f32(undefined, [0, 4]) }, 4), "weights/header"],
    ["a tensor that is a number", () => craft({ a: 1 }), "weights/header"],
    ["an unknown dtype", () => craft({ a: { ...two.a, dtype: "F31" } }, 8), "weights/dtype"],
    ["a dtype of Object's", () => craft({ a: { ...two.a, dtype: "valueOf" } }), "weights/dtype"],
    ["text that is not JSON", () => craft("{a"), "weights/header"],
    ["a list", () => craft("[]"), "weights/header"],
    ["null", () => craft("null"), "weights/header"],
    ["bad metadata", () => craft({ __metadata__: { a: 1 } }), "weights/header"],
    [
      "a name twice",
      () => {
        const entry = JSON.stringify(two.a);
        return craft(`{"a":${entry},"\\u0061":${entry}}`, 8);
      },
      "weights/duplicate",
    ],
    [
      "names that only look alike",
      () => craft({ 'a"b': f32([1], [0, 4]), a: f32([1], [4, 8]), __proto__: undefined }, 8),
      "accepted",
    ],
  ];
  it.each(cases)("%s", async (_, make, code) => {
    expect(await codeOf(readSafetensors(make()))).toBe(code);
  });

  it("names an absent file, and one that is a folder", async () => {
    expect(await codeOf(readSafetensors(join(folder, "absent")))).toBe("file/not-found");
    expect(await codeOf(readSafetensors(folder))).toBe("file/not-a-file");
  });

  it("notices a file that shrinks after it was opened", async () => {
    const open = await SafetensorsFile.open(craft(two, 12));
    truncateSync(file, 100);
    expect(await codeOf(open.read("b"))).toBe("weights/truncated");
    await open.close();
  });

  it("answers any bytes with a named error or tensors", async () => {
    const honest = readFileSync(craft(two, 12));
    const edit = fc.tuple(fc.nat(honest.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        const bytes = Buffer.from(honest);
        for (const [at, value] of edits) bytes[at] = value;
        writeFileSync(file, bytes);
        expect(await codeOf(readSafetensors(file))).toMatch(/^(weights\/[a-z]+|accepted)$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe("writing", () => {
  it("comes back as it was", async () => {
    const tensors = new Map([
      ["b.weight", float32Tensor([2, 1], Float32Array.of(1.5, NaN))],
      ["a", float32Tensor([], Float32Array.of(-3))],
      ["0", float32Tensor([0], new Float32Array(0))],
      ["u8", { dtype: "U8", shape: [3], bytes: Uint8Array.of(1, 2, 255) } as const],
    ]);
    await writeSafetensors(file, tensors, { made: "here" });
    const open = await SafetensorsFile.open(file);
    expect(open.metadata).toEqual({ made: "here" });
    expect(open.tensors.get("b.weight")).toMatchObject({ dtype: "F32", shape: [2, 1] });
    expect(await open.readFloat32("b.weight")).toEqual(Float32Array.of(1.5, NaN));
    expect(await open.readFloat32("a")).toEqual(Float32Array.of(-3));
    expect(await open.readFloat32("u8")).toEqual(Float32Array.of(1, 2, 255));
    expect(await open.readFloat32("0")).toHaveLength(0);
    await open.close();
  });

  it("leaves nothing behind where it cannot write", async () => {
    const target = join(folder, "absent", "x.safetensors");
    expect(await codeOf(writeSafetensors(target, new Map()))).toBe("file/cannot-write");
    expect(await codeOf(writeSafetensors(folder, new Map()))).toBe("file/cannot-write");
    expect(readdirSync(folder)).toEqual(["t.safetensors"]);
  });

  it("refuses bytes that do not fit the shape before it touches the file", async () => {
    const before = readFileSync(file);
    const wrong = new Map([["a", float32Tensor([2], new Float32Array(3))]]);
    await expect(writeSafetensors(file, wrong)).rejects.toThrow("a takes 8 bytes and has 12.");
    expect(readFileSync(file)).toEqual(before);
  });
});

describe("writing to what is no plain file", () => {
  const tensors = new Map([["a", float32Tensor([1], Float32Array.of(7))]]);

  it("writes into a pipe and leaves it a pipe, as it does /dev/null", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = openSync(pipe, constants.O_RDWR);
    try {
      await writeSafetensors(pipe, tensors);
      expect(lstatSync(pipe).isFIFO()).toBe(true);
      await writeSafetensors(file, tensors);
      const written = Buffer.alloc(4096);
      expect(written.subarray(0, readSync(reader, written))).toEqual(readFileSync(file));
    } finally {
      closeSync(reader);
    }
  });

  it("replaces the file that a link names and keeps the link", async () => {
    const link = join(folder, "link");
    writeFileSync(file, "old");
    symlinkSync(file, link);
    await writeSafetensors(link, tensors);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect((await readSafetensors(file)).get("a")?.shape).toEqual([1]);
  });

  it("makes the file that a link names, where it is not there yet", async () => {
    const link = join(folder, "early");
    symlinkSync("late.safetensors", link);
    await writeSafetensors(link, tensors);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect((await readSafetensors(join(folder, "late.safetensors"))).get("a")?.shape).toEqual([1]);
  });
});

describe("conversion to f32", () => {
  const bytes = (array: { buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(array.buffer);

  it("reads halves: zeros, subnormals, normals, infinities, NaN", () => {
    const bits = Uint16Array.of(
      0,
      0x8000,
      1,
      0x03ff,
      0x0400,
      0x3c00,
      0xc000,
      0x7bff,
      0x7c00,
      0xfc00,
      0x7e00,
    );
    expect(toFloat32("t", "F16", bytes(bits))).toEqual(
      Float32Array.of(
        0,
        -0,
        2 ** -24,
        1023 * 2 ** -24,
        2 ** -14,
        1,
        -2,
        65504,
        Infinity,
        -Infinity,
        NaN,
      ),
    );
  });

  it("reads brain floats as the upper half of an f32", () => {
    const bits = Uint16Array.of(0x3f80, 0xc2f7, 0x7f80);
    expect(toFloat32("t", "BF16", bytes(bits))).toEqual(Float32Array.of(1, -123.5, Infinity));
  });

  it("reads doubles and integers", () => {
    expect(toFloat32("t", "F64", bytes(Float64Array.of(0.1)))).toEqual(Float32Array.of(0.1));
    expect(toFloat32("t", "I64", bytes(BigInt64Array.of(-5n)))).toEqual(Float32Array.of(-5));
    expect(toFloat32("t", "I8", bytes(Int8Array.of(-5)))).toEqual(Float32Array.of(-5));
    expect(toFloat32("t", "BOOL", Uint8Array.of(1, 0))).toEqual(Float32Array.of(1, 0));
  });

  it("refuses 8-bit floats by name", () => {
    expect(() => toFloat32("t", "F8_E4M3", Uint8Array.of(1))).toThrow("t is F8_E4M3");
  });
});
