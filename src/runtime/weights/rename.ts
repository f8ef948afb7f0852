import { type Reader, recordOf, text } from "../check-options.js";
import { visibleName } from "../../diagnostics/visible.js";
import type { NetworkTypes, ParameterName } from "../types.js";

/**
 * Name in the checkpoint -> name in the network, for whole names or dotted prefixes
 * (`"features.0": "conv_1"` renames `features.0.weight`). The longest prefix wins, and what an entry
 * gives is not renamed again. An empty target strips the prefix (`"module": ""` makes
 * `module.fc.weight` `fc.weight`), the empty name stands before every name (`"": "net"` makes
 * `fc.weight` `net.fc.weight`). A dot at the end of either says nothing more.
 */
export type RenameMap<N extends NetworkTypes = NetworkTypes> = Readonly<
  Record<string, RenameTarget<N>>
>;

/** A weight's name or a dotted prefix of one, with or without a dot at its end, or nothing. */
export type RenameTarget<N extends NetworkTypes> =
  "" | Prefixes<ParameterName<N>> | `${Prefixes<ParameterName<N>>}.`;

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
  if (twice === undefined) return map;
  throw place.part(visibleName(twice)).wrongType(map[twice], "no second entry of that name");
};

/** A rename map at work: it knows which of its entries have been of use. */
export class Renaming {
  readonly #entries: ReadonlyMap<string, readonly [from: string, to: string]>;
  /** Of the prefixes, longest first: a name is held against these and not against all its dots. */
  readonly #lengths: readonly number[];
  readonly #used = new Set<string>();

  constructor(map: RenameMap) {
    this.#entries = new Map(Object.entries(map).map((entry) => [withoutDot(entry[0]), entry]));
    const lengths = [...this.#entries.keys()].map((prefix) => prefix.length);
    this.#lengths = [...new Set(lengths)].sort((a, b) => b - a);
  }

  /** The name that an entry gives a tensor of the checkpoint; undefined where none does. */
  find(name: string): string | undefined {
    for (const length of this.#lengths) {
      const ends = length === 0 || length === name.length || name[length] === ".";
      const entry = ends ? this.#entries.get(name.slice(0, length)) : undefined;
      if (entry === undefined) continue;
      const rest = length === 0 ? name : name.slice(length + 1);
      const to = withoutDot(entry[1]);
      // A whole name is never renamed to nothing.
      if (rest === "" && to === "") continue;
      this.#used.add(entry[0]);
      return [to, rest].filter((part) => part !== "").join(".");
    }
    return undefined;
  }

  /** Entries, as they were written, that no name has needed. */
  get unused(): readonly string[] {
    return [...this.#entries.values()]
      .map(([from]) => from)
      .filter((from) => !this.#used.has(from));
  }
}

const withoutDot = (prefix: string): string => prefix.replace(/\.$/, "");
