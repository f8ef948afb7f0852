import type { IToken } from "chevrotain";
import type {
  ArgCstNode,
  ArgsCstNode,
  CallCstNode,
  ExpressionCstNode,
  FieldsCstNode,
  PrimaryCstNode,
  TermCstNode,
  UnaryCstNode,
  ValueCstNode,
} from "../../grammar/cst.generated.js";
import type { Arg, Binary, Call, Expr, Field, Name, StringLiteral } from "./ast.js";
import { type Nodes, only } from "./nodes.js";

/** The half of the tree that stands in parentheses and behind colons. */
export class ExpressionBuilder {
  constructor(protected readonly nodes: Nodes) {}

  protected name(token: IToken): Name {
    return { text: token.image, span: this.nodes.span(token) };
  }

  protected string(token: IToken): StringLiteral {
    return { kind: "string", value: unquoted(token.image), span: this.nodes.span(token) };
  }

  protected fields(node: FieldsCstNode): Field[] {
    return (node.children.field ?? []).map(({ children }) => ({
      name: this.name(only(children.Name)),
      value: this.fieldValue(only(children.value)),
    }));
  }

  private fieldValue({ children: { record, expression } }: ValueCstNode): Expr {
    if (record === undefined) return this.expression(only(expression));
    const node = only(record);
    const fields = this.fields(only(node.children.fields));
    return { kind: "record", fields, span: this.nodes.span(node) };
  }

  protected args(nodes: readonly ArgsCstNode[] | undefined): Arg[] {
    return (nodes?.[0]?.children.arg ?? []).map((node) => this.arg(node));
  }

  private arg(node: ArgCstNode): Arg {
    const name = node.children.Name?.[0];
    return {
      ...(name === undefined ? {} : { name: this.name(name) }),
      value: this.expression(only(node.children.expression)),
      span: this.nodes.span(node),
    };
  }

  protected call(node: CallCstNode): Call {
    return {
      kind: "call",
      name: this.name(only(node.children.Name)),
      args: this.args(node.children.args),
      span: this.nodes.span(node),
    };
  }

  protected expression(node: ExpressionCstNode): Expr {
    const { term, Plus = [], Minus = [] } = node.children;
    return this.leftToRight(
      term.map((child) => this.term(child)),
      [...Plus, ...Minus],
    );
  }

  private term(node: TermCstNode): Expr {
    const { unary, Star = [], Slash = [] } = node.children;
    return this.leftToRight(
      unary.map((child) => this.unary(child)),
      [...Star, ...Slash],
    );
  }

  /** `a - b - c` is `(a - b) - c`. */
  private leftToRight(operands: readonly Expr[], operators: readonly IToken[]): Expr {
    const inOrder = operators.toSorted((a, b) => a.startOffset - b.startOffset);
    return operands.reduce((left, right, i) => ({
      kind: "binary",
      op: only(inOrder.slice(i - 1, i)).image as Binary["op"],
      left,
      right,
      span: this.nodes.between(left.span, right.span),
    }));
  }

  private unary(node: UnaryCstNode): Expr {
    const signs = node.children.Minus ?? [];
    return signs.reduceRight<Expr>(
      (operand, sign) => ({
        kind: "unary",
        operand,
        span: this.nodes.between(this.nodes.span(sign), operand.span),
      }),
      this.primary(only(node.children.primary)),
    );
  }

  private primary(node: PrimaryCstNode): Expr {
    const c = node.children;
    const span = this.nodes.span(node);
    if (c.Int) return { kind: "int", value: number(only(c.Int)), span };
    if (c.Float) return { kind: "float", value: number(only(c.Float)), span };
    if (c.Size) {
      const [height = NaN, width = NaN] = only(c.Size).image.split("x").map(Number);
      return { kind: "size", height, width, span };
    }
    if (c.StringLiteral) return this.string(only(c.StringLiteral));
    if (c.call) return this.value(only(c.call));
    if (c.list) {
      const items = only(c.list).children.expression ?? [];
      return { kind: "list", items: items.map((item) => this.expression(item)), span };
    }
    if (c.expression) return this.expression(only(c.expression));
    return { kind: "bool", value: c.True !== undefined, span };
  }

  /** A name without parentheses is a word or a parameter, not a call. */
  private value(node: CallCstNode): Expr {
    if (node.children.args !== undefined) return this.call(node);
    const name = only(node.children.Name);
    return { kind: "name", name: name.image, span: this.nodes.span(name) };
  }
}

const number = (token: IToken): number => Number(token.image.replaceAll("_", ""));

/** Without the first and the last character; a string that never ended has no last one. */
export const unquoted = (image: string): string =>
  image.length > 1 && image.endsWith('"') ? image.slice(1, -1) : image.slice(1);
