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

/** One whose elements are asked for when it is its turn, so that not all are in memory at once. */
export interface LaterTensor extends Omit<StoredTensor, "bytes"> {
  readonly read: () => Promise<Uint8Array>;
}

type Tensor = StoredTensor | LaterTensor;

/** What stands in the file one behind the other. */
type Part = Uint8Array | (() => Promise<Uint8Array>);

/**
 * Writes the tensors in the map's order, beside the file and then renamed: a reader sees the old
 * file or the new one, never half of it. A link stays, and what it names is replaced. Devices and
 * pipes take the bytes as they are: a rename would put a file in the place of /dev/null.
 *
 * @throws InceptError `file/cannot-write`, and what reading a tensor throws; what had been written is
 *   removed
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const parts = [encodeHeader(tensors, metadata), ...[...tensors].map(partOf)];
  try {
    const present = await stat(path).catch(() => undefined);
    const replaceable = present === undefined || present.isFile() || present.isDirectory();
    if (!replaceable) await writeParts(await open(path, "w"), parts, false);
    else await replaceFile(realPath(path), parts);
  } catch (cause) {
    // Of a tensor that was read when it was its turn.
    if (cause instanceof InceptError || cause instanceof RangeError) throw cause;
    const what = `${shownPath(path)} could not be written (${reason(cause)}).`;
    throw new InceptError("file/cannot-write", what, { cause });
  }
}

async function replaceFile(path: string, parts: readonly Part[]): Promise<void> {
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
  parts: readonly Part[],
  sync: boolean,
): Promise<void> {
  try {
    for (const part of parts) {
      await handle.writeFile(typeof part === "function" ? await part() : part);
    }
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A tensor of f32 values. */
export const float32Tensor = (shape: readonly number[], values: Float32Array): StoredTensor => ({
  dtype: "F32",
  shape,
  bytes: bytesOf(values),
});

/** One whose f32 values are read when it is written. */
export const float32Later = (
  shape: readonly number[],
  read: () => Promise<Float32Array>,
): LaterTensor => ({ dtype: "F32", shape, read: async () => bytesOf(await read()) });

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A tensor's bytes, as many as its shape and type ask for. */
function partOf([name, tensor]: readonly [string, Tensor]): Part {
  const whole = (found: Uint8Array): Uint8Array => {
    const [has, takes] = [found.byteLength, byteSize(tensor)];
    if (has === takes) return found;
    throw new RangeError(`${visibleName(name)} takes ${takes} bytes and has ${has}.`);
  };
  return "read" in tensor ? async () => whole(await tensor.read()) : whole(tensor.bytes);
}

const byteSize = ({ dtype, shape }: Tensor): number => elements(shape) * (dtypeBits[dtype] / 8);

/** The eight bytes of length and the header, padded with spaces so that the data is aligned. */
function encodeHeader(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push(["__metadata__", metadata]);
  let offset = 0;
  for (const [name, tensor] of tensors) {
    if (name === "__metadata__") throw new RangeError("No tensor can be called __metadata__.");
    const { dtype, shape } = tensor;
    const end = offset + byteSize(tensor);
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, " ");
  header.writeBigUInt64LE(BigInt(header.length - 8));
  json.copy(header, 8);
  return header;
}

const reason = (cause: unknown): string =>
  (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause));
