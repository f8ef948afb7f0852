/** What follows a label: chains, and the joins, residuals, repeats and calls that they are made of. */
import type {
  BranchesCstNode,
  ChainCstNode,
  FlowCstNode,
  OutputCstNode,
  StageCstNode,
  StepCstNode,
} from "../../../grammar/cst.generated.js";
import { LeftBrace } from "../../../grammar/tokens.js";
import { typesLike } from "../token-sets.js";
import { atFirst, BracketPen } from "./brackets.js";
import { endsRow, isTall } from "./gaps.js";
import { type Layout, layOut } from "./layout.js";
import { lineOf } from "./lines.js";
import { indentation } from "./pen.js";
import type { Tape } from "./tape.js";

const leftBrace = typesLike(LeftBrace);

export class ChainPrinter extends BracketPen {
  /** @param modules names of those that the file declares or imports */
  constructor(
    tape: Tape,
    width: number,
    protected readonly modules: ReadonlySet<string>,
  ) {
    super(tape, width);
  }

  protected stage({ children }: StageCstNode | OutputCstNode, layout: Layout): void {
    this.run(this.tape.indexOf(children.Colon[0]!));
    this.flow(children.flow[0]!, layout);
  }

  /** What follows a label: beside it, or below where the text has it so and there are several rows. */
  protected flow(node: FlowCstNode, layout: Layout): void {
    const { tape } = this;
    const { Name, chain } = node.children;
    const steps = chain[0]!.children.step;
    const { base } = this.rows;
    const last = tape.endOf(node);
    const isBroken = tape.breaksWithin(this.at, last) || !this.fits(last);
    const isBelow = isTall(tape.gaps[this.at]!) || (isBroken && endsRow(tape.gaps[this.at]!));
    if (isBelow) this.fresh({ indent: base + indentation });
    else this.space(layout.label);
    let arrows = this.rows.column;
    const { count } = this.rows;
    if (Name) this.through(tape.indexOf(Name[0]!));
    steps.forEach((step, i) => {
      if (i > 0 || Name) this.arrow(step, arrows);
      if (i === 0 && layout.cells) this.tableCall(step, layout);
      else this.step(step, layout.as);
      // Below a bracket that closes there is nothing to stand under.
      if (i === 0 && !isBelow && this.rows.count > count) arrows = base + indentation;
    });
  }

  protected body(node: ChainCstNode): void {
    this.braces((indent) => {
      this.fresh({ indent, blank: atFirst });
      this.chain(node, indent);
    });
  }

  private chain(node: ChainCstNode, arrows: number): void {
    node.children.step.forEach((step, i) => {
      if (i > 0) this.arrow(step, arrows);
      this.step(step);
    });
  }

  /** Begins a row where the text does, or where the step does not fit on this one. */
  private arrow(step: StepCstNode, column: number): void {
    const { tape } = this;
    const last = tape.endOf(step);
    if (!tape.mustBreak(this.at) && (this.fits(last) || this.staysOpen(step, column))) {
      return this.next();
    }
    this.fresh({ indent: column });
    this.next();
    this.rows.base = column + "-> ".length;
  }

  /** Whether a step of several rows in braces gains nothing by a row of its own. */
  private staysOpen(step: StepCstNode, column: number): boolean {
    const { tape } = this;
    if (step.children.call) return false;
    const fitsBelow = column + tape.width(this.at, tape.endOf(step)) <= this.width;
    return !fitsBelow && this.fits(this.brace(this.at + 1));
  }

  /** The brace of the step that begins at a token. */
  private brace(start: number): number {
    const { tape } = this;
    let i = start + 1;
    while (!tape.is(i, leftBrace)) i = (tape.closer.get(i) ?? i) + 1;
    return i;
  }

  private step({ children }: StepCstNode, as = 0): void {
    const { tape } = this;
    const { branches, residual, repeat, call } = children;
    if (branches) {
      this.head();
      this.branches(branches[0]!);
    } else if (residual ?? repeat) {
      this.head();
      this.body((residual ?? repeat)![0]!.children.chain[0]!);
    } else this.run(tape.endOf(call![0]!));
    this.rename(children, as);
  }

  /** @param spaces before `as` */
  private rename({ As, Name, StringLiteral }: StepCstNode["children"], spaces: number): void {
    if (!As) return;
    this.space(spaces);
    this.through(this.tape.indexOf((Name ?? StringLiteral)![0]!));
  }

  /** A call in a table: on one row, whatever else, as it was when its columns were measured. */
  private tableCall(step: StepCstNode, layout: Layout): void {
    const { tape } = this;
    const { before, behind } = layout.cells!;
    const call = step.children.call![0]!;
    const closer = tape.endOf(call);
    this.next();
    this.next();
    before.forEach((spaces, j) => {
      this.space(spaces);
      this.through(tape.itemEnd(this.at, closer));
      this.pad(behind[j]!);
    });
    this.next();
    this.rename(step.children, layout.as);
  }

  private branches({ children: { stage } }: BranchesCstNode): void {
    this.braces((indent) => {
      const lines = stage.map((node) => lineOf(this.tape, node, this.modules, this.width - indent));
      const layouts = layOut(this.tape, lines, { indent, widest: this.width, isJoin: true });
      this.each(
        stage,
        indent,
        (node, i) => this.stage(node, layouts[i]!),
        (i) => layouts[i]!.header,
      );
    });
  }
}
