/** Prints a tree, rule by rule, with the layout that the language's own examples have. */
import type {
  BranchesCstNode,
  ChainCstNode,
  DeclarationCstNode,
  FieldsCstNode,
  FlowCstNode,
  MemberCstNode,
  ModelDeclarationCstNode,
  OutputCstNode,
  StageCstNode,
  StepCstNode,
} from "../../../grammar/cst.generated.js";
import { LeftBrace, LeftParen } from "../../../grammar/tokens.js";
import type { ConcreteTree } from "../parse.js";
import { isOneOf } from "../token-sets.js";
import { endsRow, isTall } from "./gaps.js";
import { type Layout, layOut } from "./layout.js";
import { lineOf } from "./lines.js";
import { Pen, step as stepOf } from "./pen.js";
import { Tape } from "./tape.js";

/** Between members, the blank rows of the text stay, but none after the brace that opens. */
const behindOthers = { first: true, last: true };
const atFirst = { first: false, last: true };
const plain: Layout = { label: 0, as: 0 };

export class Printer {
  private readonly tape: Tape;
  private readonly pen: Pen;
  private readonly modules: ReadonlySet<string>;

  constructor(
    private readonly tree: ConcreteTree,
    text: string,
    private readonly width: number,
  ) {
    this.tape = new Tape(tree, text);
    this.pen = new Pen(this.tape, width);
    this.modules = new Set(tree.declarations.flatMap(declaredModules));
  }

  print(): string {
    this.tree.declarations.forEach((node, i) => {
      this.pen.fresh({ indent: 0, blank: i === 0 ? atFirst : behindOthers });
      this.declaration(node);
    });
    this.pen.finish();
    return this.pen.rows.toString();
  }

  private declaration(node: DeclarationCstNode): void {
    const { importDeclaration, defaultsDeclaration, moduleDeclaration, modelDeclaration } =
      node.children;
    if (modelDeclaration) this.model(modelDeclaration[0]!);
    else if (moduleDeclaration) {
      this.head();
      this.body(moduleDeclaration[0]!.children.chain[0]!);
    } else if (defaultsDeclaration) {
      this.head();
      const { defaultsEntry = [] } = defaultsDeclaration[0]!.children;
      this.braces((indent) => {
        this.each(defaultsEntry, indent, ({ children }) => {
          this.head();
          this.fields(children.fields[0]!);
        });
      });
    } else if (importDeclaration) {
      this.pen.next();
      this.pen.list();
      this.pen.run(this.tape.endOf(node));
    } else this.pen.run(this.tape.endOf(node));
  }

  private model(node: ModelDeclarationCstNode): void {
    this.head();
    const { inputDeclaration, member = [] } = node.children;
    const lines = member.map(({ children: { stage, output } }) => {
      const line = stage?.[0] ?? output?.[0];
      return line && lineOf(this.tape, line, this.modules, this.width - stepOf);
    });
    const layouts = layOut(this.tape, lines, {
      indent: stepOf,
      widest: this.width,
      isJoin: false,
    });
    this.inBraces((indent) => {
      const all = [...inputDeclaration, ...member];
      this.each(
        all,
        indent,
        (each, i) => {
          if (each.name === "member") this.member(each, layouts[i - inputDeclaration.length]!);
          else this.pen.run(this.tape.endOf(each));
        },
        layouts.length === 0 ? undefined : (i) => layouts[i - inputDeclaration.length]?.header,
      );
    });
  }

  private member({ children }: MemberCstNode, layout: Layout): void {
    const { stage, aux, output, labels, train } = children;
    const flow = stage?.[0] ?? output?.[0];
    if (flow) this.stage(flow, layout);
    else if (aux) {
      this.pen.run(this.tape.indexOf(aux[0]!.children.Colon[0]!));
      this.flow(aux[0]!.children.flow[0]!, plain);
    } else if (labels) this.pen.run(this.tape.endOf(labels[0]!));
    else if (train) {
      this.head();
      this.fields(train[0]!.children.fields[0]!);
    }
  }

  private stage({ children }: StageCstNode | OutputCstNode, layout: Layout): void {
    this.pen.run(this.tape.indexOf(children.Colon[0]!));
    this.flow(children.flow[0]!, layout);
  }

  /** What follows a label: beside it, or below where the text has it so and there are several rows. */
  private flow(node: FlowCstNode, layout: Layout): void {
    const { pen, tape } = this;
    const { Name, chain } = node.children;
    const steps = chain[0]!.children.step;
    const { base } = pen.rows;
    const last = tape.endOf(node);
    const isBroken = tape.breaksWithin(pen.at, last) || !pen.fits(last);
    const isBelow = isTall(tape.gaps[pen.at]!) || (isBroken && endsRow(tape.gaps[pen.at]!));
    if (isBelow) pen.fresh({ indent: base + stepOf });
    else pen.space(layout.label);
    let arrows = pen.rows.column;
    const { count } = pen.rows;
    if (Name) pen.through(tape.indexOf(Name[0]!));
    steps.forEach((step, i) => {
      if (i > 0 || Name) this.arrow(step, arrows);
      if (i === 0 && layout.cells) this.tableCall(step, layout);
      else this.step(step, layout.as);
      // Below a bracket that closes there is nothing to stand under.
      if (i === 0 && !isBelow && pen.rows.count > count) arrows = base + stepOf;
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
    const { pen, tape } = this;
    const last = tape.endOf(step);
    if (!tape.mustBreak(pen.at) && (pen.fits(last) || this.staysOpen(step, column))) {
      return pen.next();
    }
    pen.fresh({ indent: column });
    pen.next();
    pen.rows.base = column + "-> ".length;
  }

  /** Whether a step of several rows in braces gains nothing by a row of its own. */
  private staysOpen(step: StepCstNode, column: number): boolean {
    const { pen, tape } = this;
    if (step.children.call) return false;
    const fitsBelow = column + tape.width(pen.at, tape.endOf(step)) <= this.width;
    return !fitsBelow && pen.fits(this.brace(pen.at + 1));
  }

  /** The brace of the step that begins at a token. */
  private brace(start: number): number {
    const { tape } = this;
    let i = start + 1;
    while (!isOneOf(tape.tokens[i], [LeftBrace])) i = (tape.closer.get(i) ?? i) + 1;
    return i;
  }

  private step({ children }: StepCstNode, as = 0): void {
    const { pen, tape } = this;
    const { branches, residual, repeat, call, As, Name, StringLiteral } = children;
    if (branches) {
      this.head();
      this.branches(branches[0]!);
    } else if (residual ?? repeat) {
      this.head();
      this.body((residual ?? repeat)![0]!.children.chain[0]!);
    } else pen.run(tape.endOf(call![0]!));
    if (!As) return;
    pen.space(as);
    pen.through(tape.indexOf((Name ?? StringLiteral)![0]!));
  }

  /** A call in a table: on one row, whatever else, as it was when its columns were measured. */
  private tableCall(step: StepCstNode, layout: Layout): void {
    const { pen, tape } = this;
    const { before, behind } = layout.cells!;
    const call = step.children.call![0]!;
    const closer = tape.endOf(call);
    pen.next();
    pen.next();
    before.forEach((spaces, j) => {
      pen.space(spaces);
      pen.through(tape.itemEnd(pen.at, closer));
      pen.pad(behind[j]!);
    });
    pen.next();
    const { As, Name, StringLiteral } = step.children;
    if (!As) return;
    pen.space(layout.as);
    pen.through(tape.indexOf((Name ?? StringLiteral)![0]!));
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

  private body(node: ChainCstNode): void {
    this.braces((indent) => {
      this.pen.fresh({ indent, blank: atFirst });
      this.chain(node, indent);
    });
  }

  /** Fields keep the rows of the text; where it has none, each has its own. */
  private fields({ children: { field = [] } }: FieldsCstNode): void {
    const { pen, tape } = this;
    const apart = !field.some((node) => endsRow(tape.gaps[tape.startOf(node)]!));
    this.braces((indent) => {
      field.forEach((node, i) => {
        const gap = tape.gaps[pen.at]!;
        const last = tape.fieldEnd(tape.endOf(node));
        if (i === 0 || apart || endsRow(gap) || !pen.fits(last)) {
          pen.fresh({ indent, blank: i === 0 ? atFirst : behindOthers });
        }
        pen.through(tape.indexOf(node.children.Colon[0]!));
        const record = node.children.value[0]!.children.record?.[0];
        if (record) this.fields(record.children.fields[0]!);
        pen.run(last);
      });
    });
  }

  /** What stands before a brace. */
  private head(): void {
    const { pen, tape } = this;
    while (!isOneOf(tape.tokens[pen.at], [LeftBrace])) {
      if (isOneOf(tape.tokens[pen.at], [LeftParen])) pen.list();
      else pen.next();
    }
  }

  /** Braces on one row where the text has them so and they fit. */
  private braces(content: (indent: number) => void): void {
    this.pen.space();
    const closer = this.tape.closer.get(this.pen.at)!;
    if (this.pen.isFlat(closer)) this.pen.through(closer);
    else this.inBraces(content);
  }

  private inBraces(content: (indent: number) => void): void {
    const { base } = this.pen.rows;
    this.pen.next();
    const outer = this.pen.rows.enter();
    content(base + stepOf);
    this.pen.closeRow(base);
    this.pen.rows.leave(outer);
    this.pen.next();
  }

  /** Each on rows of its own. */
  private each<T>(
    nodes: readonly T[],
    indent: number,
    print: (node: T, i: number) => void,
    header: (i: number) => string | undefined = () => undefined,
  ): void {
    nodes.forEach((node, i) => {
      const text = header(i);
      this.pen.fresh({
        indent,
        blank: i === 0 ? atFirst : behindOthers,
        ...(text === undefined ? {} : { header: text }),
      });
      print(node, i);
    });
  }
}

/** Names of modules: those that it declares or imports. */
function declaredModules({ children }: DeclarationCstNode): readonly string[] {
  const { moduleDeclaration, importDeclaration } = children;
  const names = moduleDeclaration?.[0]?.children.Name ?? importDeclaration?.[0]?.children.Name;
  return names?.map(({ image }) => image) ?? [];
}
