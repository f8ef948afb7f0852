import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface FileCstNode extends CstNode {
  name: "file";
  children: FileCstChildren;
}

export type FileCstChildren = {
  declaration?: DeclarationCstNode[];
};

export interface DeclarationCstNode extends CstNode {
  name: "declaration";
  children: DeclarationCstChildren;
}

export type DeclarationCstChildren = {
  importDeclaration?: ImportDeclarationCstNode[];
  constDeclaration?: ConstDeclarationCstNode[];
  defaultsDeclaration?: DefaultsDeclarationCstNode[];
  moduleDeclaration?: ModuleDeclarationCstNode[];
  modelDeclaration?: ModelDeclarationCstNode[];
};

export interface ImportDeclarationCstNode extends CstNode {
  name: "importDeclaration";
  children: ImportDeclarationCstChildren;
}

export type ImportDeclarationCstChildren = {
  Import: IToken[];
  LeftBrace: IToken[];
  Name: IToken[];
  Comma?: IToken[];
  RightBrace: IToken[];
  From: IToken[];
  StringLiteral: IToken[];
};

export interface ConstDeclarationCstNode extends CstNode {
  name: "constDeclaration";
  children: ConstDeclarationCstChildren;
}

export type ConstDeclarationCstChildren = {
  Const: IToken[];
  Name: IToken[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface DefaultsDeclarationCstNode extends CstNode {
  name: "defaultsDeclaration";
  children: DefaultsDeclarationCstChildren;
}

export type DefaultsDeclarationCstChildren = {
  Defaults: IToken[];
  LeftBrace: IToken[];
  defaultsEntry?: DefaultsEntryCstNode[];
  RightBrace: IToken[];
};

export interface DefaultsEntryCstNode extends CstNode {
  name: "defaultsEntry";
  children: DefaultsEntryCstChildren;
}

export type DefaultsEntryCstChildren = {
  Name: IToken[];
  LeftBrace: IToken[];
  fields: FieldsCstNode[];
  RightBrace: IToken[];
};

export interface FieldsCstNode extends CstNode {
  name: "fields";
  children: FieldsCstChildren;
}

export type FieldsCstChildren = {
  field?: FieldCstNode[];
  Comma?: IToken[];
};

export interface FieldCstNode extends CstNode {
  name: "field";
  children: FieldCstChildren;
}

export type FieldCstChildren = {
  Name: IToken[];
  Colon: IToken[];
  value: ValueCstNode[];
};

export interface ValueCstNode extends CstNode {
  name: "value";
  children: ValueCstChildren;
}

export type ValueCstChildren = {
  record?: RecordCstNode[];
  expression?: ExpressionCstNode[];
};

export interface RecordCstNode extends CstNode {
  name: "record";
  children: RecordCstChildren;
}

export type RecordCstChildren = {
  LeftBrace: IToken[];
  fields: FieldsCstNode[];
  RightBrace: IToken[];
};

export interface ModuleDeclarationCstNode extends CstNode {
  name: "moduleDeclaration";
  children: ModuleDeclarationCstChildren;
}

export type ModuleDeclarationCstChildren = {
  Module: IToken[];
  Name: IToken[];
  params?: ParamsCstNode[];
  LeftBrace: IToken[];
  chain: ChainCstNode[];
  RightBrace: IToken[];
};

export interface ModelDeclarationCstNode extends CstNode {
  name: "modelDeclaration";
  children: ModelDeclarationCstChildren;
}

export type ModelDeclarationCstChildren = {
  Model: IToken[];
  Name: IToken[];
  params?: ParamsCstNode[];
  LeftBrace: IToken[];
  inputDeclaration: InputDeclarationCstNode[];
  member?: MemberCstNode[];
  RightBrace: IToken[];
};

export interface ParamsCstNode extends CstNode {
  name: "params";
  children: ParamsCstChildren;
}

export type ParamsCstChildren = {
  LeftParen: IToken[];
  param?: ParamCstNode[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface ParamCstNode extends CstNode {
  name: "param";
  children: ParamCstChildren;
}

export type ParamCstChildren = {
  Name: IToken[];
  Equals?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface InputDeclarationCstNode extends CstNode {
  name: "inputDeclaration";
  children: InputDeclarationCstChildren;
}

export type InputDeclarationCstChildren = {
  Input: IToken[];
  Name: IToken[];
  Colon: IToken[];
  F32: IToken[];
  LeftBracket: IToken[];
  expression: ExpressionCstNode[];
  Comma?: IToken[];
  RightBracket: IToken[];
  From?: IToken[];
  call?: CallCstNode[];
};

export interface MemberCstNode extends CstNode {
  name: "member";
  children: MemberCstChildren;
}

export type MemberCstChildren = {
  stage?: StageCstNode[];
  aux?: AuxCstNode[];
  output?: OutputCstNode[];
  labels?: LabelsCstNode[];
  train?: TrainCstNode[];
};

export interface StageCstNode extends CstNode {
  name: "stage";
  children: StageCstChildren;
}

export type StageCstChildren = {
  Name: IToken[];
  Colon: IToken[];
  flow: FlowCstNode[];
};

export interface AuxCstNode extends CstNode {
  name: "aux";
  children: AuxCstChildren;
}

export type AuxCstChildren = {
  Aux: IToken[];
  Name: IToken[];
  args?: ArgsCstNode[];
  Colon: IToken[];
  flow: FlowCstNode[];
};

export interface OutputCstNode extends CstNode {
  name: "output";
  children: OutputCstChildren;
}

export type OutputCstChildren = {
  Output: IToken[];
  Name: IToken[];
  Colon: IToken[];
  flow: FlowCstNode[];
};

export interface LabelsCstNode extends CstNode {
  name: "labels";
  children: LabelsCstChildren;
}

export type LabelsCstChildren = {
  Labels: IToken[];
  StringLiteral: IToken[];
};

export interface TrainCstNode extends CstNode {
  name: "train";
  children: TrainCstChildren;
}

export type TrainCstChildren = {
  Train: IToken[];
  LeftBrace: IToken[];
  fields: FieldsCstNode[];
  RightBrace: IToken[];
};

export interface FlowCstNode extends CstNode {
  name: "flow";
  children: FlowCstChildren;
}

export type FlowCstChildren = {
  From?: IToken[];
  Name?: IToken[];
  Arrow?: IToken[];
  chain: ChainCstNode[];
};

export interface ChainCstNode extends CstNode {
  name: "chain";
  children: ChainCstChildren;
}

export type ChainCstChildren = {
  step: StepCstNode[];
  Arrow?: IToken[];
};

export interface StepCstNode extends CstNode {
  name: "step";
  children: StepCstChildren;
}

export type StepCstChildren = {
  branches?: BranchesCstNode[];
  residual?: ResidualCstNode[];
  repeat?: RepeatCstNode[];
  call?: CallCstNode[];
  As?: IToken[];
  Name?: IToken[];
  StringLiteral?: IToken[];
};

export interface BranchesCstNode extends CstNode {
  name: "branches";
  children: BranchesCstChildren;
}

export type BranchesCstChildren = {
  Join: IToken[];
  args?: ArgsCstNode[];
  LeftBrace: IToken[];
  stage: StageCstNode[];
  RightBrace: IToken[];
};

export interface ResidualCstNode extends CstNode {
  name: "residual";
  children: ResidualCstChildren;
}

export type ResidualCstChildren = {
  Residual: IToken[];
  args?: ArgsCstNode[];
  LeftBrace: IToken[];
  chain: ChainCstNode[];
  RightBrace: IToken[];
};

export interface RepeatCstNode extends CstNode {
  name: "repeat";
  children: RepeatCstChildren;
}

export type RepeatCstChildren = {
  Repeat: IToken[];
  LeftParen: IToken[];
  copies: ExpressionCstNode[];
  Comma?: IToken[];
  From?: IToken[];
  Colon?: IToken[];
  first?: ExpressionCstNode[];
  RightParen: IToken[];
  LeftBrace: IToken[];
  chain: ChainCstNode[];
  RightBrace: IToken[];
};

export interface CallCstNode extends CstNode {
  name: "call";
  children: CallCstChildren;
}

export type CallCstChildren = {
  Name: IToken[];
  args?: ArgsCstNode[];
};

export interface ArgsCstNode extends CstNode {
  name: "args";
  children: ArgsCstChildren;
}

export type ArgsCstChildren = {
  LeftParen: IToken[];
  arg?: ArgCstNode[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface ArgCstNode extends CstNode {
  name: "arg";
  children: ArgCstChildren;
}

export type ArgCstChildren = {
  Name?: IToken[];
  Colon?: IToken[];
  expression: ExpressionCstNode[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  term: TermCstNode[];
  Plus?: IToken[];
  Minus?: IToken[];
};

export interface TermCstNode extends CstNode {
  name: "term";
  children: TermCstChildren;
}

export type TermCstChildren = {
  unary: UnaryCstNode[];
  Star?: IToken[];
  Slash?: IToken[];
};

export interface UnaryCstNode extends CstNode {
  name: "unary";
  children: UnaryCstChildren;
}

export type UnaryCstChildren = {
  Minus?: IToken[];
  primary: PrimaryCstNode[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  Int?: IToken[];
  Float?: IToken[];
  Size?: IToken[];
  StringLiteral?: IToken[];
  True?: IToken[];
  False?: IToken[];
  call?: CallCstNode[];
  list?: ListCstNode[];
  LeftParen?: IToken[];
  expression?: ExpressionCstNode[];
  RightParen?: IToken[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LeftBracket: IToken[];
  expression?: ExpressionCstNode[];
  Comma?: IToken[];
  RightBracket: IToken[];
};

export interface ICstNodeVisitor<IN, OUT> extends ICstVisitor<IN, OUT> {
  file(children: FileCstChildren, param?: IN): OUT;
  declaration(children: DeclarationCstChildren, param?: IN): OUT;
  importDeclaration(children: ImportDeclarationCstChildren, param?: IN): OUT;
  constDeclaration(children: ConstDeclarationCstChildren, param?: IN): OUT;
  defaultsDeclaration(children: DefaultsDeclarationCstChildren, param?: IN): OUT;
  defaultsEntry(children: DefaultsEntryCstChildren, param?: IN): OUT;
  fields(children: FieldsCstChildren, param?: IN): OUT;
  field(children: FieldCstChildren, param?: IN): OUT;
  value(children: ValueCstChildren, param?: IN): OUT;
  record(children: RecordCstChildren, param?: IN): OUT;
  moduleDeclaration(children: ModuleDeclarationCstChildren, param?: IN): OUT;
  modelDeclaration(children: ModelDeclarationCstChildren, param?: IN): OUT;
  params(children: ParamsCstChildren, param?: IN): OUT;
  param(children: ParamCstChildren, param?: IN): OUT;
  inputDeclaration(children: InputDeclarationCstChildren, param?: IN): OUT;
  member(children: MemberCstChildren, param?: IN): OUT;
  stage(children: StageCstChildren, param?: IN): OUT;
  aux(children: AuxCstChildren, param?: IN): OUT;
  output(children: OutputCstChildren, param?: IN): OUT;
  labels(children: LabelsCstChildren, param?: IN): OUT;
  train(children: TrainCstChildren, param?: IN): OUT;
  flow(children: FlowCstChildren, param?: IN): OUT;
  chain(children: ChainCstChildren, param?: IN): OUT;
  step(children: StepCstChildren, param?: IN): OUT;
  branches(children: BranchesCstChildren, param?: IN): OUT;
  residual(children: ResidualCstChildren, param?: IN): OUT;
  repeat(children: RepeatCstChildren, param?: IN): OUT;
  call(children: CallCstChildren, param?: IN): OUT;
  args(children: ArgsCstChildren, param?: IN): OUT;
  arg(children: ArgCstChildren, param?: IN): OUT;
  expression(children: ExpressionCstChildren, param?: IN): OUT;
  term(children: TermCstChildren, param?: IN): OUT;
  unary(children: UnaryCstChildren, param?: IN): OUT;
  primary(children: PrimaryCstChildren, param?: IN): OUT;
  list(children: ListCstChildren, param?: IN): OUT;
}
