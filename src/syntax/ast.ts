/**
 * The tree of one `.incept` file, as written: names unresolved, nothing evaluated.
 * Every node knows its span; a `Name` is text with its span.
 */
import type { Source, Span } from "../diagnostics/diagnostic.js";

export interface Name {
  readonly text: string;
  readonly span: Span;
}

export interface SpecFile {
  readonly source: Source;
  readonly imports: readonly Import[];
  readonly consts: readonly Const[];
  readonly defaults: readonly Defaults[];
  readonly modules: readonly Module[];
  readonly models: readonly Model[];
  readonly comments: readonly Comment[];
}

/** Comments are not tokens of the grammar; the formatter and `// allow` read them from here. */
export interface Comment {
  readonly kind: "line" | "block" | "doc";
  /** Without its marker, trimmed. */
  readonly text: string;
  readonly span: Span;
}

export interface Import {
  readonly names: readonly Name[];
  readonly path: StringLiteral;
  readonly span: Span;
}

export interface Const {
  readonly doc?: string;
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}

/** `defaults { conv { act: relu } }` */
export interface Defaults {
  readonly entries: readonly { readonly operator: Name; readonly fields: readonly Field[] }[];
  readonly span: Span;
}

export interface Field {
  readonly name: Name;
  readonly value: Expr;
}

export interface Module {
  readonly doc?: string;
  readonly name: Name;
  readonly params: readonly Param[];
  readonly body: Chain;
  readonly span: Span;
}

export interface Param {
  readonly name: Name;
  readonly value?: Expr;
}

export interface Model {
  readonly doc?: string;
  readonly name: Name;
  readonly params: readonly Param[];
  /** At least one; the stream begins with the first. */
  readonly inputs: readonly [Input, ...Input[]];
  readonly members: readonly Member[];
  readonly span: Span;
}

export interface Input {
  readonly doc?: string;
  readonly name: Name;
  readonly dims: readonly Expr[];
  readonly from?: Call;
  readonly span: Span;
}

export type Member = Stage | Aux | Output | Labels | Train;

export interface Stage {
  readonly kind: "stage";
  readonly doc?: string;
  readonly name: Name;
  readonly flow: Flow;
  readonly span: Span;
}

export interface Aux {
  readonly kind: "aux";
  readonly doc?: string;
  readonly name: Name;
  readonly args: readonly Arg[];
  readonly flow: Flow;
  readonly span: Span;
}

export interface Output {
  readonly kind: "output";
  readonly doc?: string;
  readonly name: Name;
  readonly flow: Flow;
  readonly span: Span;
}

export interface Labels {
  readonly kind: "labels";
  readonly path: StringLiteral;
  readonly span: Span;
}

export interface Train {
  readonly kind: "train";
  readonly fields: readonly Field[];
  readonly span: Span;
}

/** `[from NAME ->] chain`: where a stage, output, aux or branch gets its input and what it does. */
export interface Flow {
  readonly from?: Name;
  readonly chain: Chain;
}

export interface Chain {
  readonly steps: readonly Step[];
  readonly span: Span;
}

export interface Step {
  readonly body: Call | Branches | Residual | Repeat;
  /** `as NAME` or `as "dotted.name"`; `text` is without quotes. */
  readonly as?: Name;
  readonly span: Span;
}

/** A branch of a join. */
export interface Branch {
  readonly doc?: string;
  readonly name: Name;
  readonly flow: Flow;
  readonly span: Span;
}

/** A join that names its branches. */
export interface Branches {
  readonly kind: "join";
  /** Which of `src/ops/joins`; findings about the join itself point at it. */
  readonly name: Name;
  readonly args: readonly Arg[];
  readonly branches: readonly Branch[];
  readonly span: Span;
}

export interface Residual {
  readonly kind: "residual";
  readonly keyword: Span;
  readonly args: readonly Arg[];
  readonly body: Chain;
  readonly span: Span;
}

export interface Repeat {
  readonly kind: "repeat";
  readonly keyword: Span;
  readonly count: Expr;
  /** The number of the first copy, where it is written. */
  readonly first?: Expr;
  readonly body: Chain;
  readonly span: Span;
}

export interface Call {
  readonly kind: "call";
  readonly name: Name;
  readonly args: readonly Arg[];
  readonly span: Span;
}

export interface Arg {
  readonly name?: Name;
  readonly value: Expr;
  readonly span: Span;
}

export type Expr =
  | IntLiteral
  | FloatLiteral
  | SizeLiteral
  | StringLiteral
  | BoolLiteral
  | NameRef
  | Call
  | ListExpr
  | RecordExpr
  | Binary
  | Unary;

export interface IntLiteral {
  readonly kind: "int";
  readonly value: number;
  readonly span: Span;
}

export interface FloatLiteral {
  readonly kind: "float";
  readonly value: number;
  readonly span: Span;
}

/** `3x7`: height x width. */
export interface SizeLiteral {
  readonly kind: "size";
  readonly height: number;
  readonly width: number;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: "string";
  readonly value: string;
  readonly span: Span;
}

export interface BoolLiteral {
  readonly kind: "bool";
  readonly value: boolean;
  readonly span: Span;
}

/** A bare name: a parameter, a const, `in`, or a word that its argument accepts. */
export interface NameRef {
  readonly kind: "name";
  readonly name: string;
  readonly span: Span;
}

export interface ListExpr {
  readonly kind: "list";
  readonly items: readonly Expr[];
  readonly span: Span;
}

/** `{ prob: cross_entropy, box: mean_squared_error }`: values by name, in a field and nowhere else. */
export interface RecordExpr {
  readonly kind: "record";
  readonly fields: readonly Field[];
  readonly span: Span;
}

export interface Binary {
  readonly kind: "binary";
  readonly op: "+" | "-" | "*" | "/";
  readonly left: Expr;
  readonly right: Expr;
  readonly span: Span;
}

export interface Unary {
  readonly kind: "unary";
  readonly operand: Expr;
  readonly span: Span;
}
