import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleName } from "../../diagnostics/visible.js";
import { shownPath } from "../../files/display.js";
import { realPath } from "../../files/real-path.js";
import { elements } from "../../ops/shape.js";
import { type Dtype, dtypeBits } from "../dtype.js";

/** A tensor in memory: `bytes` are its elements, little-endian and dense, in C order. */
export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * Writes the tensors in the map's order, beside the file and then renamed: a reader sees the old
 * file or the new one, never half of it. A link stays, and what it names is replaced. Devices and
 * pipes take the bytes as they are: a rename would put a file in the place of /dev/null.
 *
 * @throws InceptError `file/cannot-write`; what had been written is removed
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const parts = [encodeHeader(tensors, metadata), ...[...tensors.values()].map((t) => t.bytes)];
  try {
    const present = await stat(path).catch(() => undefined);
    const replaceable = present === undefined || present.isFile() || present.isDirectory();
    if (!replaceable) await writeParts(await open(path, "w"), parts, false);
    else await replaceFile(realPath(path), parts);
  } catch (cause) {
    throw new InceptError(
      "file/cannot-write",
      `${shownPath(path)} could not be written (${reason(cause)}).`,
      {
        cause,
      },
    );
  }
}

async function replaceFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const beside = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeParts(await open(beside, "wx"), parts, true);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw cause;
  }
}

/** @param sync whether the bytes must be on the disk on return; a device has none to wait for */
async function writeParts(
  handle: FileHandle,
  parts: readonly Uint8Array[],
  sync: boolean,
): Promise<void> {
  try {
    for (const part of parts) await handle.writeFile(part);
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A tensor of f32 values. */
export const float32Tensor = (shape: readonly number[], values: Float32Array): StoredTensor => ({
  dtype: "F32",
  shape,
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

/** The eight bytes of length and the header, padded with spaces so that the data is aligned. */
function encodeHeader(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push(["__metadata__", metadata]);
  let offset = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    if (name === "__metadata__") throw new RangeError("No tensor can be called __metadata__.");
    const expected = elements(shape) * (dtypeBits[dtype] / 8);
    if (bytes.byteLength !== expected) {
      throw new RangeError(
        `${visibleName(name)} takes ${expected} bytes and has ${bytes.byteLength}.`,
      );
    }
    entries.push([name, { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] }]);
    offset += bytes.byteLength;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, " ");
  header.writeBigUInt64LE(BigInt(header.length - 8));
  json.copy(header, 8);
  return header;
}

const reason = (cause: unknown): string =>
  (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause));
