import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleName } from "../../diagnostics/visible.js";
import { elements, type Shape } from "../../ops/shape.js";
import { allocate } from "../memory.js";
import { type ByteSource, FileBytes, MemoryBytes } from "./bytes.js";
import { dtypeBits, isFloatDtype, toFloat32 } from "./dtype.js";
import { parseHeader, type TensorEntry } from "./header.js";
import { readHeader } from "./header-text.js";

/** A tensor's elements as the file has them: little-endian and dense, in C order. */
export interface ReadTensor {
  readonly dtype: string;
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

/** Of a tensor that is converted, this many elements are in memory in both forms. */
const pieceElements = 1 << 22;

/**
 * A safetensors file whose header has been read and found consistent with the file's size. Tensors
 * are read one by one, so those that nobody asks for cost nothing, however large they are.
 */
export class SafetensorsFile {
  readonly tensors: ReadonlyMap<string, TensorEntry>;

  private constructor(
    private readonly source: ByteSource,
    private readonly dataStart: number,
    tensors: readonly TensorEntry[],
    readonly metadata: Readonly<Record<string, string>>,
  ) {
    this.tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  /** As messages name it. */
  get name(): string {
    return this.source.name;
  }

  /**
   * @throws InceptError `file/not-found`, `file/not-a-file`, `file/unreadable`, `weights/format`
   *   for another kind of file, and for a header that is not to be trusted `weights/header`,
   *   `weights/truncated`, `weights/oversized`, `weights/offsets`, `weights/overlap` or
   *   `weights/duplicate`
   */
  static async open(path: string): Promise<SafetensorsFile> {
    return SafetensorsFile.#of(await FileBytes.open({ path, what: "a safetensors file" }), path);
  }

  /**
   * The bytes of a file, which must not change while they are read.
   *
   * @param name how messages name them
   * @throws InceptError as `open` does, of `weights/`
   */
  static ofBytes(bytes: Uint8Array, name: string): Promise<SafetensorsFile> {
    return SafetensorsFile.#of(new MemoryBytes(name, bytes));
  }

  static async #of(source: ByteSource, path?: string): Promise<SafetensorsFile> {
    try {
      const { text, dataStart } = await readHeader(source, path);
      const header = parseHeader(source.name, text, source.size - dataStart);
      return new SafetensorsFile(source, dataStart, header.tensors, header.metadata);
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /**
   * @throws RangeError if the file has no such tensor
   * @throws InceptError `memory/exhausted`
   */
  async read(name: string): Promise<ReadTensor> {
    const { begin, end, dtype, shape } = this.#entry(name);
    const bytes = allocate(Uint8Array, end - begin, this.#nameOf(name));
    await this.source.read(bytes, this.dataStart + begin);
    return { dtype, shape, bytes };
  }

  /**
   * The tensor's values converted to f32.
   *
   * @throws InceptError `weights/dtype` unless they are floats or bytes, `memory/exhausted`
   */
  async readFloat32(name: string): Promise<Float32Array> {
    const { begin, dtype, shape } = this.#entry(name);
    if (!isFloatDtype(dtype) && dtype !== "U8") {
      const is = `${this.#nameOf(name)} is ${visibleName(dtype)}`;
      throw new InceptError("weights/dtype", `${is}, which cannot be converted.`, {
        help: "save the tensor as F32, F16, BF16 or F64",
      });
    }
    const values = allocate(Float32Array, elements(shape), this.#nameOf(name));
    if (dtype === "F32") {
      await this.source.read(bytesOf(values), this.dataStart + begin);
      return values;
    }
    const width = dtypeBits[dtype] / 8;
    const piece = new Uint8Array(width * Math.min(values.length, pieceElements));
    for (let from = 0; from < values.length; from += pieceElements) {
      const to = values.subarray(from, from + pieceElements);
      const bytes = piece.subarray(0, width * to.length);
      await this.source.read(bytes, this.dataStart + begin + width * from);
      toFloat32(dtype, bytes, to);
    }
    return values;
  }

  close(): Promise<void> {
    return this.source.close();
  }

  #entry(name: string): TensorEntry {
    const entry = this.tensors.get(name);
    if (entry === undefined) throw new RangeError(`${this.#nameOf(name)} is not there.`);
    return entry;
  }

  #nameOf(tensor: string): string {
    return `${this.name}: ${visibleName(tensor)}`;
  }
}

const bytesOf = (array: Float32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** All tensors of a file. */
export async function readSafetensors(path: string): Promise<Map<string, ReadTensor>> {
  const file = await SafetensorsFile.open(path);
  try {
    const result = new Map<string, ReadTensor>();
    for (const name of file.tensors.keys()) result.set(name, await file.read(name));
    return result;
  } finally {
    await file.close();
  }
}
