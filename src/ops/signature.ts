/**
 * Argument tables. Checking, defaults, completion and the documentation derive from them, and so
 * do the types that an operator's rules see.
 */
import type { ArgValue } from "./value.js";

/** What became of a value: read, or refused for its type or its range. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: "type" | "range"; readonly help?: string };

export interface Kind<T> {
  /** Completes "must be …": `a whole number of at least 1`. */
  readonly expected: string;
  /** Names it accepts where no parameter or const has them. */
  readonly words?: readonly string[];
  /** Calls it accepts, such as `sgd(lr: 0.1)`; a bare name is a call without arguments. */
  readonly calls?: Readonly<Record<string, Signature<unknown>>>;
  /** What one of the calls is: an optimizer, a schedule. */
  readonly noun?: string;
  /** Whether a name stands for itself: for something that the spec declares. */
  readonly refers?: boolean;
  /** What the items of a list may be. */
  readonly item?: Kind<unknown>;
  read(value: ArgValue): Reading<T>;
}

export interface Argument<T = unknown> {
  readonly kind: Kind<unknown>;
  /** Positional arguments are written first, without their name; the others only by name. */
  readonly positional: boolean;
  readonly required: boolean;
  /** Its value where neither the call nor the file's `defaults` give one. */
  readonly absent: T;
  /** That value as the documentation prints it, `1e-5`; empty where a rule decides. */
  readonly shownDefault: string;
  readonly doc: string;
}

export type Table = Readonly<Record<string, Argument>>;

export type ArgsOf<T extends Table> = {
  readonly [K in keyof T]: T[K] extends Argument<infer V> ? V : never;
};

/** The arguments that a signature reads. */
export type ArgsIn<S> = S extends Signature<infer A> ? A : never;

export interface Signature<A> {
  readonly args: ReadonlyMap<string, Argument>;
  /** Whole arguments from those that were given; every required one is among them. */
  complete(given: ReadonlyMap<string, unknown>): A;
}

/** In the order of the table; positional arguments first. */
export function signature<const T extends Table>(table: T): Signature<ArgsOf<T>> {
  const args = new Map(Object.entries(table));
  return {
    args,
    complete: (given) =>
      Object.fromEntries(
        [...args].map(([name, arg]) => [name, given.has(name) ? given.get(name) : arg.absent]),
      ) as ArgsOf<T>,
  };
}

export const noArguments = signature({});

/** Must be given, in its place. */
export const positional = <T>(kind: Kind<T>, doc: string): Argument<T> => ({
  kind,
  positional: true,
  required: true,
  // Never read: a call that lacks it is refused first.
  absent: undefined as T,
  shownDefault: "",
  doc,
});

/** May be given in its place. */
export const trailing = <T>(kind: Kind<T>, doc: string): Argument<T | undefined> => ({
  kind,
  positional: true,
  required: false,
  absent: undefined,
  shownDefault: "",
  doc,
});

/** May be given in its place, with a default. */
export const defaulted = <T>(kind: Kind<T>, absent: NoInfer<T>, doc: string): Argument<T> => ({
  kind,
  positional: true,
  required: false,
  absent,
  shownDefault: String(absent),
  doc,
});

/** By name, with a default. */
export const named = <T>(
  kind: Kind<T>,
  absent: NoInfer<T>,
  doc: string,
  shownDefault = String(absent),
): Argument<T> => ({ kind, positional: false, required: false, absent, shownDefault, doc });

/** By name; the operator's rule decides where it is absent. */
export const optional = <T>(kind: Kind<T>, doc: string): Argument<T | undefined> => ({
  kind,
  positional: false,
  required: false,
  absent: undefined,
  shownDefault: "",
  doc,
});
