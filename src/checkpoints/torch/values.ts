/** What a pickle is made of. Nothing that it names is called: what nobody knows is a mark. */
import type { Unreadable } from "../checkpoint.js";

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Value[]
  | Tuple
  | Dict
  | Global
  | Mark
  | Storage
  | Tensor;

export class Tuple {
  constructor(readonly items: readonly Value[]) {}
}

/** A map, since keys are the file's: `__proto__` is a key like any other. */
export class Dict {
  readonly entries = new Map<Value, Value>();
}

/** A class or a function, by the name that Python would import it under. */
export class Global {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An object that is not made: what it is of, and what was to be its state. */
export class Mark {
  state: Value = null;

  constructor(
    readonly of: string,
    /** Of what PyTorch would make a tensor of. */
    readonly tensor?: Unreadable,
  ) {}
}

/** Memory that tensors lie in, by its key in the file. */
export class Storage {
  constructor(
    readonly key: string,
    /** As safetensors calls it; undefined where nothing says what the bytes are. */
    readonly dtype: string | undefined,
    readonly width: number,
    /** Elements of `width` bytes. */
    readonly length: number,
    /** Where it begins in the file's, in elements. */
    readonly start = 0,
  ) {}
}

/** A view of a storage: offset and strides in elements. */
export class Tensor {
  constructor(
    readonly storage: Storage,
    readonly dtype: string,
    readonly width: number,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
  ) {}
}
