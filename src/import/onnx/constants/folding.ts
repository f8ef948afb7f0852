/** How a node computes a constant of constants. */
import { type NodeReader, refuse } from "../../../ops/onnx-reading/reader.js";
import { elements, type Shape } from "../../../ops/shape.js";
import { type Element, isNumber } from "./element.js";
import { type Kind, mostKnown, Tensor } from "./tensor.js";

/** A result, of the values of all operands: of short ones at once, of long ones when it is read. */
export interface Folding {
  readonly shape: Shape;
  readonly kind: Kind;
  readonly of: (values: readonly ArrayLike<Element>[]) => ArrayLike<Element>;
}

export type Fold = (node: NodeReader, operands: Operands) => Folding | readonly Folding[];

/** The constants that a node reads; those that are left out count. */
export class Operands {
  constructor(readonly all: readonly (Tensor | undefined)[]) {}

  has(index: number): boolean {
    return this.all[index] !== undefined;
  }

  at(index: number): Tensor {
    return this.all[index] ?? refuse(`has no operand ${index + 1}`);
  }

  /** Of a short one: a shape, axes, indices. */
  known(index: number): readonly Element[] {
    const { numbers, size } = this.at(index);
    return (
      numbers ??
      refuse(`has ${size} numbers as operand ${index + 1}; that is more than is looked at`)
    );
  }

  integers(index: number): readonly number[] {
    return this.known(index).map((element) =>
      isNumber(element) ? element : refuse("computes with the batch in a way that is not read"),
    );
  }
}

/** A list that newer versions have as an operand and older ones as an attribute. */
export const listOf = (
  node: NodeReader,
  operands: Operands,
  index: number,
  name: string,
): readonly number[] | undefined =>
  operands.has(index) ? operands.integers(index) : node.integers(name);

/** The tensors that it gives, and which are computed at once where they are short. */
export function folded(
  foldings: readonly Folding[],
  operands: Operands,
  name: string,
): readonly Tensor[] {
  const given = operands.all.filter((tensor) => tensor !== undefined);
  return foldings.map(({ shape, kind, of }) => {
    const isShort = elements(shape) <= mostKnown;
    const known = given.map(({ numbers }) => numbers);
    if (isShort && known.every((numbers) => numbers !== undefined)) {
      return Tensor.of(nameOf(given, shape) ?? name, shape, kind, Array.from(of(known)));
    }
    const values = async (): Promise<ArrayLike<Element>> => {
      const all: ArrayLike<Element>[] = [];
      for (const tensor of given) all.push(await tensor.elements());
      return of(all);
    };
    return new Tensor(nameOf(given, shape) ?? name, shape, kind, values);
  });
}

/** What is one tensor in another order keeps its name. */
function nameOf(given: readonly Tensor[], shape: Shape): string | undefined {
  const same = given.filter(({ size }) => size > 1 && size === elements(shape));
  return same.length === 1 && same[0]!.kind === "float" ? same[0]!.name : undefined;
}

/** Counted from the front. */
export function axisOf(axis: number, rank: number): number {
  const own = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(own) || own < 0 || own >= rank)
    refuse(`has axis ${axis} of ${rank} dimensions`);
  return own;
}
