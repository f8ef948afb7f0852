/**
 * The one way in which calls read their options: unknown names, wrong types and values out of range
 * are told apart, and what is kept is the call's own, whatever the caller does to its object later.
 */
import { fileURLToPath } from "node:url";
import { visible } from "../diagnostics/visible.js";
import { describeValue, unknownName } from "./wrong-call.js";

/** Where a value stands, as messages name it: `GoogLeNet.load: tap[1]`. */
export class Place {
  constructor(
    private readonly call: string,
    private readonly name: string,
  ) {}

  /** A part of the value: `tap[1]`, `set.classes`. */
  part(key: string | number): Place {
    return new Place(this.call, this.name + (typeof key === "number" ? `[${key}]` : `.${key}`));
  }

  /** For a part that there is not. */
  unknown(part: string, known: readonly string[]): TypeError {
    return unknownName(this.call, "option", part, known, `${this.name}.`);
  }

  /** For a part that must be given. */
  missing(part: string): TypeError {
    return new TypeError(visible(`${this.call}: ${this.name}.${part} is missing.`));
  }

  /** For a value of another type than is expected. */
  wrongType(value: unknown, expected: string): TypeError {
    return new TypeError(this.text(value, expected));
  }

  /** For a value of the right type that is none of those expected. */
  outOfRange(value: unknown, expected: string): RangeError {
    return new RangeError(this.text(value, expected));
  }

  /** For memory of another length than is expected: `5 bytes`, `12 (2 x 2 pixels of 3 channels)`. */
  wrongLength(holds: string, expected: string): TypeError {
    return new TypeError(`${this.call}: ${this.name} holds ${holds}, expected ${expected}.`);
  }

  /** For memory that another thread has by now. */
  transferred(): TypeError {
    const memory = `the memory of ${this.name}`;
    return new TypeError(
      `${this.call}: ${memory} was transferred elsewhere (its buffer is detached).`,
    );
  }

  private text(value: unknown, expected: string): string {
    return visible(`${this.call}: ${this.name} is ${describeValue(value)}, expected ${expected}.`);
  }
}

/** Gives a value of the option's own type that nobody else can change, or throws. */
export type Reader<T> = (value: unknown, place: Place) => T;

/** One reader an option. */
export type Readers<O> = { readonly [K in keyof O]-?: Reader<O[K]> };

/**
 * A call's options, each read by its reader; `undefined` is as good as absent.
 *
 * @param call how messages name the call: `GoogLeNet.load`
 * @throws TypeError for an unknown name or a wrong type, RangeError for a value out of range
 */
export function checkOptions<O extends object>(
  call: string,
  given: unknown,
  readers: Readers<O>,
): O {
  if (given === undefined) return {} as O;
  const names = Object.keys(readers);
  if (Object.prototype.toString.call(given) !== "[object Object]") {
    const expected = names.length === 0 ? "none" : `an object such as { ${names[0]}: … }`;
    throw new TypeError(`${call}: the options are ${describeValue(given)}, expected ${expected}.`);
  }
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given as object)) {
    if (!names.includes(name)) throw unknownName(call, "option", name, names);
    if (value === undefined) continue;
    const reader = readers[name as keyof O] as Reader<unknown>;
    read[name] = reader(value, new Place(call, name));
  }
  return read as O;
}

/** For what takes no options: a caller who gives some expects something of them. */
export const noOptions = (call: string, given: unknown): void => void checkOptions(call, given, {});

export const text: Reader<string> = (value, place) => {
  if (typeof value !== "string") throw place.wrongType(value, "a string");
  return value;
};

/** A path as it is; a file URL as a path. */
export const filePath: Reader<string> = (value, place) => {
  if (typeof value === "string") return value;
  const expected = "a path or a file URL";
  if (Object.prototype.toString.call(value) !== "[object URL]") {
    throw place.wrongType(value, expected);
  }
  const url = String(value);
  if (!url.startsWith("file:")) throw place.outOfRange(url, expected);
  return fileURLToPath(url);
};

export const flag: Reader<boolean> = (value, place) => {
  if (typeof value !== "boolean") throw place.wrongType(value, "true or false");
  return value;
};

/** A whole number; `most` is left out where any is taken. */
export const count =
  (least: number, most = Infinity): Reader<number> =>
  (value, place) => {
    const expected = `a whole number of ${most < Infinity ? `${least} to ${most}` : `at least ${least}`}`;
    if (typeof value !== "number") throw place.wrongType(value, expected);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw place.outOfRange(value, expected);
  };

/** A number that `fits` takes; NaN is none. */
export const real =
  (expected: string, fits: (value: number) => boolean): Reader<number> =>
  (value, place) => {
    if (typeof value !== "number") throw place.wrongType(value, expected);
    if (fits(value)) return value;
    throw place.outOfRange(value, expected);
  };

/** One of a few words. */
export const oneOf =
  <const W extends string>(words: readonly W[]): Reader<W> =>
  (value, place) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const quoted = words.map((word) => `"${word}"`);
    const expected = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
    throw typeof value === "string"
      ? place.outOfRange(value, expected)
      : place.wrongType(value, expected);
  };

/** @param expected as messages say it: `a list of stages or steps` */
export const listOf =
  <T>(item: Reader<T>, expected: string): Reader<readonly T[]> =>
  (value, place) => {
    if (!Array.isArray(value)) throw place.wrongType(value, expected);
    return Array.from(value as unknown[], (each, i) => item(each, place.part(i)));
  };

/** @param expected as messages say it: `an object such as { classes: 10 }` */
export const recordOf =
  <T>(item: Reader<T>, expected: string): Reader<Readonly<Record<string, T>>> =>
  (value, place) => {
    if (Object.prototype.toString.call(value) !== "[object Object]") {
      throw place.wrongType(value, expected);
    }
    const entries = Object.entries(value as object).map(([key, each]) => [
      key,
      item(each, place.part(key)),
    ]);
    return Object.fromEntries(entries) as Record<string, T>;
  };

/** Parts with names of their own, each read by its reader; `undefined` is as good as absent. */
export const partsOf =
  <O extends object>(
    readers: Readers<O>,
    required: readonly (keyof O & string)[] = [],
  ): Reader<O> =>
  (value, place) => {
    const names = Object.keys(readers);
    const all = recordOf((each) => each, `an object such as { ${names[0]}: … }`)(value, place);
    const given = Object.entries(all).filter(([, each]) => each !== undefined);
    const stranger = given.find(([name]) => !names.includes(name));
    if (stranger !== undefined) throw place.unknown(stranger[0], names);
    const lacks = required.find((name) => !given.some(([other]) => other === name));
    if (lacks !== undefined) throw place.missing(lacks);
    const read = given.map(([name, each]) => [
      name,
      (readers[name as keyof O] as Reader<unknown>)(each, place.part(name)),
    ]);
    return Object.fromEntries(read) as O;
  };

/** Parts that hang on the part `kind`. */
export const byKind =
  <T>(kinds: Readonly<Record<string, Reader<T>>>): Reader<T> =>
  (value, place) => {
    const names = Object.keys(kinds);
    const expected = `an object such as { kind: "${names[0]}" }`;
    const { kind } = recordOf((each) => each, expected)(value, place);
    if (kind === undefined) throw place.missing("kind");
    return kinds[oneOf(names)(kind, place.part("kind"))]!(value, place);
  };

/** By what it is and not by its class: jsdom has one of its own. */
export const abortSignal: Reader<AbortSignal> = (value, place) => {
  const signal = value as AbortSignal;
  const is =
    Object.prototype.toString.call(value) === "[object AbortSignal]" &&
    typeof signal.aborted === "boolean" &&
    typeof signal.addEventListener === "function";
  if (!is) throw place.wrongType(value, "an AbortSignal");
  return signal;
};
