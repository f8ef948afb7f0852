import { elements, type Shape } from "../../../ops/shape.js";
import { type Element, isNumber } from "./element.js";

/** What is read to see what it says: a list of numbers a channel, a shape. Weights have more. */
export const mostKnown = 1 << 14;

/** What a tensor's values may be; truth values are integers. */
export type Kind = "float" | "integer";

/** Constants of a file, and what is computed of constants alone. */
export class Tensor {
  #numbers: readonly Element[] | undefined;

  /**
   * @param name as messages name it: the file's, or the one of what it is made of
   * @param values all of them, in C order
   */
  constructor(
    readonly name: string,
    readonly shape: Shape,
    readonly kind: Kind,
    private readonly values: () => Promise<ArrayLike<Element>>,
  ) {}

  static of(name: string, shape: Shape, kind: Kind, numbers: readonly Element[]): Tensor {
    const tensor = new Tensor(name, shape, kind, () => Promise.resolve(numbers));
    tensor.#numbers = numbers;
    return tensor;
  }

  get size(): number {
    return elements(this.shape);
  }

  /** Its values where `know` has read them. */
  get numbers(): readonly Element[] | undefined {
    return this.#numbers;
  }

  /** Reads the values of one that is short. */
  async know(): Promise<void> {
    if (this.size <= mostKnown) this.#numbers ??= Array.from(await this.values());
  }

  /** @throws RangeError for multiples of the batch, which no weight is made of */
  async read(): Promise<Float32Array> {
    const values = await this.values();
    if (values instanceof Float32Array) return values;
    return Float32Array.from(values, (value) => {
      if (isNumber(value)) return value;
      throw new RangeError(`${this.name} hangs on the batch.`);
    });
  }

  /** The same numbers as those of another kind. */
  as(name: string, kind: Kind): Tensor {
    const { shape, values } = this;
    const numbers = this.#numbers;
    return numbers === undefined
      ? new Tensor(name, shape, kind, values)
      : Tensor.of(name, shape, kind, numbers);
  }

  elements(): Promise<ArrayLike<Element>> {
    return this.#numbers === undefined ? this.values() : Promise.resolve(this.#numbers);
  }
}
