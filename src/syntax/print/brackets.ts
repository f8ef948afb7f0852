/** Lists in brackets and members in braces: on one row, or indented on rows of their own. */
import { LeftBrace, LeftBracket, LeftParen } from "../../../grammar/tokens.js";
import { typesLike } from "../token-sets.js";
import { endsRow } from "./gaps.js";
import { indentation, Pen } from "./pen.js";

/** Between members, the blank rows of the text stay, but none after the brace that opens. */
export const behindOthers = { first: true, last: true };
export const atFirst = { first: false, last: true };

const brace = typesLike(LeftBrace);
const opensList = typesLike(LeftParen, LeftBracket);

export class BracketPen extends Pen {
  /** Tokens of an expression or an argument, whose lists may take several rows. */
  protected run(last: number): void {
    while (this.at <= last) {
      if (this.tape.is(this.at, opensList)) this.list();
      else this.next();
    }
  }

  /** A list in brackets: on this row, or indented with the rows that the text has it in. */
  protected list(): void {
    this.space();
    const closer = this.tape.closer.get(this.at)!;
    if (this.isFlat(closer)) return this.through(closer);
    const { base } = this.rows;
    this.next();
    const outer = this.rows.enter();
    const place = { indent: base + indentation };
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
  private closeRow(base: number): void {
    const blank = { first: true, last: false };
    this.fresh({ indent: base, remarks: base + indentation, blank, alone: true });
  }

  /** What stands before a brace. */
  protected head(): void {
    while (!this.tape.is(this.at, brace)) {
      if (this.tape.is(this.at, opensList)) this.list();
      else this.next();
    }
  }

  /** Braces on one row where the text has them so and they fit. */
  protected braces(content: (indent: number) => void): void {
    this.space();
    const closer = this.tape.closer.get(this.at)!;
    if (this.isFlat(closer)) this.through(closer);
    else this.inBraces(content);
  }

  protected inBraces(content: (indent: number) => void): void {
    const { base } = this.rows;
    this.next();
    const outer = this.rows.enter();
    content(base + indentation);
    this.closeRow(base);
    this.rows.leave(outer);
    this.next();
  }

  /** Members, each beginning a row; `header` stands in place of the comment over one. */
  protected each<T>(
    nodes: readonly T[],
    indent: number,
    print: (node: T, i: number) => void,
    header: (i: number) => string | undefined = () => undefined,
  ): void {
    nodes.forEach((node, i) => {
      const text = header(i);
      this.fresh({
        indent,
        blank: i === 0 ? atFirst : behindOthers,
        ...(text === undefined ? {} : { header: text }),
      });
      print(node, i);
    });
  }

  /** Whether all between two brackets, the first of which is next, stays on this row. */
  private isFlat(closer: number): boolean {
    return !this.tape.breaksWithin(this.at, closer) && this.fits(this.tape.tail(closer));
  }
}
