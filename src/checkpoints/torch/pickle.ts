/**
 * Reads pickles of protocols 0 to 5 (Python's pickletools describes their opcodes) and calls nothing:
 * a pickle is a program, and this is a machine without functions. What it may use of time, stack and
 * memory is bounded.
 */
import { PickleBytes, shortened } from "./pickle-bytes.js";
import { Dict, Global, Mark, Tuple, type Value } from "./values.js";

/** What a pickle refers to outside of itself. */
export interface Host {
  /** What stands under a persistent identity; here a storage. */
  persistent(id: Value): Value;
  /** What a class or function makes of its arguments. */
  made(callable: Global, args: Tuple): Value;
}

/**
 * The value of a pickle, and where it ends.
 *
 * @throws PickleMistake for what is no pickle, PickleEnds where the bytes are too few
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  host: Host,
): { readonly value: Value; readonly end: number } {
  const machine = new Machine(new PickleBytes(bytes, start), host);
  for (;;) {
    const code = machine.bytes.u8();
    machine.spend(1);
    if (code === stop) return { value: machine.pop(), end: machine.bytes.at };
    const operation = operations.get(code);
    if (operation === undefined) {
      throw machine.bytes.mistake(`no opcode 0x${code.toString(16).padStart(2, "0")}`);
    }
    operation(machine);
  }
}

/** Of a value's making, in opcodes; a container takes more memory than a number. */
const mostWork = 1 << 25;
const container = 16;
/** Pickles are written in batches of a thousand, and a thousand layers are few. */
const mostStacked = 1 << 20;
const mostRemembered = 1 << 20;

class Machine {
  readonly #stack: Value[] = [];
  /** Where the lists on the stack begin. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, Value>();
  #work = 0;

  constructor(
    readonly bytes: PickleBytes,
    readonly host: Host,
  ) {}

  spend(work: number): void {
    this.#work += work;
    if (this.#work > mostWork) throw this.bytes.mistake("more than a checkpoint takes");
  }

  push(value: Value): void {
    if (this.#stack.length === mostStacked) throw this.bytes.mistake("a stack too high");
    if (typeof value === "object" && value !== null) this.spend(container);
    this.#stack.push(value);
  }

  /** Of the innermost list only. */
  pop(): Value {
    const floor = this.#marks.at(-1) ?? 0;
    if (this.#stack.length <= floor) throw this.bytes.mistake("an empty stack");
    return this.#stack.pop()!;
  }

  top(): Value {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    if (this.#marks.length === mostStacked) throw this.bytes.mistake("lists too deep");
    this.#marks.push(this.#stack.length);
  }

  popList(): Value[] {
    const start = this.#marks.pop();
    if (start === undefined) throw this.bytes.mistake("no list on the stack");
    return this.#stack.splice(start);
  }

  popTuple(length: number): Tuple {
    const items = Array.from({ length }, () => this.pop());
    return new Tuple(items.reverse());
  }

  remember(index = this.#memo.size): void {
    if (this.#memo.size === mostRemembered) throw this.bytes.mistake("too much remembered");
    this.#memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.bytes.mistake(`nothing remembered as ${index}`);
    // What was made once is not made again.
    if (this.#stack.length === mostStacked) throw this.bytes.mistake("a stack too high");
    this.#stack.push(value);
  }

  /** @param args a tuple, as REDUCE has it */
  make(callable: Value, args: Value): void {
    if (!(args instanceof Tuple)) throw this.bytes.mistake("arguments that are no tuple");
    if (callable instanceof Mark) return this.push(new Mark(callable.of));
    if (!(callable instanceof Global)) throw this.bytes.mistake("a call of what is no function");
    // Items may be copied.
    const [first] = args.items;
    if (Array.isArray(first)) this.spend(first.length);
    else if (first instanceof Tuple) this.spend(first.items.length);
    this.push(this.host.made(callable, args));
  }

  append(items: readonly Value[]): void {
    const list = this.top();
    if (Array.isArray(list)) for (const item of items) list.push(item);
    else if (!(list instanceof Mark)) throw this.bytes.mistake("an item of what is no list");
  }

  set(items: readonly Value[]): void {
    const target = this.top();
    if (items.length % 2 !== 0) throw this.bytes.mistake("a key without a value");
    if (target instanceof Mark) return;
    if (!(target instanceof Dict)) throw this.bytes.mistake("an entry of what is no dictionary");
    for (let i = 0; i < items.length; i += 2) target.entries.set(items[i]!, items[i + 1]!);
  }

  build(): void {
    const state = this.pop();
    const target = this.top();
    // Attributes of a dictionary (`_metadata`) and of a tensor are no weights.
    if (target instanceof Mark) target.state = state;
  }
}

type Operation = (machine: Machine) => void;

const code = (character: string): number => character.charCodeAt(0);
const stop = code(".");

const pushing =
  (value: (bytes: PickleBytes) => Value): Operation =>
  (machine) =>
    machine.push(value(machine.bytes));

const global = (machine: Machine, module: Value, name: Value): Global => {
  if (typeof module === "string" && typeof name === "string") return new Global(module, name);
  throw machine.bytes.mistake("a name that is no text");
};

/** `I01` and `I00` are how the first protocols write booleans. */
function writtenInteger(bytes: PickleBytes): Value {
  const text = bytes.line();
  if (text === "01" || text === "00") return text === "01";
  if (!/^\s*[+-]?\d{1,1000}L?\s*$/.test(text)) throw bytes.mistake("a number that is none");
  return shortened(BigInt(text.trim().replace(/^\+|L$/g, "")));
}

function writtenIndex(bytes: PickleBytes): number {
  const index = Number(bytes.line());
  if (Number.isSafeInteger(index) && index >= 0) return index;
  throw bytes.mistake("an index that is none");
}

const strings: Readonly<Record<string, (bytes: PickleBytes) => Value>> = {
  S: (bytes) => bytes.line().replace(/^(['"])([^]*)\1$/, "$2"),
  T: (bytes) => bytes.text(bytes.i32()),
  U: (bytes) => bytes.text(bytes.u8()),
  V: (bytes) => bytes.line(),
  X: (bytes) => bytes.text(bytes.u32()),
  "\x8c": (bytes) => bytes.text(bytes.u8()),
  "\x8d": (bytes) => bytes.text(bytes.u64()),
  B: (bytes) => bytes.take(bytes.u32()),
  C: (bytes) => bytes.take(bytes.u8()),
  "\x8e": (bytes) => bytes.take(bytes.u64()),
  "\x96": (bytes) => bytes.take(bytes.u64()),
};

const numbers: Readonly<Record<string, (bytes: PickleBytes) => Value>> = {
  F: (bytes) => Number(bytes.line()),
  G: (bytes) => bytes.f64(),
  I: writtenInteger,
  J: (bytes) => bytes.i32(),
  K: (bytes) => bytes.u8(),
  L: writtenInteger,
  M: (bytes) => bytes.u16(),
  "\x8a": (bytes) => bytes.integer(bytes.u8()),
  "\x8b": (bytes) => bytes.integer(bytes.i32()),
  N: () => null,
  "\x88": () => true,
  "\x89": () => false,
};

const containers: Readonly<Record<string, Operation>> = {
  "(": (machine) => machine.mark(),
  "]": (machine) => machine.push([]),
  l: (machine) => machine.push(machine.popList()),
  a: (machine) => machine.append([machine.pop()]),
  e: (machine) => machine.append(machine.popList()),
  ")": (machine) => machine.push(new Tuple([])),
  t: (machine) => machine.push(new Tuple(machine.popList())),
  "\x85": (machine) => machine.push(machine.popTuple(1)),
  "\x86": (machine) => machine.push(machine.popTuple(2)),
  "\x87": (machine) => machine.push(machine.popTuple(3)),
  "}": (machine) => machine.push(new Dict()),
  d: (machine) => {
    const items = machine.popList();
    machine.push(new Dict());
    machine.set(items);
  },
  s: (machine) => {
    const value = machine.pop();
    machine.set([machine.pop(), value]);
  },
  u: (machine) => machine.set(machine.popList()),
  // A set is a list of which nobody asks anything.
  "\x8f": (machine) => machine.push([]),
  "\x90": (machine) => machine.append(machine.popList()),
  "\x91": (machine) => machine.push(new Tuple(machine.popList())),
};

const stacking: Readonly<Record<string, Operation>> = {
  "0": (machine) => void machine.pop(),
  "1": (machine) => void machine.popList(),
  "2": (machine) => machine.push(machine.top()),
  p: (machine) => machine.remember(writtenIndex(machine.bytes)),
  q: (machine) => machine.remember(machine.bytes.u8()),
  r: (machine) => machine.remember(machine.bytes.u32()),
  "\x94": (machine) => machine.remember(),
  g: (machine) => machine.recall(writtenIndex(machine.bytes)),
  h: (machine) => machine.recall(machine.bytes.u8()),
  j: (machine) => machine.recall(machine.bytes.u32()),
};

const objects: Readonly<Record<string, Operation>> = {
  c: (machine) => {
    const module = machine.bytes.line();
    machine.push(new Global(module, machine.bytes.line()));
  },
  "\x93": (machine) => {
    const name = machine.pop();
    machine.push(global(machine, machine.pop(), name));
  },
  P: pushing((bytes) => new Mark(`persistent ${bytes.line()}`)),
  Q: (machine) => machine.push(machine.host.persistent(machine.pop())),
  R: (machine) => {
    const args = machine.pop();
    machine.make(machine.pop(), args);
  },
  "\x81": (machine) => {
    const args = machine.pop();
    machine.make(machine.pop(), args);
  },
  "\x92": (machine) => {
    machine.pop();
    const args = machine.pop();
    machine.make(machine.pop(), args);
  },
  o: (machine) => {
    const [callable = null, ...args] = machine.popList();
    machine.make(callable, new Tuple(args));
  },
  i: (machine) => {
    const module = machine.bytes.line();
    const callable = new Global(module, machine.bytes.line());
    machine.make(callable, new Tuple(machine.popList()));
  },
  b: (machine) => machine.build(),
  "\x82": pushing((bytes) => new Mark(`extension ${bytes.u8()}`)),
  "\x83": pushing((bytes) => new Mark(`extension ${bytes.u16()}`)),
  "\x84": pushing((bytes) => new Mark(`extension ${bytes.u32()}`)),
};

const framing: Readonly<Record<string, Operation>> = {
  "\x80": ({ bytes }) => {
    const protocol = bytes.u8();
    if (protocol > 5) throw bytes.mistake(`protocol ${protocol}, of which nobody knows`);
  },
  // A frame's length helps those who read from a pipe.
  "\x95": ({ bytes }) => void bytes.take(8),
  "\x97": ({ bytes }) => {
    throw bytes.mistake("a buffer that is kept elsewhere");
  },
  // Makes the buffer before it read-only.
  "\x98": () => undefined,
};

const literals = Object.entries({ ...strings, ...numbers }).map(
  ([character, value]) => [character, pushing(value)] as const,
);

const operations: ReadonlyMap<number, Operation> = new Map(
  [...literals, ...Object.entries({ ...containers, ...stacking, ...objects, ...framing })].map(
    ([character, operation]) => [code(character), operation],
  ),
);
