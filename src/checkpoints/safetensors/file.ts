import { visibleName } from "../../diagnostics/visible.js";
import { allocate } from "../../files/allocate.js";
import { elements, type Shape } from "../../ops/shape.js";
import type { ByteSource } from "../bytes.js";
import type { Checkpoint, FilePlace } from "../checkpoint.js";
import { readDense } from "../dense.js";
import { parseHeader, type TensorEntry } from "./header.js";
import { readHeader } from "./header-text.js";

/** A tensor's elements as the file has them: little-endian and dense, in C order. */
export interface ReadTensor {
  readonly dtype: string;
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

/**
 * A safetensors file whose header has been read and found consistent with the file's size. Tensors
 * are read one by one, so those that nobody asks for cost nothing, however large they are.
 */
export class SafetensorsFile implements Checkpoint {
  /** In the order in which their bytes lie in the file. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly unordered: string | undefined;

  private constructor(
    private readonly source: ByteSource,
    private readonly dataStart: number,
    tensors: readonly TensorEntry[],
    readonly metadata: Readonly<Record<string, string>>,
  ) {
    const inOrder = tensors.toSorted((a, b) => a.begin - b.begin);
    this.tensors = new Map(inOrder.map((tensor) => [tensor.name, tensor]));
    this.unordered = sortedByName(inOrder) ? "has its tensors sorted by name" : undefined;
  }

  /** As messages name it. */
  get name(): string {
    return this.source.name;
  }

  /**
   * @throws InceptError for a header that is not to be trusted `weights/header`,
   *   `weights/truncated`, `weights/oversized`, `weights/offsets`, `weights/overlap` or
   *   `weights/duplicate`; then the source is left open
   */
  static async of(source: ByteSource): Promise<SafetensorsFile> {
    const { text, dataStart } = await readHeader(source);
    const header = parseHeader(source.name, text, source.size - dataStart);
    return new SafetensorsFile(source, dataStart, header.tensors, header.metadata);
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

  /** @throws InceptError `weights/dtype` unless they are floats or bytes, `memory/exhausted` */
  async readFloat32(name: string): Promise<Float32Array> {
    const { begin, dtype, shape } = this.#entry(name);
    const what = this.#nameOf(name);
    return readDense(this.source, this.dataStart + begin, { dtype, count: elements(shape), what });
  }

  place(name: string): FilePlace | undefined {
    const { begin, dtype } = this.#entry(name);
    const { descriptor } = this.source;
    if (dtype !== "F32" || descriptor === undefined) return undefined;
    return { descriptor, position: this.dataStart + begin };
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

/** As the library of safetensors writes them, those of a dtype together; of one layer it is no matter. */
function sortedByName(tensors: readonly TensorEntry[]): boolean {
  const layers = new Set(tensors.map(({ name }) => name.slice(0, name.lastIndexOf(".") + 1)));
  if (layers.size < 2) return false;
  return tensors.every(({ name, dtype }, i) => {
    const before = tensors[i - 1];
    return before?.dtype !== dtype || before.name < name;
  });
}
