import type { TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { likening } from "../../diagnostics/mending.js";
import { suggest } from "../../diagnostics/suggest.js";
import { openBrackets } from "../brackets.js";
import { inputStub, memberEnd } from "../members.js";
import type { Mend, Scene, Slip } from "../scene.js";

const label = (type: TokenType): string => type.LABEL ?? type.name;

/** `modul A {`, `ouput prob: x`, `trian {` */
export const misspeltWord: Slip = (s) => {
  const candidates = wordsAt(s);
  // In a stage, the word was taken for a name, and what follows it was refused.
  const at =
    s.rule === "stage" || (s.rule === "modelDeclaration" && !s.is(s.index, t.Name))
      ? s.index - 1
      : s.index;
  if (!s.is(at, t.Name)) return undefined;
  if (!s.is(at + 1, t.Name, t.LeftBrace, t.StringLiteral)) return undefined;
  const near = suggest(s.image(at), candidates.map(label));
  const word = candidates.find((type) => label(type) === near);
  if (word === undefined) return undefined;
  return {
    finding: diagnostic(
      "syntax/unknown-word",
      { name: s.spoken(at) },
      { span: s.span(at), ...likening(s.image(at), { words: candidates.map(label) }, s.span(at)) },
    ),
    edits: [s.replace(at, word)],
  };
};

function wordsAt(s: Scene): readonly TokenType[] {
  if (s.rule === "file") return [t.Import, t.Const, t.Defaults, t.Module, t.Model];
  if (s.expected === "the model's input") return [t.Input];
  if (s.rule === "stage" && s.expected === ":") return [t.Output, t.Aux, t.Labels, t.Train];
  return [];
}

/** `model M { a: relu }` */
export const missingInput: Slip = (s) => {
  if (s.expected !== "the model's input") return undefined;
  const stub = inputStub(s, s.index);
  const later = s.tokens.findIndex(
    (_, i) => i > s.index && s.is(i, t.Input) && s.is(i + 1, t.Name),
  );
  return {
    finding: diagnostic(
      "syntax/missing-input",
      { model: s.spoken(1) },
      {
        span: s.span(s.index),
        help: later < 0 ? "write input image: f32[3, 224, 224] before it" : "move the input here",
      },
    ),
    edits: [...(later < 0 ? [] : [s.remove(later, memberEnd(s, later + 1) - later)]), stub],
  };
};

/** `a: relu input mask: f32[1, 8, 8]` */
export const lateInput: Slip = (s) => {
  const i = s.index;
  if (s.rule !== "modelDeclaration" || !s.is(i, t.Input) || !s.is(i + 1, t.Name)) return undefined;
  return {
    finding: diagnostic(
      "syntax/late-input",
      { name: s.spoken(i + 1) },
      { span: s.span(i), help: "move it up, behind the first input" },
    ),
    edits: [s.remove(i, memberEnd(s, i + 1) - i)],
  };
};

/** `output: relu`, `output relu(…)`, `input: f32[…]` */
export const missingName: Slip = (s) => {
  const i = s.index;
  if (s.is(i - 1, t.Input, t.Output, t.Aux) && s.is(i, t.Colon, t.Equals))
    return nameless(s, i - 1, i);
  if (s.is(i - 1, t.Aux) && s.is(i, t.LeftParen)) return nameless(s, i - 1, i);
  return undefined;
};

function nameless(s: Scene, keyword: number, at: number): Mend {
  const what = s.image(keyword);
  return {
    finding: diagnostic(
      "syntax/missing-name",
      { what },
      { span: s.span(keyword), help: `write ${what} NAME: …` },
    ),
    edits: [s.insert(at, t.Name)],
  };
}

/** `conv(: 64)`, `module A(= 3)`, `train { : 3 }` */
export const missingItemName: Slip = (s) => {
  const i = s.index;
  const what = s.rule === "params" || s.rule === "param" ? "parameter" : "argument";
  const mark = what === "parameter" ? t.Equals : t.Colon;
  const isField = s.expected === "a field or }";
  const isFirst = isField ? !s.is(i - 1, t.Name) : s.is(i - 1, t.LeftParen, t.Comma);
  if (!isFirst || !s.is(i, isField ? t.Colon : mark)) return undefined;
  return {
    finding: diagnostic(
      "syntax/missing-name",
      { what: isField ? "field" : what },
      { span: s.span(i), help: `write NAME before it` },
    ),
    edits: [s.insert(i, t.Name)],
  };
};

/** `: relu` where a stage or a branch begins. */
export const missingMemberName: Slip = (s) => {
  const i = s.index;
  const isMember = s.rule === "branches" || s.rule === "modelDeclaration";
  if (!isMember || !s.is(i, t.Colon)) return undefined;
  const isFirst = s.is(i - 1, t.LeftBrace) || !s.sameRow(i - 1, i);
  if (!isFirst || openBrackets(s.tokens, i).length === 0) return undefined;
  const what = s.rule === "branches" ? "branch" : "stage";
  return {
    finding: diagnostic(
      "syntax/missing-label",
      { what, step: ":" },
      { span: s.span(i), help: "write NAME before it" },
    ),
    edits: [s.insert(i, t.Name)],
  };
};

/** What a keyword was meant to name, by the rule in which it stands. */
const roles: Readonly<Record<string, string>> = {
  moduleDeclaration: "the name of a module",
  modelDeclaration: "the name of a model",
  constDeclaration: "the name of a constant",
  importDeclaration: "the name of a module",
  params: "the name of a parameter",
  param: "the name of a parameter",
  inputDeclaration: "the name of an input",
  output: "the name of an output",
  aux: "the name of an aux",
  flow: "the name of a stage",
  args: "an argument",
  primary: "a value",
  value: "a value",
  list: "a value",
  field: "the name of a field",
  train: "the name of a field",
  record: "the name of a field",
  defaultsEntry: "the name of an argument",
  defaultsDeclaration: "the name of an operator",
};

/** A keyword where a name belongs. */
export const keywordAsName: Slip = (s) => {
  const i = s.index;
  // A join, labels or train was begun, and its colon was refused.
  if (s.is(i, t.Colon, t.Equals) && s.isKeyword(i - 1)) {
    return rename(s, i - 1, "the name of a stage");
  }
  if (!s.isKeyword(i)) return undefined;
  if (s.is(i + 1, t.Colon, t.Equals)) return rename(s, i, memberRole(s) ?? roleOf(s));
  if (!s.sameRow(i - 1, i)) return undefined;
  if (s.is(i - 1, t.As)) return rename(s, i, "a parameter's name");
  if (inNamePlace(s)) return rename(s, i, roleOf(s));
  const isStep = s.rule === "step" && !s.is(i + 1, t.Name, t.StringLiteral);
  return isStep ? rename(s, i, "a step") : undefined;
};

const inNamePlace = (s: Scene): boolean =>
  s.is(s.index - 1, t.Module, t.Model, t.Const, t.Input, t.Output, t.Aux, t.From) ||
  s.is(s.index - 1, t.LeftParen, t.LeftBracket, t.Comma) ||
  (s.rule === "importDeclaration" && s.is(s.index - 1, t.LeftBrace)) ||
  (s.rule === "defaultsDeclaration" && s.is(s.index + 1, t.LeftBrace));

/** In a body whose members have names. */
function memberRole(s: Scene): string | undefined {
  if (s.rule === "branches") return "the name of a branch";
  return s.rule === "modelDeclaration" && s.index > 1 ? "the name of a stage" : undefined;
}

const roleOf = (s: Scene): string => roles[s.rule] ?? "a name";

function rename(s: Scene, at: number, role: string): Mend {
  return {
    finding: diagnostic(
      "name/keyword",
      { name: s.image(at), role },
      {
        span: s.span(at),
        help: otherName(s, at),
      },
    ),
    edits: [s.replace(at, t.Name)],
  };
}

function otherName(s: Scene, at: number): string {
  const keyword = s.image(at);
  if (s.is(at - 1, t.As)) return `write as "${keyword}"`;
  const input = s.tokens.findIndex((_, i) => s.is(i, t.Input) && s.is(i + 1, t.Name));
  if (s.is(at - 1, t.From) && s.is(at, t.Input) && input >= 0)
    return `write from ${s.image(input + 1)}`;
  return `write another name, such as ${keyword}_1`;
}
