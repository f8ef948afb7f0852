/** Walks along the tape and writes tokens, and the gaps between them on one row or over several. */
import { bug } from "../../diagnostics/bug.js";
import { type Gap, isTall } from "./gaps.js";
import { Rows } from "./rows.js";
import type { Tape } from "./tape.js";

/** Spaces that what a bracket holds is indented by. */
export const indentation = 2;

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
  protected readonly rows: Rows;
  /** The next token. */
  protected at = 0;
  /** Whether the gap before it is written. */
  private ready = false;

  constructor(
    protected readonly tape: Tape,
    protected readonly width: number,
  ) {
    this.rows = new Rows(width);
  }

  /** The next token, on this row unless a comment in between ends it. */
  protected next(): void {
    this.space();
    this.rows.write(this.tape.image(this.at++));
    this.ready = false;
  }

  protected through(last: number): void {
    while (this.at <= last) this.next();
  }

  /** Spaces before the gap of the next token, which follows on this row. */
  protected pad(spaces: number): void {
    this.rows.write(" ".repeat(spaces));
  }

  /** The gap before the next token, on this row unless a comment ends it. */
  protected space(pad = 0): void {
    if (this.ready) return;
    this.ready = true;
    const gap = this.tape.gaps[this.at]!;
    if (!isTall(gap)) return this.rows.write(" ".repeat(pad) + this.tape.flat[this.at]!);
    this.broken(gap, { indent: this.rows.base + indentation }, false);
  }

  /** The next token begins a row. */
  protected fresh(place: Place): void {
    if (this.ready) bug("a gap is printed twice");
    this.ready = true;
    this.broken(this.tape.gaps[this.at]!, place, true);
    this.rows.base = place.indent;
  }

  /** Whether all from the next token to another stays on the row that the pen is on. */
  protected fits(last: number): boolean {
    const end = this.columnOf() + this.tape.width(this.at, last);
    return end <= this.width || this.rows.isSpokenOf;
  }

  /** Where the next token stands if it stays on this row. */
  private columnOf(): number {
    return this.rows.column + (this.ready ? 0 : this.tape.flat[this.at]!.length);
  }

  /** What stands behind the last token. */
  protected finish(): void {
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
