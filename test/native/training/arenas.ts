/** The operands and results of a node in arenas, as native/cpu/train/run.hpp finds them. */
import { type Node, operandsOf } from "../../../src/graph/graph.js";
import type { Value } from "../../../src/graph/value.js";
import type { DType } from "../../../src/ops/primitive.js";
import { elements } from "../../../src/ops/shape.js";
import type { BatchPlace } from "../../../src/targets/program.js";
import type { Numbers } from "../../../src/graph/evaluate.js";

const bytesOf: Readonly<Record<DType, number>> = { f32: 4, i32: 4, u8: 1 };

/** Before each image's numbers, and behind them: nobody may write there. */
const margin = 8;

export class Arenas {
  readonly places = new Map<Value, BatchPlace>();
  /** Of one image. */
  readonly imageBytes: number;
  readonly batchBytes: number;

  /** @param name of the values' places */
  constructor(
    node: Node,
    private readonly batch: number,
    name: (at: number) => string,
  ) {
    const size = { image: 0, batch: 0 };
    const values = new Set([...operandsOf(node), ...node.outputs]);
    for (const [at, value] of [...values].entries()) {
      const { dtype } = value;
      const pitch = margin + 4 * Math.ceil((elements(value.shape) * bytesOf[dtype]) / 4) + margin;
      const own = { name: name(at), dtype };
      if (value.extent === "image") {
        const numbers = [size.image, pitch, margin];
        this.places.set(value, { ...own, type: "ImageValue", numbers });
        size.image += pitch;
      } else {
        this.places.set(value, { ...own, type: "BatchValue", numbers: [size.batch + margin] });
        size.batch += pitch;
      }
    }
    this.imageBytes = size.image;
    this.batchBytes = size.batch;
  }

  /** Of the batch, both of them: those of the images first. */
  get bytes(): number {
    return this.batch * this.imageBytes + this.batchBytes;
  }

  /** Both arenas with these numbers, and with NaN wherever else. */
  filled(numbers: ReadonlyMap<Value, Numbers>): Buffer {
    const arenas = Buffer.alloc(this.bytes, 0xff);
    for (const [value, own] of numbers) {
      this.eachNumber(value, (at, i) => this.write(arenas, value, at, own[i]!));
    }
    return arenas;
  }

  read(arenas: Buffer, value: Value): Numbers {
    const numbers: number[] = [];
    this.eachNumber(value, (at) => numbers.push(this.numberAt(arenas, value, at)));
    return Float64Array.from(numbers);
  }

  /** The arenas without what the values hold. */
  without(arenas: Buffer, values: readonly Value[]): Buffer {
    const rest = Buffer.from(arenas);
    for (const value of values) {
      this.eachNumber(value, (at) => rest.fill(0, at, at + bytesOf[value.dtype]));
    }
    return rest;
  }

  private eachNumber(value: Value, visit: (at: number, i: number) => void): void {
    const size = bytesOf[value.dtype];
    const count = elements(value.shape);
    const { type, numbers } = this.places.get(value)!;
    const [first, pitch = 0, shift = 0] = numbers as readonly [number, number?, number?];
    const images = type === "ImageValue" ? this.batch : 1;
    const begin =
      type === "ImageValue" ? this.batch * first + shift : this.batch * this.imageBytes + first;
    for (let i = 0; i < images * count; i++) {
      visit(begin + Math.floor(i / count) * pitch + (i % count) * size, i);
    }
  }

  private write(arenas: Buffer, { dtype }: Value, at: number, number: number): void {
    if (dtype === "f32") arenas.writeFloatLE(number, at);
    else if (dtype === "i32") arenas.writeInt32LE(number, at);
    else arenas.writeUInt8(number, at);
  }

  private numberAt(arenas: Buffer, { dtype }: Value, at: number): number {
    if (dtype === "f32") return arenas.readFloatLE(at);
    return dtype === "i32" ? arenas.readInt32LE(at) : arenas.readUInt8(at);
  }
}
