import { type Reader, recordOf, text } from "../check-options.js";
import { visibleName } from "../../diagnostics/visible.js";
import type { NetworkTypes, ParameterName } from "../types.js";
import { isPattern, Pattern, PatternMistake, requirePlain } from "./pattern.js";

/**
 * Name in the checkpoint -> name in the network, for whole names or dotted prefixes
 * (`"features.0": "conv_1"` renames `features.0.weight`), or for patterns of them, in which `*` stands
 * for any text within one part of a name and `**` for parts (`"features.*.conv": "stage_*.conv"`,
 * `"**.gamma": "**.weight"`); in the target `*` is put in order, or `$1` to `$9` by number. The longest
 * prefix wins, then the pattern of the most parts, the first of equals; and what an entry gives is not
 * renamed again. An empty target strips the prefix (`"module": ""` makes
 * `module.fc.weight` `fc.weight`), the empty name stands before every name (`"": "net"` makes
 * `fc.weight` `net.fc.weight`). A dot at the end of either says nothing more.
 */
export type RenameMap<N extends NetworkTypes = NetworkTypes> = Readonly<
  Record<string, RenameTarget<N>>
>;

/**
 * A weight's name or a dotted prefix of one, with or without a dot at its end, or nothing; or what a
 * pattern makes one of.
 */
export type RenameTarget<N extends NetworkTypes> =
  | ""
  | Prefixes<ParameterName<N>>
  | `${Prefixes<ParameterName<N>>}.`
  | `${string}*${string}`
  | `${string}$${number}${string}`;

type Prefixes<P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head | `${Head}.${Prefixes<Rest>}`
  : P;

/** The name that two entries have, one of them with a dot at its end. */
export function repeatedName(map: RenameMap): string | undefined {
  const seen = new Set<string>();
  return Object.keys(map).find((from) => {
    const name = withoutDot(from);
    return seen.size === seen.add(name).size;
  });
}

/** The option `rename`. */
export const renameMap: Reader<RenameMap> = (value, place) => {
  const map = recordOf(text, 'an object such as { "their name": "our name" }')(value, place);
  const twice = repeatedName(map);
  if (twice !== undefined) {
    throw place.part(visibleName(twice)).wrongType(map[twice], "no second entry of that name");
  }
  for (const [from, to] of Object.entries(map)) {
    const mistake = mistakeIn(from, to);
    if (mistake === undefined) continue;
    throw place.part(visibleName(from)).wrongType(to, mistake.message.replace(/^expected /, ""));
  }
  if (patternsIn(map) <= mostPatterns) return map;
  throw place.wrongType(map, `at most ${mostPatterns} patterns`);
};

/** Each name is held against each of them. */
export const mostPatterns = 200;

export const patternsIn = (map: RenameMap): number => Object.keys(map).filter(isPattern).length;

/** What is wrong in an entry. */
export function mistakeIn(from: string, to: string): PatternMistake | undefined {
  try {
    if (isPattern(from)) new Pattern(withoutDot(from), withoutDot(to));
    else requirePlain(to);
    return undefined;
  } catch (mistake) {
    if (mistake instanceof PatternMistake) return mistake;
    throw mistake;
  }
}

/** A rename map at work: it knows which of its entries have been of use. */
export class Renaming {
  readonly #entries: ReadonlyMap<string, readonly [from: string, to: string]>;
  /** Of the prefixes, longest first: a name is held against these and not against all its dots. */
  readonly #lengths: readonly number[];
  /** The one that says most first. */
  readonly #patterns: readonly (readonly [from: string, pattern: Pattern])[];
  readonly #written: readonly string[];
  readonly #used = new Set<string>();

  /** @throws PatternMistake */
  constructor(map: RenameMap) {
    const entries = Object.entries(map);
    this.#patterns = entries
      .filter(([from]) => isPattern(from))
      .map(([from, to]) => [from, new Pattern(withoutDot(from), withoutDot(to))] as const)
      .sort(([, a], [, b]) => b.length - a.length);
    this.#written = Object.keys(map);
    const plain = entries.filter(([from]) => !isPattern(from));
    this.#entries = new Map(plain.map((entry) => [withoutDot(entry[0]), entry]));
    const lengths = [...this.#entries.keys()].map((prefix) => prefix.length);
    this.#lengths = [...new Set(lengths)].sort((a, b) => b - a);
  }

  /** The name that an entry gives a tensor of the checkpoint; undefined where none does. */
  find(name: string): string | undefined {
    return this.#byPrefix(name) ?? this.#byPattern(name) ?? this.#byEntry(name, 0);
  }

  #byPrefix(name: string): string | undefined {
    for (const length of this.#lengths) {
      const ends = length === name.length || name[length] === ".";
      const found = ends && length > 0 ? this.#byEntry(name, length) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** @param length of the prefix */
  #byEntry(name: string, length: number): string | undefined {
    const entry = this.#entries.get(name.slice(0, length));
    if (entry === undefined) return undefined;
    const rest = length === 0 ? name : name.slice(length + 1);
    const to = withoutDot(entry[1]);
    // A whole name is never renamed to nothing.
    if (rest === "" && to === "") return undefined;
    this.#used.add(entry[0]);
    return [to, rest].filter((part) => part !== "").join(".");
  }

  #byPattern(name: string): string | undefined {
    if (this.#patterns.length === 0) return undefined;
    const parts = name.split(".");
    for (const [from, pattern] of this.#patterns) {
      const found = pattern.apply(parts);
      if (found === undefined || found === "") continue;
      this.#used.add(from);
      return found;
    }
    return undefined;
  }

  /** Entries, as they were written, that no name has needed. */
  get unused(): readonly string[] {
    return this.#written.filter((from) => !this.#used.has(from));
  }
}

const withoutDot = (prefix: string): string => prefix.replace(/\.$/, "");
