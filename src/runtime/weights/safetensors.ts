import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { openRegular } from "../../files/open.js";
import { realPath } from "../../files/real-path.js";
import { type Dtype, dtypeBytes, toFloat32 } from "./dtype.js";
import { headerLength, parseHeader, type TensorEntry } from "./header.js";

/** A tensor in memory: `bytes` are its elements, little-endian and dense, in C order. */
export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * An open safetensors file whose header has been read and found consistent with the file's size.
 * Tensors are read one by one, so those that nobody asks for cost nothing.
 */
export class SafetensorsFile {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly #handle: FileHandle;
  readonly #dataStart: number;

  private constructor(
    /** As messages name it. */
    readonly path: string,
    handle: FileHandle,
    dataStart: number,
    tensors: readonly TensorEntry[],
    readonly metadata: Readonly<Record<string, string>>,
  ) {
    this.#handle = handle;
    this.#dataStart = dataStart;
    this.tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  /**
   * @throws InceptError `file/not-found`, `file/not-a-file`, `file/unreadable`, and for a header that is not to
   *   be trusted `weights/header`, `weights/truncated`, `weights/oversized`, `weights/offsets`,
   *   `weights/overlap`, `weights/duplicate` or `weights/dtype`
   */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await openRegular({ path, what: "a safetensors file" });
    try {
      const stat = await handle.stat();
      if (stat.size < 8) {
        throw new InceptError(
          "weights/truncated",
          `${path} holds ${counted(stat.size, "byte")}, not even the length of a header.`,
          { help: "is it a safetensors file, and was it copied whole?" },
        );
      }
      const claimed = (await readAt(handle, path, 0, 8)).readBigUInt64LE();
      const length = headerLength(path, claimed, stat.size);
      const text = (await readAt(handle, path, 8, length)).toString("utf8");
      const { tensors, metadata } = parseHeader(path, text, stat.size - 8 - length);
      return new SafetensorsFile(path, handle, 8 + length, tensors, metadata);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** @throws RangeError if the file has no such tensor */
  async read(name: string): Promise<StoredTensor> {
    const entry = this.tensors.get(name);
    if (entry === undefined) throw new RangeError(`${this.path} has no tensor ${name}.`);
    const { begin, end, dtype, shape } = entry;
    const bytes = await readAt(this.#handle, this.path, this.#dataStart + begin, end - begin);
    return { dtype, shape, bytes };
  }

  /** The tensor's values converted to f32. */
  async readFloat32(name: string): Promise<Float32Array> {
    const { dtype, bytes } = await this.read(name);
    return toFloat32(`${this.path}: ${name}`, dtype, bytes);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** All tensors of a file. */
export async function readSafetensors(path: string): Promise<Map<string, StoredTensor>> {
  const file = await SafetensorsFile.open(path);
  try {
    const result = new Map<string, StoredTensor>();
    for (const name of file.tensors.keys()) result.set(name, await file.read(name));
    return result;
  } finally {
    await file.close();
  }
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
    throw new InceptError("file/cannot-write", `${path} could not be written (${reason(cause)}).`, {
      cause,
    });
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
    const expected = shape.reduce((product, d) => product * d, dtypeBytes[dtype]);
    if (bytes.byteLength !== expected) {
      throw new RangeError(`${name} takes ${expected} bytes and has ${bytes.byteLength}.`);
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

/** `length` bytes in a buffer of their own, so that typed arrays can be laid over them. */
async function readAt(
  handle: FileHandle,
  path: string,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.from(new ArrayBuffer(length));
  let filled = 0;
  while (filled < length) {
    let got: number;
    try {
      ({ bytesRead: got } = await handle.read(buffer, filled, length - filled, position + filled));
    } catch (cause) {
      throw new InceptError("file/unreadable", `${path} cannot be read (${reason(cause)}).`, {
        cause,
      });
    }
    if (got === 0) {
      throw new InceptError("weights/truncated", `${path} became shorter while it was read.`);
    }
    filled += got;
  }
  return buffer;
}

const reason = (cause: unknown): string =>
  (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause));
