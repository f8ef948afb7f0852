/**
 * Reads values of known shape out of JSON that anyone may have written. Only what a reader asks for
 * is taken, into new objects, so that no `__proto__` or stranger comes along.
 */
import { visibleName } from "../diagnostics/visible.js";

/** Gives the value as its type, or throws a WrongJson that names the place. */
export type Reader<T> = (value: unknown, place: string) => T;

/** What is wrong with a JSON text, as a sentence without its subject's file. */
export class WrongJson extends Error {}

/** @throws WrongJson */
export function parseJson<T>(text: string, read: Reader<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WrongJson(text.trim() === "" ? "is empty" : "is not JSON");
  }
  return read(value, "");
}

/** What `value` is not. */
export function wrong(value: unknown, place: string, expected: string): WrongJson {
  const subject = place === "" ? "holds" : `says that ${place} is`;
  return new WrongJson(`${subject} ${described(value)}, expected ${expected}`);
}

function described(value: unknown): string {
  if (value === undefined) return "absent";
  if (Array.isArray(value)) return describedList(value);
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string") return visibleName(JSON.stringify(value));
  return JSON.stringify(value);
}

function describedList(values: readonly unknown[]): string {
  const short = values.length <= 8 && values.every((value) => typeof value === "number");
  return short ? `[${values.join(", ")}]` : `a list of ${values.length}`;
}

/** A string of bounded length; `like` says what it has to match. */
export const text =
  (most: number, like?: { readonly pattern: RegExp; readonly expected: string }): Reader<string> =>
  (value, place) => {
    const fits = typeof value === "string" && value.length <= most;
    if (fits && (like === undefined || like.pattern.test(value))) return value;
    throw wrong(value, place, like?.expected ?? `a string of at most ${most} characters`);
  };

export const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, place) => {
    if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) {
      return Number(value);
    }
    throw wrong(value, place, `a whole number of ${least} to ${most}`);
  };

/** Any that JSON can hold: `1e999` is none. */
export const number: Reader<number> = (value, place) => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw wrong(value, place, "a number");
};

export const flag: Reader<boolean> = (value, place) => {
  if (typeof value === "boolean") return value;
  throw wrong(value, place, "true or false");
};

export const oneOf =
  <const T extends string>(...known: readonly T[]): Reader<T> =>
  (value, place) => {
    const found = known.find((one) => one === value);
    if (found !== undefined) return found;
    throw wrong(value, place, `one of ${known.join(", ")}`);
  };

export const list =
  <T>(item: Reader<T>, most: number, least = 0): Reader<readonly T[]> =>
  (value, place) => {
    if (Array.isArray(value) && value.length >= least && value.length <= most) {
      return value.map((each, i) => item(each, `${place}[${i}]`));
    }
    throw wrong(value, place, `a list of ${least === most ? most : `${least} to ${most}`}`);
  };

/** `undefined` where the field is absent; `record` then leaves it out. */
export const optional =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  (value, place) =>
    value === undefined ? undefined : read(value, place);

/** An object with these fields; others are not taken over. */
export const record =
  <T extends object>(fields: { readonly [K in keyof T]-?: Reader<T[K] | undefined> }): Reader<T> =>
  (value, place) => {
    const given = entriesOf(value, place, Infinity);
    const taken = Object.entries<Reader<unknown>>(fields).map(([name, read]) => {
      return [name, read(given.get(name), place === "" ? name : `${place}.${name}`)] as const;
    });
    return Object.fromEntries(taken.filter(([, field]) => field !== undefined)) as T;
  };

/** An object from any names to values of one kind. */
export const dictionary =
  <T>(name: Reader<string>, item: Reader<T>, most: number): Reader<ReadonlyMap<string, T>> =>
  (value, place) =>
    new Map(
      [...entriesOf(value, place, most)].map(([key, each]) => [
        name(key, `a name in ${place}`),
        item(each, `${place}[${JSON.stringify(visibleName(key))}]`),
      ]),
    );

function entriesOf(value: unknown, place: string, most: number): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong(value, place, "an object");
  }
  const entries = Object.entries(value);
  if (entries.length > most) throw wrong(value, place, `an object of at most ${most} names`);
  return new Map(entries);
}
