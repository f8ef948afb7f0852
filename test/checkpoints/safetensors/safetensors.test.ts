import { execFileSync } from "node:child_process";
import {
  appendFileSync,
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
import { allocate } from "../../../src/files/allocate.js";
import { openSafetensors } from "../../../src/checkpoints/open.js";
import { readSafetensors } from "../../support/tensors.js";
import {
  float32Later,
  float32Tensor,
  type LaterTensor,
  type StoredTensor,
  writeSafetensors,
} from "../../../src/checkpoints/safetensors/write.js";
import { craft } from "./reader-cases.js";

const folder = mkdtempSync(join(tmpdir(), "incept-safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "t.safetensors");

/** Writes a file of a given header. */
function crafted(header: unknown, data: number | Buffer = 0): string {
  writeFileSync(file, craft(JSON.stringify(header), data));
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
  it("names an absent file, and one that is a folder", async () => {
    expect(await codeOf(readSafetensors(join(folder, "absent")))).toBe("file/not-found");
    expect(await codeOf(readSafetensors(folder))).toBe("file/not-a-file");
  });

  it("notices a file that shrinks after it was opened", async () => {
    const open = await openSafetensors(crafted(two, 12));
    truncateSync(file, 100);
    expect(await codeOf(open.read("b"))).toBe("weights/truncated");
    await open.close();
  });

  it("answers any bytes with a named error or tensors", async () => {
    const honest = readFileSync(crafted(two, 12));
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
    const tensors = new Map<string, StoredTensor | LaterTensor>([
      ["b.weight", float32Tensor([2, 1], Float32Array.of(1.5, NaN))],
      ["a", float32Later([], () => Promise.resolve(Float32Array.of(-3)))],
      ["0", float32Tensor([0], new Float32Array(0))],
      ["u8", { dtype: "U8", shape: [3], bytes: Uint8Array.of(1, 2, 255) } as const],
    ]);
    await writeSafetensors(file, tensors, { made: "here" });
    const open = await openSafetensors(file);
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
    const later = new Map([["a", float32Later([2], () => Promise.resolve(new Float32Array(3)))]]);
    await expect(writeSafetensors(file, later)).rejects.toThrow("a takes 8 bytes and has 12.");
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

describe("reading by ranges", () => {
  it("reads what lies behind more bytes than a buffer holds, and nothing else", async () => {
    const before = 5 * 2 ** 30;
    const header = {
      unread: { dtype: "U8", shape: [before], data_offsets: [0, before] },
      a: f32([2], [before, before + 8]),
    };
    crafted(header);
    const start = readFileSync(file).length;
    // Sparse: the hole takes no room on the disk.
    truncateSync(file, start + before);
    appendFileSync(file, Buffer.from(Float32Array.of(1.5, -2).buffer));
    const open = await openSafetensors(file);
    expect(await open.readFloat32("a")).toEqual(Float32Array.of(1.5, -2));
    await open.close();
    rmSync(file);
  });

  it("converts a tensor piece by piece", async () => {
    const values = Uint16Array.from({ length: 2 ** 22 + 5 }, (_, i) => i % 0x7c00);
    const shape = [values.length];
    const bytes = new Uint8Array(values.buffer);
    await writeSafetensors(file, new Map([["halves", { dtype: "F16", shape, bytes }]]));
    const open = await openSafetensors(file);
    const read = await open.readFloat32("halves");
    const first = read.slice(0, 0x7c00);
    expect(read).toHaveLength(values.length);
    expect(read.every((value, i) => value === first[i % 0x7c00])).toBe(true);
    expect([...first].every((value, i) => i === 0 || value > first[i - 1]!)).toBe(true);
    await open.close();
  });

  it("says so where memory does not suffice", () => {
    const failure = expect.objectContaining({
      code: "memory/exhausted",
      message: `w: x takes ${2 ** 52} bytes of memory, and there are not as many.`,
    }) as Error;
    expect(() => allocate(Float32Array, 2 ** 50, "w: x")).toThrow(failure);
  });

  it.each(["I8", "BOOL", "I64", "C64", "F8_E4M3", "F31"])("converts no %s", async (dtype) => {
    const bytes = { C64: 8, I64: 8 }[dtype] ?? 1;
    crafted({ "a\x1b": { dtype, shape: [1], data_offsets: [0, bytes] } }, bytes);
    const open = await openSafetensors(file);
    await expect(open.readFloat32("a\x1b")).rejects.toMatchObject({
      code: "weights/dtype",
      message: `${file}: a\\x1b is ${dtype}, which cannot be converted.`,
    });
    await open.close();
  });
});
