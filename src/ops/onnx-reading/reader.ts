/**
 * How primitives read an ONNX node: every attribute and operand is asked for, with what it may be,
 * and what nobody asked for refuses the node. So nothing in a file is passed over in silence.
 */
import { counted } from "../../diagnostics/counted.js";
import type {
  OnnxReaders,
  OnnxReading,
  OnnxRefusal,
  OnnxRole,
  OnnxSequence,
  StoredNode,
  StoredOperand,
} from "../onnx.js";
import { elements } from "../shape.js";
import type { Pair } from "../window.js";

type Read<A> = (node: NodeReader) => OnnxReading<A> | undefined;

/** Readers by ONNX operator; what they refuse becomes a sentence that begins with the operator. */
export const reads = <A>(readers: Readonly<Record<string, Read<A>>>): OnnxReaders<A> =>
  Object.fromEntries(
    Object.entries(readers).map(([opType, read]) => [
      opType,
      (node: StoredNode) =>
        unlessRefused(opType, () => {
          const reader = oneResult(node);
          const reading = read(reader);
          return reading && { ...reading, roles: reader.finish(reading.roles) };
        }),
    ]),
  );

/** Of nodes in a row, of which the first alone has an operand that flows into them all. */
export const sequence = <A>(
  operators: readonly string[],
  read: (nodes: readonly NodeReader[]) => A,
): OnnxSequence<A> => ({
  operators,
  read: (nodes) =>
    unlessRefused(operators.join(", "), () => {
      const readers = nodes.map(oneResult);
      const attrs = read(readers);
      const roles = readers.map((reader, i) =>
        reader.finish(
          Array.from({ length: reader.count }, (_, operand): OnnxRole => {
            const flows = i === 0 ? operand === 0 : !reader.isConstant(operand);
            if (!flows && reader.has(operand)) reader.constant(operand);
            return i === 0 && operand === 0 ? "input" : "attribute";
          }),
        ),
      );
      return { attrs, roles: roles[0]! };
    }),
});

function oneResult(node: StoredNode): NodeReader {
  if (node.outputs > 1) refuse(`gives ${node.outputs} results; here it gives one`);
  return new NodeReader(node);
}

/** What it reads; what is refused becomes a sentence that begins with `what`. */
export function unlessRefused<R>(what: string, read: () => R): R | OnnxRefusal {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) return { refused: `${what} ${error.message}` };
    throw error;
  }
}

class Refused extends Error {}

/** @param why follows the operator's name: `joins along axis 2` */
export function refuse(why: string): never {
  throw new Refused(why);
}

/** One that flows into the operator, and nothing else: with attributes of its own. */
export const alone =
  <A>(attrs: (node: NodeReader) => A): Read<A> =>
  (node) => {
    node.flowing(0);
    return { attrs: attrs(node), roles: ["input"] };
  };

/** A dimension that a file leaves open. */
export type Dims = readonly (number | undefined)[];

export interface Constant {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

export class NodeReader {
  readonly opset: number;
  private readonly asked = new Set<string>();

  constructor(private readonly node: StoredNode) {
    this.opset = node.opset;
  }

  /** How many results it has. */
  get outputs(): number {
    return this.node.outputs;
  }

  /** How many operands there are, those left out in between counted. */
  get count(): number {
    return this.node.operands.length;
  }

  has(operand: number): boolean {
    return this.node.operands[operand] !== undefined;
  }

  isConstant(operand: number): boolean {
    const { values, unread } = this.node.operands[operand] ?? {};
    return values !== undefined || unread === true;
  }

  /** The dimensions of what flows in, the batch first; none where nothing is said. */
  flowing(operand: number): Dims | undefined {
    const { shape } = this.operand(operand);
    if (this.isConstant(operand))
      refuse(`takes a constant as ${nth(operand)} operand; there an image or a vector flows in`);
    return shape;
  }

  /** Channels, height and width of an image that flows in. */
  image(operand: number): readonly [Dims[number], Dims[number], Dims[number]] {
    const dims = this.flowing(operand);
    if (dims === undefined) return [undefined, undefined, undefined];
    if (dims.length !== 4)
      refuse(`takes ${dims.length} dimensions; here an image has four, the batch counted`);
    return [dims[1], dims[2], dims[3]];
  }

  constant(operand: number): Constant {
    const { shape } = this.weight(operand);
    const { values } = this.operand(operand);
    if (values === undefined) {
      const count = elements(shape);
      refuse(`has ${count} numbers as ${nth(operand)} operand, more than here stand in a spec`);
    }
    return { shape, values };
  }

  /** A constant of which the shape is enough. */
  weight(operand: number): Pick<Constant, "shape"> {
    const { shape = [], values } = this.operand(operand);
    if (!this.isConstant(operand)) refuse(`computes its ${nth(operand)} operand; here it is fixed`);
    const dims = shape.filter((d) => d !== undefined);
    if (dims.length !== shape.length) refuse(`says no shape of its ${nth(operand)} operand`);
    if (values !== undefined && values.length !== elements(dims)) {
      refuse(`has ${values.length} numbers as ${nth(operand)} operand that its shape does not fit`);
    }
    if (elements(dims) === 0) refuse(`has no numbers as ${nth(operand)} operand`);
    return { shape: dims };
  }

  /** A constant of one number. */
  scalar(operand: number): number {
    const { values } = this.constant(operand);
    if (values.length !== 1) {
      refuse(`has ${values.length} numbers as ${nth(operand)} operand; it takes one`);
    }
    return values[0]!;
  }

  /** As a person wrote it. */
  float(name: string, fallback: number): number {
    const value = this.attribute(name) ?? fallback;
    if (typeof value !== "number" || !Number.isFinite(value)) refuse(`has no number as ${name}`);
    return shortest(value);
  }

  /** Without a fallback it has to be there. */
  integer(name: string, fallback?: number): number {
    const value = this.attribute(name) ?? fallback;
    if (!Number.isSafeInteger(value))
      refuse(value === undefined ? `says no ${name}` : `has no integer as ${name}`);
    return value as number;
  }

  flag(name: string, fallback = 0): boolean {
    return this.integer(name, fallback) !== 0;
  }

  integers(name: string): readonly number[] | undefined {
    const value = this.attribute(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((each) => Number.isSafeInteger(each)))
      refuse(`has no list of integers as ${name}`);
    return value as readonly number[];
  }

  /** Of height and width, each 1 or more. */
  pair(name: string, fallback?: Pair): Pair {
    const list = this.integers(name) ?? fallback ?? refuse(`says no ${name}`);
    const [height, width] = list;
    if (list.length !== 2 || height === undefined || width === undefined) {
      refuse(
        `has ${counted(list.length, "number")} as ${name}; here windows have height and width`,
      );
    }
    if (Math.min(height, width) < 1) refuse(`has ${list.join(", ")} as ${name}, less than 1`);
    return [height, width];
  }

  text(name: string, fallback: string): string {
    const value = this.attribute(name) ?? fallback;
    if (typeof value !== "string") refuse(`has no text as ${name}`);
    return value;
  }

  /** One that can only be what it is here. */
  only(name: string, wanted: number, why: string): void {
    const value = this.float(name, wanted);
    if (value !== wanted) refuse(`has ${name} ${value}; ${why}`);
  }

  /** Counted from the front. */
  axis(value: number, dims: Dims | undefined): number {
    if (value >= 0) return value;
    if (dims === undefined)
      refuse(`counts axis ${value} from the end, and the number of dimensions is not known`);
    return value + dims.length;
  }

  /** Of `roles`, one an operand, those of the operands that are there; each of them needs one. */
  finish(roles: OnnxReading<unknown>["roles"]): OnnxReading<unknown>["roles"] {
    this.nothingElse();
    return this.node.operands.map((operand, i) =>
      operand === undefined
        ? undefined
        : (roles[i] ?? refuse(`has a ${nth(i)} operand, which nothing here answers to`)),
    );
  }

  /** Refuses a node with attributes that nobody asked for. */
  nothingElse(): void {
    const strange = Object.keys(this.node.attributes).find((name) => !this.asked.has(name));
    if (strange !== undefined) refuse(`has an attribute ${strange}, which nothing here answers to`);
  }

  private attribute(name: string): unknown {
    this.asked.add(name);
    return this.node.attributes[name];
  }

  private operand(index: number): StoredOperand {
    return this.node.operands[index] ?? refuse(`has no ${nth(index)} operand`);
  }
}

const nth = (index: number): string =>
  ["first", "second", "third", "fourth", "fifth"][index] ?? `${index + 1}th`;

/**
 * The shortest decimal of those that are the same in f32: files hold f32, where a person wrote
 * 1e-5, not 9.99999974737875e-6.
 */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const near = Number(value.toPrecision(digits));
    if (Math.fround(near) === Math.fround(value)) return near;
  }
  return value;
}
