/** What a module says in the place of each number: the number, `in`, or a parameter. */
import type { Hole } from "./leaves.js";
import { paramName } from "./param-names.js";
import { type Leaf, leaf } from "./tree.js";

export interface Params {
  readonly names: readonly string[];
  /** What each is the number of. */
  readonly roles: readonly string[];
  /** What is written in the body, by hole. */
  readonly texts: readonly string[];
  /** The arguments of each call. */
  readonly calls: readonly (readonly Leaf[])[];
}

/** A row a call, of the holes that its steps have. */
type Rows = readonly (readonly Hole[])[];

interface Param {
  readonly at: number;
  /** Of each call, what it is given. */
  readonly column: readonly Hole[];
  readonly holes: Hole[];
  name: string;
}

/** @param atStart whether each call stands where its chain begins; undefined where it cannot be said */
export function paramsOf(rows: Rows, atStart: readonly boolean[]): Params | undefined {
  const found: Param[] = [];
  const writers: (() => string)[] = [];
  for (let at = 0; at < rows[0]!.length; at++) {
    const column = rows.map((row) => row[at]!);
    const fixed = fixedText(column, atStart);
    if (fixed !== undefined) {
      writers.push(() => fixed);
      continue;
    }
    // At the place of the call `in` is another number.
    if (column.some(({ isNested, leaf: { text } }) => isNested && saysIn(text))) return undefined;
    const given = found.find((param) => isSame(param.column, column));
    const [base, write] = given === undefined ? derived(found, column) : [given, same];
    if (base !== undefined) {
      if (given !== undefined) base.holes.push(column[0]!);
      writers.push(() => write(base.name));
      continue;
    }
    const own: Param = { at, column, holes: [column[0]!], name: "" };
    found.push(own);
    writers.push(() => own.name);
  }
  const names = new Set<string>();
  const roleOf = ({ column }: Param): string => column[0]!.role;
  for (const param of found) {
    const alike = found.filter((other) => roleOf(other) === roleOf(param)).length;
    param.name = paramName(param.holes, names, alike);
  }
  return {
    names: [...names],
    roles: found.map(roleOf),
    texts: writers.map((write) => write()),
    calls: rows.map((_, call) => found.map(({ column }) => copy(column[call]!.leaf))),
  };
}

const same = (name: string): string => name;

const copy = ({ value, number, text }: Leaf): Leaf => ({ ...leaf(value, number), text });

const isLiteral = ({ text, value }: Leaf): boolean => text === value;

const saysIn = (text: string): boolean => /\bin\b/.test(text);

/** What is the same in every call, or the same of what enters. */
function fixedText(column: readonly Hole[], atStart: readonly boolean[]): string | undefined {
  const [{ leaf: first }] = column as readonly [Hole];
  const isEqual = column.every(({ leaf: { text } }) => text === first.text);
  if (isEqual && column.every(({ leaf: own }) => isLiteral(own))) return first.text;
  const inside = column.every(({ isNested }, call) => isNested || atStart[call]);
  if (!inside) return undefined;
  if (isEqual && saysIn(first.text)) return first.text;
  const shares = column.map(({ leaf: own, entering }) => {
    if (own.text === "in") return 1;
    return isLiteral(own) && own.number !== undefined ? own.number / entering : NaN;
  });
  const share = shares[0]!;
  return shares.every((each) => each === share) ? multiple(share, "in") : undefined;
}

/** Factors and divisors that people write. */
const usual = [2, 3, 4, 6, 8, 16];

function multiple(share: number, of: string): string | undefined {
  if (share === 1) return of;
  if (usual.includes(share)) return `${share} * ${of}`;
  return usual.includes(1 / share) ? `${of} / ${1 / share}` : undefined;
}

const isSame = (a: readonly Hole[], b: readonly Hole[]): boolean =>
  a.every(({ leaf: own, role }, call) => {
    const other = b[call]!;
    return own.text === other.leaf.text && kindOf(role, own) === kindOf(other.role, other.leaf);
  });

/** A stride and a count of channels that agree agree by chance. */
const kindOf = (role: string, { number }: Leaf): string =>
  number === undefined || !["channels", "features"].includes(role) ? role : "count";

/** As a multiple of another parameter, where that is one through several values. */
function derived(
  params: readonly Param[],
  column: readonly Hole[],
): readonly [Param, (name: string) => string] | readonly [undefined, typeof same] {
  if (column[0]!.leaf.number === undefined || column[0]!.role === "stride")
    return [undefined, same];
  for (const param of params) {
    const pairs = column.map(({ leaf: own }, call) => [param.column[call]!.leaf, own] as const);
    if (!pairs.every((pair) => pair.every((each) => isLiteral(each) && each.number !== undefined)))
      continue;
    if (new Set(pairs.map(([base]) => base.number)).size < 2) continue;
    const shares = new Set(pairs.map(([base, own]) => own.number! / base.number!));
    const [share = NaN] = shares;
    if (shares.size === 1 && multiple(share, "n") !== undefined)
      return [param, (name) => multiple(share, name)!];
  }
  return [undefined, same];
}
