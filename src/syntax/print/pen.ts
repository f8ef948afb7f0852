/** Walks along the tape and writes: gaps on one row or over several, and lists in brackets. */
import { LeftBracket, LeftParen } from "../../../grammar/tokens.js";
import { bug } from "../../diagnostics/bug.js";
import { isOneOf } from "../token-sets.js";
import { endsRow, type Gap, isTall } from "./gaps.js";
import { Rows } from "./rows.js";
import type { Tape } from "./tape.js";

export const step = 2;

/** Where the token after a gap that ends a row is put, and which blank rows stay. */
export interface Place {
  readonly indent: number;
  /** Of comments that stand before the token; the token's unless it is said. */
  readonly remarks?: number;
  /** Whether a blank row may stand before all of the gap, and before its token. */
  readonly blank?: { readonly first: boolean; readonly last: boolean };
  /** In place of the last comment before the token. */
  readonly header?: string;
  /** Whether the row ends just before the token, wherever else it does. */
  readonly alone?: boolean;
}

export class Pen {
  readonly rows: Rows;
  /** The next token. */
  at = 0;
  /** Whether the gap before it is written. */
  private ready = false;

  constructor(
    readonly tape: Tape,
    readonly width: number,
  ) {
    this.rows = new Rows(width);
  }

  /** The next token, on this row unless a comment in between ends it. */
  next(): void {
    this.space();
    this.rows.write(this.tape.image(this.at++));
    this.ready = false;
  }

  through(last: number): void {
    while (this.at <= last) this.next();
  }

  /** Spaces before the gap of the next token, which follows on this row. */
  pad(spaces: number): void {
    this.rows.write(" ".repeat(spaces));
  }

  /** The gap before the next token, on this row unless a comment ends it. */
  space(pad = 0): void {
    if (this.ready) return;
    this.ready = true;
    const gap = this.tape.gaps[this.at]!;
    if (!isTall(gap)) return this.rows.write(" ".repeat(pad) + this.tape.flat[this.at]!);
    this.broken(gap, { indent: this.rows.base + step }, false);
  }

  /** The next token begins a row. */
  fresh(place: Place): void {
    if (this.ready) bug("a gap is printed twice");
    this.ready = true;
    this.broken(this.tape.gaps[this.at]!, place, true);
    this.rows.base = place.indent;
  }

  /** Whether all from the next token to another stays on the row that the pen is on. */
  fits(last: number): boolean {
    return this.columnOf() + this.tape.width(this.at, last) <= this.width;
  }

  /** Where the next token stands if it stays on this row. */
  columnOf(): number {
    return this.rows.column + (this.ready ? 0 : this.tape.flat[this.at]!.length);
  }

  /** Whether all between two brackets, the first of which is next, stays on this row. */
  isFlat(closer: number): boolean {
    return !this.tape.breaksWithin(this.at, closer) && this.fits(this.tape.tail(closer));
  }

  /** Tokens of an expression or an argument, whose lists may take several rows. */
  run(last: number): void {
    while (this.at <= last) {
      if (isOneOf(this.tape.tokens[this.at], [LeftParen, LeftBracket])) this.list();
      else this.next();
    }
  }

  /** A list in brackets: on this row, or indented with the rows that the text has it in. */
  list(): void {
    this.space();
    const closer = this.tape.closer.get(this.at)!;
    if (this.isFlat(closer)) return this.through(closer);
    const { base } = this.rows;
    this.next();
    const outer = this.rows.enter();
    const place = { indent: base + step };
    for (let isFirst = true; this.at < closer; isFirst = false) {
      const last = this.tape.itemEnd(this.at, closer);
      const breaks = isFirst || endsRow(this.tape.gaps[this.at]!) || !this.fits(last);
      if (breaks) this.fresh(place);
      this.run(last);
    }
    this.closeRow(base);
    this.rows.leave(outer);
    this.next();
  }

  /** The bracket that closes begins a row; comments before it are indented as what it closes. */
  closeRow(base: number): void {
    const blank = { first: true, last: false };
    this.fresh({ indent: base, remarks: base + step, blank, alone: true });
  }

  /** What stands behind the last token. */
  finish(): void {
    const { remarks } = this.tape.gaps[this.at]!;
    if (remarks.length === 0) return;
    const blank = { first: this.at > 0, last: false };
    this.broken({ remarks, rows: 0 }, { indent: 0, blank }, false);
  }

  private broken(gap: Gap, place: Place, ends: boolean): void {
    const { indent, remarks: remarkIndent = indent, blank, alone = false, header } = place;
    const anywhere = gap.rows > 0 || gap.remarks.some(({ rows }) => rows > 0);
    gap.remarks.forEach((remark, i) => {
      const isBroken = remark.rows > 0 || (ends && i === 0 && !anywhere && !alone);
      const isBlank = remark.rows > 1 && blank !== undefined && (i > 0 || blank.first);
      if (isBroken) this.rows.start(remarkIndent, isBlank);
      else if (!this.rows.isFresh) this.rows.write(" ");
      const isLast = i === gap.remarks.length - 1;
      this.remark(isLast && header !== undefined ? header : remark.text, remark.endsRow);
    });
    const isOnly = gap.remarks.length === 0;
    if (gap.rows > 0 || (ends && (alone || (isOnly && !anywhere)))) {
      const isBlank = gap.rows > 1 && blank !== undefined && blank.last && (!isOnly || blank.first);
      this.rows.start(indent, isBlank);
    } else if (!this.rows.isFresh) this.rows.write(" ");
  }

  private remark(text: string, endsRow: boolean): void {
    if (endsRow) this.rows.close(text);
    else this.rows.write(this.rows.isFresh ? starred(text, this.rows.column) : text);
  }
}

/** The rows of a comment that begin with stars stand under its first star. */
function starred(text: string, column: number): string {
  const [first = "", ...others] = text.split("\n");
  if (!others.every((row) => row.trimStart().startsWith("*"))) return text;
  return [first, ...others.map((row) => `${" ".repeat(column + 1)}${row.trimStart()}`)].join("\n");
}
