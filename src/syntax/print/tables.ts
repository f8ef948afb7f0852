/** Calls of one module below each other: a column for each argument, and what heads them. */
import * as t from "../../../grammar/tokens.js";
import { typesLike } from "../token-sets.js";
import type { Arg, Call } from "./lines.js";
import type { Tape } from "./tape.js";

/** A stage whose call may stand in a table. */
export interface TableRow {
  /** The first token of the stage. */
  readonly first: number;
  readonly call: Call;
  /** Where its first argument would begin. */
  readonly start: number;
}

/** Spaces before and behind each argument. */
export interface Cells {
  readonly before: readonly number[];
  readonly behind: readonly number[];
}

export interface Table {
  readonly rows: readonly TableRow[];
  readonly cells: readonly Cells[];
  /** Where each column ends, if all of them are aligned to the right. */
  readonly ends: readonly number[] | undefined;
  /** The comment over the first row, with its words over the columns. */
  readonly header?: string;
}

const numbers = typesLike(t.Int, t.Float);
/** What an argument with a number may have that is none. */
const worded = typesLike(t.Size, t.StringLiteral, t.Colon);

const between = ", ".length;

/**
 * @param rows calls of one signature, with their arguments at one column
 * @param indent of the stages
 * @returns undefined where there is nothing to align, or the rows would be wider than `widest`
 */
export function tableOf(
  tape: Tape,
  rows: readonly TableRow[],
  indent: number,
  widest: number,
): Table | undefined {
  const [{ call, start, first }] = rows as [TableRow];
  const words = headerWords(tape, first, call.args.length);
  if (call.args.length === 0 || (rows.length < 2 && words === undefined)) return undefined;
  const widths = call.args.map((_, j) =>
    rows.reduce(
      (most, row) => Math.max(most, widthOf(tape, row.call.args[j]!)),
      words?.[j]!.length ?? 0,
    ),
  );
  const ends = endsOf(start, widths);
  if (ends.at(-1)! + 1 > widest) return undefined;
  const isRight = call.args.map(
    (_, j) => words !== undefined || rows.every((row) => isNumber(tape, row.call.args[j]!)),
  );
  return {
    rows,
    cells: rows.map((row) => cellsOf(tape, row.call, widths, isRight)),
    ends: isRight.every((right) => right) ? ends : undefined,
    ...(words === undefined ? {} : { header: headerOver(words, ends, indent) }),
  };
}

function cellsOf(
  tape: Tape,
  { args }: Call,
  widths: readonly number[],
  isRight: readonly boolean[],
): Cells {
  const spare = args.map((arg, j) => widths[j]! - widthOf(tape, arg));
  return {
    before: spare.map((spaces, j) => (isRight[j]! ? spaces : 0)),
    behind: spare.map((spaces, j) => (isRight[j]! || j === args.length - 1 ? 0 : spaces)),
  };
}

const widthOf = (tape: Tape, { first, last }: Arg): number => tape.width(first, last);

/** `64`, `4 * growth`: what is read from its end. Words and kernels begin at one column instead. */
function isNumber(tape: Tape, { first, last }: Arg): boolean {
  let has = false;
  for (let i = first; i <= last; i++) {
    if (tape.is(i, worded)) return false;
    has ||= tape.is(i, numbers);
  }
  return has;
}

function endsOf(start: number, widths: readonly number[]): readonly number[] {
  let end = start - between;
  return widths.map((width) => (end += between + width));
}

/** `//     #1x1  3x3 reduce`: as many words as columns, two spaces apart, at a distance. */
function headerWords(tape: Tape, first: number, columns: number): readonly string[] | undefined {
  const { remarks, rows } = tape.gaps[first]!;
  const remark = remarks.at(-1);
  if (columns < 2 || rows > 1 || remark === undefined) return undefined;
  if (remark.rows === 0 || !/^\/\/ {3,}\S/.test(remark.text)) return undefined;
  const words = remark.text.slice(2).trimStart().split(/ {2,}/);
  return words.length === columns ? words : undefined;
}

const headerOver = (words: readonly string[], ends: readonly number[], indent: number): string =>
  words.reduce((text, word, j) => text.padEnd(ends[j]! - indent - word.length) + word, "//");

/** Of each column, by where the text has it end, where it ends now. */
export type Columns = ReadonlyMap<number, number>;

/** @returns undefined where the rows of the text do not agree, or some are aligned to the left */
export function columnsOf(tape: Tape, { rows, ends }: Table): Columns | undefined {
  const written = rows[0]!.call.args.map((arg) => writtenEnd(tape, arg));
  const agree = rows.every(({ call }) =>
    call.args.every((arg, j) => writtenEnd(tape, arg) === written[j]),
  );
  return agree && ends !== undefined
    ? new Map(written.map((end, j) => [end, ends[j]!]))
    : undefined;
}

/**
 * Rows of another module that the text has in the columns of a table, as that module takes some of
 * its arguments, stay there.
 *
 * @returns undefined unless all of them stand so
 */
export function adopted(
  tape: Tape,
  columns: Columns,
  rows: readonly TableRow[],
): readonly Cells[] | undefined {
  const cells: Cells[] = [];
  for (const row of rows) {
    const before = spacesInto(tape, row, columns);
    if (before === undefined) return undefined;
    cells.push({ before, behind: before.map(() => 0) });
  }
  return cells;
}

const writtenEnd = (tape: Tape, { last }: Arg): number => tape.tokens[last]!.endColumn ?? NaN;

function spacesInto(
  tape: Tape,
  { call, start }: TableRow,
  columns: Columns,
): readonly number[] | undefined {
  let column = start;
  let aligned = 0;
  const before: number[] = [];
  for (const [i, arg] of call.args.entries()) {
    const width = widthOf(tape, arg);
    const end = columns.get(writtenEnd(tape, arg));
    if (end !== undefined) aligned++;
    // A longer name may push the first beyond its column.
    else if (i > 0 || tape.gapWidth(arg.first) > 0) return undefined;
    const spaces = end === undefined ? 0 : end - width - column;
    if (spaces < 0) return undefined;
    before.push(spaces);
    column += spaces + width + between;
  }
  return aligned === 0 ? undefined : before;
}
