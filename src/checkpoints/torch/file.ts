import { InceptError } from "../../diagnostics/incept-error.js";
import { visible, visibleName } from "../../diagnostics/visible.js";
import { elements } from "../../ops/shape.js";
import { allocate } from "../../files/allocate.js";
import type { ByteSource } from "../bytes.js";
import type { Checkpoint, CheckpointTensor } from "../checkpoint.js";
import { readDense } from "../dense.js";
import { sizesText } from "../named-shape.js";
import { type Dict, Mark, Tensor } from "./values.js";

/** The memory that the tensors of a file lie in. */
export interface Storages {
  /** Bytes of a storage; undefined where the file has none under that key. */
  sizeOf(key: string): number | undefined;
  /** Little-endian. */
  bytesOf(key: string, width: number): Promise<ByteSource>;
}

/** A state dict whose tensors have been found to lie inside of their storages. */
export class TorchFile implements Checkpoint {
  readonly metadata = {};
  readonly framework = "PyTorch";
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly #views = new Map<string, Tensor>();

  /** @throws InceptError `weights/offsets`, `weights/truncated` */
  constructor(
    private readonly source: ByteSource,
    private readonly storages: Storages,
    { entries }: Dict,
  ) {
    const tensors = new Map<string, CheckpointTensor>();
    for (const [name, value] of entries) {
      if (typeof name !== "string") continue;
      if (value instanceof Tensor) {
        requireInside(this.#nameOf(name), value, storages.sizeOf(value.storage.key));
        this.#views.set(name, value);
        tensors.set(name, { name, dtype: value.dtype, shape: value.shape });
      } else if (value instanceof Mark && value.tensor !== undefined) {
        tensors.set(name, { name, dtype: value.of, shape: [], unreadable: value.tensor });
      }
    }
    this.tensors = tensors;
  }

  get name(): string {
    return this.source.name;
  }

  async readFloat32(name: string): Promise<Float32Array> {
    const what = this.#nameOf(name);
    const view = this.#views.get(name);
    if (view === undefined) {
      const unreadable = this.tensors.get(name)?.unreadable;
      if (unreadable === undefined) throw new RangeError(`${what} is not there.`);
      const message = `${what} is ${visible(unreadable.what)}, which is not read.`;
      throw new InceptError("weights/unreadable", message, { help: unreadable.help });
    }
    const { storage, dtype, width, shape, stride } = view;
    const begin = storage.start * storage.width + view.offset * width;
    const bytes = await this.storages.bytesOf(storage.key, width);
    const count = reach(view);
    const values = await readDense(bytes, begin, { dtype, count, what });
    return isDense(shape, stride) ? values : gathered(values, view, what);
  }

  close(): Promise<void> {
    return this.source.close();
  }

  #nameOf(tensor: string): string {
    return `${this.name}: ${visibleName(tensor)}`;
  }
}

/** How many elements there are from a view's first to its last. */
const reach = ({ shape, stride }: Tensor): number =>
  elements(shape) === 0 ? 0 : shape.reduce((sum, size, i) => sum + (size - 1) * stride[i]!, 1);

/** @param size bytes of the storage, as the file has it */
function requireInside(what: string, view: Tensor, size: number | undefined): void {
  const { storage, offset, width, shape, stride } = view;
  if (size === undefined) {
    const message = `${what} lies in storage ${visibleName(storage.key)}, which the file lacks.`;
    throw new InceptError("weights/truncated", message, { help: "was it copied whole?" });
  }
  const claimed = (storage.start + storage.length) * storage.width;
  if (claimed > size) {
    const message = `${what} lies in a storage of ${claimed} bytes, of which the file has ${size}.`;
    throw new InceptError("weights/truncated", message, { help: "was it copied whole?" });
  }
  const end = (offset + reach(view)) * width;
  const isWhole = Number.isSafeInteger(elements(shape));
  if (isWhole && end <= storage.length * storage.width) return;
  const message =
    `${what} is ${sizesText(shape)} with strides ${sizesText(stride)} from element ${offset}, ` +
    `which reaches beyond its storage of ${storage.length}.`;
  throw new InceptError("weights/offsets", message);
}

/** Whether elements lie in C order without gaps. */
function isDense(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && stride[i] !== expected) return false;
    expected *= shape[i]!;
  }
  return true;
}

/** The elements of a view in C order. @param values from its first to its last in the storage */
function gathered(values: Float32Array, { shape, stride }: Tensor, what: string): Float32Array {
  const result = allocate(Float32Array, elements(shape), what);
  const inner = shape.length - 1;
  const [length, step] = [shape[inner] ?? 1, stride[inner] ?? 1];
  const index = new Array<number>(Math.max(0, inner)).fill(0);
  let row = 0;
  for (let to = 0; to < result.length; to += length) {
    for (let i = 0; i < length; i++) result[to + i] = values[row + i * step]!;
    // The next row, as an odometer counts.
    for (let d = inner - 1; d >= 0; d--) {
      row += stride[d]!;
      if (++index[d]! < shape[d]!) break;
      row -= stride[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return result;
}
