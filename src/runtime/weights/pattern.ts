/**
 * Patterns of a rename map: `features.*.conv` -> `stage_*.conv`. `*` stands for any text within one
 * part of a dotted name, so that what it stands for is sure; `**` for parts, at least one.
 */
import { starsOf } from "../stars.js";

/** What is wrong in a pattern, and where. */
export class PatternMistake extends Error {
  /**
   * @param text the name or the target that it stands in
   * @param at counted from 0
   */
  constructor(expected: string, text: string, at: number) {
    super(`expected ${expected} at character ${at + 1} of "${text}"`);
  }
}

export const isPattern = (name: string): boolean => name.includes("*");

/** What a target is put together of: text, and numbers of what stars stood for. */
type Target = readonly (string | number)[];

const mostStars = 9;

export class Pattern {
  /** The dotted parts, each cut at its stars; `**` is undefined. */
  readonly #parts: readonly (readonly string[] | undefined)[];
  readonly #target: Target;
  /** How many of a name's parts it looks at: the more, the more it says. */
  readonly length: number;

  /** @throws PatternMistake */
  constructor(from: string, to: string) {
    requireStars(from);
    const parts = from.split(".");
    this.#parts = parts.map((part) => (part === "**" ? undefined : part.split("*")));
    this.#target = targetOf(to, starsIn(from).length);
    this.length = parts.length;
  }

  /**
   * What becomes of a name that the pattern fits, whole or as a dotted prefix; undefined of another.
   * Each star takes as little as it can, the first before all others.
   *
   * @param parts of the name
   */
  apply(parts: readonly string[]): string | undefined {
    const many = this.#parts.indexOf(undefined);
    const [before, after] =
      many === -1 ? [this.#parts, []] : [this.#parts.slice(0, many), this.#parts.slice(many + 1)];
    const most = parts.length - before.length - after.length;
    const first = captured(before, parts, 0);
    if (first === undefined || most < 0) return undefined;
    if (many === -1) return this.#put(first, parts.slice(before.length));
    // Nothing stands behind it that could take less.
    for (let count = after.length === 0 ? Math.max(1, most) : 1; count <= most; count++) {
      const next = before.length + count;
      const last = captured(after, parts, next);
      if (last === undefined) continue;
      const middle = parts.slice(before.length, next).join(".");
      return this.#put([...first, middle, ...last], parts.slice(next + after.length));
    }
    return undefined;
  }

  #put(stars: readonly string[], rest: readonly string[]): string {
    const put = this.#target.map((part) => (typeof part === "number" ? stars[part]! : part));
    return [put.join(""), ...rest].filter((part) => part !== "").join(".");
  }
}

/** What the stars of parts that follow one another stand for; undefined unless all of them fit. */
function captured(
  pattern: readonly (readonly string[] | undefined)[],
  parts: readonly string[],
  from: number,
): readonly string[] | undefined {
  const all: string[] = [];
  for (const [i, pieces] of pattern.entries()) {
    const found = starsOf(pieces ?? [], parts[from + i] ?? "");
    if (found === undefined) return undefined;
    all.push(...found);
  }
  return all;
}

const starsIn = (text: string): readonly RegExpExecArray[] => [...text.matchAll(/\*\*?/g)];

function requireStars(from: string): void {
  const stars = starsIn(from);
  const beyond = stars[mostStars];
  if (beyond !== undefined) throw new PatternMistake(`no tenth *`, from, beyond.index);
  const doubles = stars.filter(([star]) => star === "**");
  const within = doubles.find(({ index }) => {
    const [before = ".", after = "."] = [from[index - 1], from[index + 2]];
    return before !== "." || after !== ".";
  });
  if (within !== undefined) {
    throw new PatternMistake("dots around **, which stands for whole parts,", from, within.index);
  }
  const [, second] = doubles;
  if (second !== undefined) throw new PatternMistake("no second **", from, second.index);
}

/** @param stars how many the name has */
function targetOf(to: string, stars: number): Target {
  const places = [...to.matchAll(/\*\*?|\$(\d)/g)];
  const numbered = places.filter(([place]) => place.startsWith("$"));
  if (numbered.length > 0 && numbered.length < places.length) {
    const star = places.find(([place]) => place.startsWith("*"))!;
    throw new PatternMistake("$1 for each * or for none, and no *", to, star.index);
  }
  const target: (string | number)[] = [];
  let end = 0;
  for (const [i, { 0: place, 1: digit, index }] of places.entries()) {
    const number = digit === undefined ? i : Number(digit) - 1;
    if (number < 0 || number >= stars) throw beyondStars(to, stars, index, digit);
    target.push(to.slice(end, index), number);
    end = index + place.length;
  }
  return [...target, to.slice(end)];
}

function beyondStars(to: string, stars: number, at: number, digit: string | undefined) {
  const all = stars === 1 ? "$1, since the name has one *," : `$1 to $${stars}, one for each *,`;
  const has = stars === 1 ? "no second *, since the name has one," : `no more * than ${stars}`;
  return new PatternMistake(digit === undefined ? has : all, to, at);
}

/** @throws PatternMistake for a target with stars, or numbers of some, that a name without any leads to */
export function requirePlain(to: string): void {
  const at = to.search(/\*|\$\d/);
  if (at === -1) return;
  throw new PatternMistake(
    `no ${to[at] === "*" ? "*" : to.slice(at, at + 2)}, since the name has no *,`,
    to,
    at,
  );
}
