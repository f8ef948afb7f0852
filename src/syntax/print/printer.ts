/** Prints a whole tree with the layout that the language's own examples have. */
import type {
  DeclarationCstNode,
  FieldsCstNode,
  MemberCstNode,
  ModelDeclarationCstNode,
} from "../../../grammar/cst.generated.js";
import type { ConcreteTree } from "../parse.js";
import { atFirst, behindOthers } from "./brackets.js";
import { ChainPrinter } from "./chains.js";
import { endsRow } from "./gaps.js";
import { type Layout, layOut, plain } from "./layout.js";
import { lineOf } from "./lines.js";
import { indentation } from "./pen.js";
import { Tape } from "./tape.js";

export class Printer extends ChainPrinter {
  constructor(
    private readonly tree: ConcreteTree,
    text: string,
    width: number,
  ) {
    super(new Tape(tree, text), width, new Set(tree.declarations.flatMap(declaredModules)));
  }

  print(): string {
    this.tree.declarations.forEach((node, i) => {
      this.fresh({ indent: 0, blank: i === 0 ? atFirst : behindOthers });
      this.declaration(node);
    });
    this.finish();
    return this.rows.toString();
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
      this.next();
      this.list();
      this.run(this.tape.endOf(node));
    } else this.run(this.tape.endOf(node));
  }

  private model(node: ModelDeclarationCstNode): void {
    this.head();
    const { inputDeclaration, member = [] } = node.children;
    const lines = member.map(({ children: { stage, output } }) => {
      const line = stage?.[0] ?? output?.[0];
      return line && lineOf(this.tape, line, this.modules, this.width - indentation);
    });
    const layouts = layOut(this.tape, lines, {
      indent: indentation,
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
          else this.run(this.tape.endOf(each));
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
      this.run(this.tape.indexOf(aux[0]!.children.Colon[0]!));
      this.flow(aux[0]!.children.flow[0]!, plain);
    } else if (labels) this.run(this.tape.endOf(labels[0]!));
    else if (train) {
      this.head();
      this.fields(train[0]!.children.fields[0]!);
    }
  }

  /** Fields keep the rows of the text; where it has none, each has its own. */
  private fields({ children: { field = [] } }: FieldsCstNode): void {
    const { tape } = this;
    const apart = !field.some((node) => endsRow(tape.gaps[tape.startOf(node)]!));
    this.braces((indent) => {
      field.forEach((node, i) => {
        const gap = tape.gaps[this.at]!;
        const last = tape.fieldEnd(tape.endOf(node));
        if (i === 0 || apart || endsRow(gap) || !this.fits(last)) {
          this.fresh({ indent, blank: i === 0 ? atFirst : behindOthers });
        }
        this.through(tape.indexOf(node.children.Colon[0]!));
        const record = node.children.value[0]!.children.record?.[0];
        if (record) this.fields(record.children.fields[0]!);
        this.run(last);
      });
    });
  }
}

/** Names of modules: those that it declares or imports. */
function declaredModules({ children }: DeclarationCstNode): readonly string[] {
  const { moduleDeclaration, importDeclaration } = children;
  const names = moduleDeclaration?.[0]?.children.Name ?? importDeclaration?.[0]?.children.Name;
  return names?.map(({ image }) => image) ?? [];
}
