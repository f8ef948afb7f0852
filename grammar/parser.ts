import { CstParser } from "chevrotain";
import { messages } from "./messages.js";
import * as t from "./tokens.js";

/**
 * The grammar of the language, LL(2). Each method is a rule; its comment is the rule in EBNF.
 * `src/syntax` gives it tokens, mends what it refuses, and makes the tree of the result.
 *
 * Chevrotain's own recovery is not used: it takes up again at any token that may follow, and
 * here steps, stages and values all begin with a name, so that one missing comma makes a dozen
 * errors. `src/syntax/repair.ts` mends the tokens instead and parses again.
 */
export class InceptParser extends CstParser {
  constructor() {
    super(t.allTokens, {
      maxLookahead: 2,
      nodeLocationTracking: "onlyOffset",
      errorMessageProvider: messages,
    });
    this.performSelfAnalysis();
  }

  /** file = { declaration } */
  readonly file = this.RULE("file", () => {
    this.MANY(() => this.SUBRULE(this.declaration));
  });

  /** declaration = import | const | defaults | module | model */
  readonly declaration = this.RULE("declaration", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.constDeclaration) },
      { ALT: () => this.SUBRULE(this.defaultsDeclaration) },
      { ALT: () => this.SUBRULE(this.moduleDeclaration) },
      { ALT: () => this.SUBRULE(this.modelDeclaration) },
    ]);
  });

  /** import = "import" "{" NAME { "," NAME } "}" "from" STRING */
  readonly importDeclaration = this.RULE("importDeclaration", () => {
    this.CONSUME(t.Import);
    this.CONSUME(t.LeftBrace);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Name) });
    this.CONSUME(t.RightBrace);
    this.CONSUME(t.From);
    this.CONSUME(t.StringLiteral);
  });

  /** const = "const" NAME "=" expr */
  readonly constDeclaration = this.RULE("constDeclaration", () => {
    this.CONSUME(t.Const);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  /** defaults = "defaults" "{" { defaultsEntry } "}" */
  readonly defaultsDeclaration = this.RULE("defaultsDeclaration", () => {
    this.CONSUME(t.Defaults);
    this.CONSUME(t.LeftBrace);
    this.MANY(() => this.SUBRULE(this.defaultsEntry));
    this.CONSUME(t.RightBrace);
  });

  /** defaultsEntry = OPNAME "{" fields "}" */
  readonly defaultsEntry = this.RULE("defaultsEntry", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.fields);
    this.CONSUME(t.RightBrace);
  });

  /** fields = { field [ "," ] } */
  readonly fields = this.RULE("fields", () => {
    this.MANY(() => {
      this.SUBRULE(this.field);
      this.OPTION(() => this.CONSUME(t.Comma));
    });
  });

  /** field = NAME ":" value */
  readonly field = this.RULE("field", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.value);
  });

  /** value = record | expr */
  readonly value = this.RULE("value", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.record) },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });

  /** record = "{" fields "}" */
  readonly record = this.RULE("record", () => {
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.fields);
    this.CONSUME(t.RightBrace);
  });

  /** module = "module" NAME [ params ] "{" chain "}" */
  readonly moduleDeclaration = this.RULE("moduleDeclaration", () => {
    this.CONSUME(t.Module);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.params));
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.chain);
    this.CONSUME(t.RightBrace);
  });

  /** model = "model" NAME [ params ] "{" input { input } { member } "}" */
  readonly modelDeclaration = this.RULE("modelDeclaration", () => {
    this.CONSUME(t.Model);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.params));
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.inputDeclaration);
    this.MANY(() => this.SUBRULE2(this.inputDeclaration));
    this.MANY2(() => this.SUBRULE(this.member));
    this.CONSUME(t.RightBrace);
  });

  /** params = "(" [ param { "," param } ] ")" */
  readonly params = this.RULE("params", () => {
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.param) });
    this.CONSUME(t.RightParen);
  });

  /** param = NAME [ "=" expr ] */
  readonly param = this.RULE("param", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression);
    });
  });

  /** input = "input" NAME ":" "f32" "[" expr { "," expr } "]" [ "from" call ] */
  readonly inputDeclaration = this.RULE("inputDeclaration", () => {
    this.CONSUME(t.Input);
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.CONSUME(t.F32);
    this.CONSUME(t.LeftBracket);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RightBracket);
    this.OPTION(() => {
      this.CONSUME(t.From);
      this.SUBRULE(this.call);
    });
  });

  /** member = stage | aux | output | labels | train */
  readonly member = this.RULE("member", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.stage) },
      { ALT: () => this.SUBRULE(this.aux) },
      { ALT: () => this.SUBRULE(this.output) },
      { ALT: () => this.SUBRULE(this.labels) },
      { ALT: () => this.SUBRULE(this.train) },
    ]);
  });

  /** stage = NAME ":" source; a branch of a join has the same form */
  readonly stage = this.RULE("stage", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.flow);
  });

  /** aux = "aux" NAME [ args ] ":" source */
  readonly aux = this.RULE("aux", () => {
    this.CONSUME(t.Aux);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.args));
    this.CONSUME(t.Colon);
    this.SUBRULE(this.flow);
  });

  /** output = "output" NAME ":" source */
  readonly output = this.RULE("output", () => {
    this.CONSUME(t.Output);
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.flow);
  });

  /** labels = "labels" STRING */
  readonly labels = this.RULE("labels", () => {
    this.CONSUME(t.Labels);
    this.CONSUME(t.StringLiteral);
  });

  /** train = "train" "{" fields "}" */
  readonly train = this.RULE("train", () => {
    this.CONSUME(t.Train);
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.fields);
    this.CONSUME(t.RightBrace);
  });

  /** source = [ "from" NAME "->" ] chain */
  readonly flow = this.RULE("flow", () => {
    this.OPTION(() => {
      this.CONSUME(t.From);
      this.CONSUME(t.Name);
      this.CONSUME(t.Arrow);
    });
    this.SUBRULE(this.chain);
  });

  /** chain = step { "->" step } */
  readonly chain = this.RULE("chain", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Arrow, DEF: () => this.SUBRULE(this.step) });
  });

  /** step = ( join | call ) [ "as" ( NAME | STRING ) ] */
  readonly step = this.RULE("step", () => {
    // A join's token is a name too, so that a stage may be called so; as a step it is the join.
    this.OR({
      MAX_LOOKAHEAD: 1,
      DEF: [
        { ALT: () => this.SUBRULE(this.branches), IGNORE_AMBIGUITIES: true },
        { ALT: () => this.SUBRULE(this.residual) },
        { ALT: () => this.SUBRULE(this.repeat) },
        { ALT: () => this.SUBRULE(this.call) },
      ],
    });
    this.OPTION(() => {
      this.CONSUME(t.As);
      this.OR1([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]);
    });
  });

  /** branches = JOIN [ args ] "{" stage { stage } "}"; JOIN is a NAME that src/ops/joins lists */
  readonly branches = this.RULE("branches", () => {
    this.CONSUME(t.Join);
    this.OPTION(() => this.SUBRULE(this.args));
    this.CONSUME(t.LeftBrace);
    this.AT_LEAST_ONE(() => this.SUBRULE(this.stage));
    this.CONSUME(t.RightBrace);
  });

  /** residual = "residual" [ args ] "{" chain "}" */
  readonly residual = this.RULE("residual", () => {
    this.CONSUME(t.Residual);
    this.OPTION(() => this.SUBRULE(this.args));
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.chain);
    this.CONSUME(t.RightBrace);
  });

  /** repeat = "repeat" "(" expr [ "," "from" ":" expr ] ")" "{" chain "}" */
  readonly repeat = this.RULE("repeat", () => {
    this.CONSUME(t.Repeat);
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.expression, { LABEL: "copies" });
    this.OPTION(() => {
      this.CONSUME(t.Comma);
      this.CONSUME(t.From);
      this.CONSUME(t.Colon);
      this.SUBRULE1(this.expression, { LABEL: "first" });
    });
    this.CONSUME(t.RightParen);
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.chain);
    this.CONSUME(t.RightBrace);
  });

  /** call = NAME [ args ] */
  readonly call = this.RULE("call", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.args));
  });

  /** args = "(" [ arg { "," arg } ] ")" */
  readonly args = this.RULE("args", () => {
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.arg) });
    this.CONSUME(t.RightParen);
  });

  /** arg = [ NAME ":" ] expr */
  readonly arg = this.RULE("arg", () => {
    this.OPTION(() => {
      this.CONSUME(t.Name);
      this.CONSUME(t.Colon);
    });
    this.SUBRULE(this.expression);
  });

  /** expr = term { ( "+" | "-" ) term } */
  readonly expression = this.RULE("expression", () => {
    this.SUBRULE(this.term);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Plus) }, { ALT: () => this.CONSUME(t.Minus) }]);
      this.SUBRULE1(this.term);
    });
  });

  /** term = unary { ( "*" | "/" ) unary } */
  readonly term = this.RULE("term", () => {
    this.SUBRULE(this.unary);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Star) }, { ALT: () => this.CONSUME(t.Slash) }]);
      this.SUBRULE1(this.unary);
    });
  });

  /** unary = { "-" } primary */
  readonly unary = this.RULE("unary", () => {
    this.MANY(() => this.CONSUME(t.Minus));
    this.SUBRULE(this.primary);
  });

  /** primary = INT | FLOAT | SIZE | STRING | "true" | "false" | call | list | "(" expr ")" */
  readonly primary = this.RULE("primary", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Int) },
      { ALT: () => this.CONSUME(t.Float) },
      { ALT: () => this.CONSUME(t.Size) },
      { ALT: () => this.CONSUME(t.StringLiteral) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.SUBRULE(this.list) },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.SUBRULE(this.expression);
          this.CONSUME(t.RightParen);
        },
      },
    ]);
  });

  /** list = "[" [ expr { "," expr } ] "]" */
  readonly list = this.RULE("list", () => {
    this.CONSUME(t.LeftBracket);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RightBracket);
  });
}
