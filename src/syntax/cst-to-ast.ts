import type {
  AuxCstNode,
  BranchesCstNode,
  ChainCstNode,
  DeclarationCstNode,
  FlowCstNode,
  InputDeclarationCstNode,
  MemberCstNode,
  ModelDeclarationCstNode,
  ModuleDeclarationCstNode,
  OutputCstNode,
  ParamsCstNode,
  RepeatCstNode,
  ResidualCstNode,
  StageCstNode,
  StepCstNode,
} from "../../grammar/cst.generated.js";
import type {
  Branch,
  Branches,
  Chain,
  Comment,
  Const,
  Defaults,
  Flow,
  Import,
  Input,
  Member,
  Model,
  Module,
  Name,
  Param,
  Repeat,
  Residual,
  SpecFile,
  Step,
} from "./ast.js";
import { ExpressionBuilder, unquoted } from "./expressions-to-ast.js";
import { only, type Nodes } from "./nodes.js";

/** The declarations of one file, as the parser saw them, as the tree of src/syntax/ast.ts. */
export function toAst(
  declarations: readonly DeclarationCstNode[],
  comments: readonly Comment[],
  nodes: Nodes,
): SpecFile {
  const build = new AstBuilder(nodes);
  const all = declarations.map((declaration) => declaration.children);
  return {
    source: nodes.source,
    imports: all.flatMap((d) => d.importDeclaration ?? []).map((node) => build.import(node)),
    consts: all.flatMap((d) => d.constDeclaration ?? []).map((node) => build.const(node)),
    defaults: all.flatMap((d) => d.defaultsDeclaration ?? []).map((node) => build.defaults(node)),
    modules: all.flatMap((d) => d.moduleDeclaration ?? []).map((node) => build.module(node)),
    models: all.flatMap((d) => d.modelDeclaration ?? []).map((node) => build.model(node)),
    comments,
  };
}

type Declarations = DeclarationCstNode["children"];
type Node<K extends keyof Declarations> = NonNullable<Declarations[K]>[number];

class AstBuilder extends ExpressionBuilder {
  import(node: Node<"importDeclaration">): Import {
    return {
      names: node.children.Name.map((name) => this.name(name)),
      path: this.string(only(node.children.StringLiteral)),
      span: this.nodes.span(node),
    };
  }

  const(node: Node<"constDeclaration">): Const {
    return {
      ...this.nodes.doc(node),
      name: this.name(only(node.children.Name)),
      value: this.expression(only(node.children.expression)),
      span: this.nodes.span(node),
    };
  }

  defaults(node: Node<"defaultsDeclaration">): Defaults {
    return {
      entries: (node.children.defaultsEntry ?? []).map(({ children }) => ({
        operator: this.name(only(children.Name)),
        fields: this.fields(only(children.fields)),
      })),
      span: this.nodes.span(node),
    };
  }

  module(node: ModuleDeclarationCstNode): Module {
    return {
      ...this.nodes.doc(node),
      name: this.name(only(node.children.Name)),
      params: this.params(node.children.params),
      body: this.chain(only(node.children.chain)),
      span: this.nodes.span(node),
    };
  }

  model(node: ModelDeclarationCstNode): Model {
    const [first, ...others] = node.children.inputDeclaration as [
      InputDeclarationCstNode,
      ...InputDeclarationCstNode[],
    ];
    return {
      ...this.nodes.doc(node),
      name: this.name(only(node.children.Name)),
      params: this.params(node.children.params),
      inputs: [this.input(first), ...others.map((input) => this.input(input))],
      members: (node.children.member ?? []).map((member) => this.member(member)),
      span: this.nodes.span(node),
    };
  }

  private params(nodes: readonly ParamsCstNode[] | undefined): Param[] {
    return (nodes?.[0]?.children.param ?? []).map(({ children }) => ({
      name: this.name(only(children.Name)),
      ...(children.expression ? { value: this.expression(only(children.expression)) } : {}),
    }));
  }

  private input(node: InputDeclarationCstNode): Input {
    const { Name, expression, call } = node.children;
    return {
      ...this.nodes.doc(node),
      name: this.name(only(Name)),
      dims: expression.map((dim) => this.expression(dim)),
      ...(call ? { from: this.call(only(call)) } : {}),
      span: this.nodes.span(node),
    };
  }

  private member(node: MemberCstNode): Member {
    const { stage, aux, output, labels, train } = node.children;
    const span = this.nodes.span(node);
    if (stage) return { kind: "stage", ...this.tap(only(stage)) };
    if (aux)
      return { kind: "aux", args: this.args(only(aux).children.args), ...this.tap(only(aux)) };
    if (output) return { kind: "output", ...this.tap(only(output)) };
    if (labels)
      return { kind: "labels", path: this.string(only(only(labels).children.StringLiteral)), span };
    return { kind: "train", fields: this.fields(only(only(train).children.fields)), span };
  }

  private tap(node: StageCstNode | AuxCstNode | OutputCstNode): Branch {
    return {
      ...this.nodes.doc(node),
      name: this.name(only(node.children.Name)),
      flow: this.flow(only(node.children.flow)),
      span: this.nodes.span(node),
    };
  }

  private flow({ children }: FlowCstNode): Flow {
    return {
      ...(children.Name ? { from: this.name(only(children.Name)) } : {}),
      chain: this.chain(only(children.chain)),
    };
  }

  private chain(node: ChainCstNode): Chain {
    return {
      steps: node.children.step.map((step) => this.step(step)),
      span: this.nodes.span(node),
    };
  }

  private step(node: StepCstNode): Step {
    const as = this.path(node);
    return {
      body: this.body(node),
      ...(as === undefined ? {} : { as }),
      span: this.nodes.span(node),
    };
  }

  /** What follows `as`; a string loses its quotes. */
  private path({ children: { Name, StringLiteral } }: StepCstNode): Name | undefined {
    if (Name) return this.name(only(Name));
    if (!StringLiteral) return undefined;
    const token = only(StringLiteral);
    return { text: unquoted(token.image), span: this.nodes.span(token) };
  }

  private body({ children }: StepCstNode): Step["body"] {
    if (children.branches) return this.branches(only(children.branches));
    if (children.residual) return this.residual(only(children.residual));
    if (children.repeat) return this.repeat(only(children.repeat));
    return this.call(only(children.call));
  }

  private branches(node: BranchesCstNode): Branches {
    const { Join, args, stage } = node.children;
    return {
      kind: "join",
      name: this.name(only(Join)),
      args: this.args(args),
      branches: stage.map((child) => this.tap(child)),
      span: this.nodes.span(node),
    };
  }

  private residual(node: ResidualCstNode): Residual {
    return {
      kind: "residual",
      keyword: this.nodes.span(only(node.children.Residual)),
      args: this.args(node.children.args),
      body: this.chain(only(node.children.chain)),
      span: this.nodes.span(node),
    };
  }

  private repeat(node: RepeatCstNode): Repeat {
    const { copies, first } = node.children;
    return {
      kind: "repeat",
      keyword: this.nodes.span(only(node.children.Repeat)),
      count: this.expression(only(copies)),
      ...(first === undefined ? {} : { first: this.expression(only(first)) }),
      body: this.chain(only(node.children.chain)),
      span: this.nodes.span(node),
    };
  }
}
