/** What stands between two tokens of a text: comments, and where rows end. */
import type { IToken } from "chevrotain";
import { BlockComment } from "../../../grammar/tokens.js";

export interface Remark {
  /** As written, without spaces at the ends of rows. */
  readonly text: string;
  /** Whether nothing can follow it on its row. */
  readonly endsRow: boolean;
  /** How many rows end between what stands before it and it: 2 for a blank row or more. */
  readonly rows: number;
}

export interface Gap {
  readonly remarks: readonly Remark[];
  /** How many rows end between the last remark, else the token before, and the next token. */
  readonly rows: number;
}

/** The gap before each token, and the one after the last. */
export function gapsOf(
  text: string,
  tokens: readonly IToken[],
  comments: readonly IToken[],
): readonly Gap[] {
  const gaps: Gap[] = [];
  let from = 0;
  let next = 0;
  for (let i = 0; i <= tokens.length; i++) {
    const end = tokens[i]?.startOffset ?? text.length;
    const remarks: Remark[] = [];
    for (let c = comments[next]; c !== undefined && c.startOffset < end; c = comments[++next]) {
      remarks.push(remarkOf(c, rowsIn(text, from, c.startOffset)));
      from = endOf(c);
    }
    gaps.push({ remarks, rows: rowsIn(text, from, end) });
    from = i < tokens.length ? endOf(tokens[i]!) : end;
  }
  return gaps;
}

const endOf = ({ startOffset, image }: IToken): number => startOffset + image.length;

const remarkOf = ({ tokenType, image }: IToken, rows: number): Remark => ({
  text: image.replace(/[ \t\f\v]*(?:\r\n?|\n)/g, "\n").trimEnd(),
  endsRow: tokenType !== BlockComment,
  rows,
});

const rowsIn = (text: string, start: number, end: number): number =>
  Math.min(2, text.slice(start, end).match(/\r\n?|\n/g)?.length ?? 0);

/** Whether a row ends somewhere in it, be it in a comment. */
export const endsRow = (gap: Gap): boolean =>
  gap.rows > 0 || gap.remarks.some(({ rows }) => rows > 0) || isTall(gap);

/** Whether its comments cannot stand on one row with what is before and after them. */
export const isTall = ({ remarks, rows }: Gap): boolean =>
  remarks.some(
    (remark, i) =>
      remark.endsRow ||
      remark.text.includes("\n") ||
      // Alone on its row.
      (remark.rows > 0 && (remarks[i + 1]?.rows ?? rows) > 0),
  );
