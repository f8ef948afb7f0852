/**
 * The words of the language. Newlines mean nothing; comments are kept aside for `///`, `// allow`
 * and the formatter. What people write by mistake is a token too: it stands for what was meant
 * (`=>` for an arrow), so that one slip is one finding and the parser goes on.
 */
import { createToken, Lexer, type TokenType } from "chevrotain";
import { joins } from "../src/ops/joins/joins.js";

/** Where comments and skipped slips are found in a lexing result's `groups`. */
export const commentGroup = "comments";
export const slipGroup = "slips";

/** Operators, modules, stages and words of arguments alike. */
export const Name = createToken({
  name: "Name",
  label: "a name",
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
});

const keyword = (name: string, word: string): TokenType =>
  createToken({ name, label: word, pattern: new RegExp(word), longer_alt: Name });

export const Module = keyword("Module", "module");
export const Model = keyword("Model", "model");
export const Defaults = keyword("Defaults", "defaults");
export const Input = keyword("Input", "input");
export const Output = keyword("Output", "output");
export const Aux = keyword("Aux", "aux");
export const Residual = keyword("Residual", "residual");
export const Repeat = keyword("Repeat", "repeat");
export const From = keyword("From", "from");
export const As = keyword("As", "as");
export const Const = keyword("Const", "const");
export const Import = keyword("Import", "import");
export const Labels = keyword("Labels", "labels");
export const Train = keyword("Train", "train");
export const True = keyword("True", "true");
export const False = keyword("False", "false");

/** What opens the braces of a join, and is a name everywhere else. */
export const Join = createToken({ name: "Join", label: "a join", pattern: Lexer.NA });

/** The joins that src/ops/joins lists, a token each. */
export const joinTokens: readonly TokenType[] = [...joins.keys()].map((name) =>
  createToken({
    name: `Join_${name}`,
    label: name,
    pattern: new RegExp(name),
    longer_alt: Name,
    categories: [Join, Name],
  }),
);

/** A name everywhere but after an input's colon. */
export const F32 = createToken({
  name: "F32",
  label: "f32",
  pattern: /f32/,
  longer_alt: Name,
  categories: [Name],
});

/** `3x7`: height x width, in one piece. */
export const Size = createToken({
  name: "Size",
  label: "a size",
  pattern: /\d+x\d+(?![\w.×])/,
});
export const Float = createToken({
  name: "Float",
  label: "a number",
  pattern: /\d+(?:_\d+)*(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)(?![\w.×])/,
});
export const Int = createToken({
  name: "Int",
  label: "a whole number",
  pattern: /\d+(?:_\d+)*(?![\w.×])/,
});
/** On one row, without escapes. */
export const StringLiteral = createToken({
  name: "StringLiteral",
  label: "a string",
  pattern: /"[^"\r\n]*"/,
});

const mark = (name: string, text: string): TokenType =>
  createToken({ name, label: text, pattern: text });

export const Arrow = mark("Arrow", "->");
export const Colon = mark("Colon", ":");
export const Comma = mark("Comma", ",");
export const Equals = mark("Equals", "=");
export const LeftBrace = mark("LeftBrace", "{");
export const RightBrace = mark("RightBrace", "}");
export const LeftBracket = mark("LeftBracket", "[");
export const RightBracket = mark("RightBracket", "]");
export const LeftParen = mark("LeftParen", "(");
export const RightParen = mark("RightParen", ")");
export const Plus = mark("Plus", "+");
export const Minus = mark("Minus", "-");
export const Star = mark("Star", "*");
export const Slash = mark("Slash", "/");

const comment = (name: string, pattern: RegExp): TokenType =>
  createToken({ name, pattern, group: commentGroup, line_breaks: name === "BlockComment" });

/** `///`: belongs to what follows. A row of four and more slashes is an ornament. */
export const DocComment = comment("DocComment", /\/\/\/(?!\/)[^\r\n]*/);
export const LineComment = comment("LineComment", /\/\/[^\r\n]*/);
export const BlockComment = comment("BlockComment", /\/\*[^]*?\*\//);

const WhiteSpace = createToken({
  name: "WhiteSpace",
  pattern: /[ \t\r\n\f\v]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

// Slips that stand for what was meant.
export const WrongArrow = createToken({
  name: "WrongArrow",
  pattern: /-->|=>|~>|\|>|>>|>|\||→|⇒|–>|—>/,
  categories: [Arrow],
});
export const WrongNumber = createToken({
  name: "WrongNumber",
  pattern: /\.?\d(?:[eE][+-](?=\d)|[\w.×])*/,
  categories: [Int],
});
export const OpenString = createToken({
  name: "OpenString",
  pattern: /"[^"\r\n]*/,
  categories: [StringLiteral],
});
export const WrongQuotes = createToken({
  name: "WrongQuotes",
  pattern: /'[^'\r\n]*'?|[“”„][^“”"\r\n]*[“”"]?/,
  categories: [StringLiteral],
});
/** A name with letters beyond A-Z. */
export const ForeignName = createToken({
  name: "ForeignName",
  pattern:
    /[A-Za-z_]?[\w]*[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u1fff\u3040-\ud7ff][\w\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u1fff\u3040-\ud7ff]*/,
  categories: [Name],
});

// Slips without which the text reads well.
const slip = (name: string, pattern: RegExp, line_breaks = false): TokenType =>
  createToken({ name, pattern, group: slipGroup, line_breaks });

export const HashComment = slip("HashComment", /#[^\r\n]*/);
export const Semicolon = slip("Semicolon", /;/);
export const OpenComment = slip("OpenComment", /\/\*[^]*/, true);

/** Never names. `as "repeat"` reaches a checkpoint's. */
export const keywords: readonly TokenType[] = [
  Module,
  Model,
  Defaults,
  Input,
  Output,
  Aux,
  Residual,
  Repeat,
  From,
  As,
  Const,
  Import,
  Labels,
  Train,
  True,
  False,
];

/** In the order in which they are tried. */
export const allTokens: TokenType[] = [
  WhiteSpace,
  DocComment,
  LineComment,
  BlockComment,
  OpenComment,
  ForeignName,
  ...keywords,
  Join,
  ...joinTokens,
  F32,
  Name,
  Size,
  Float,
  Int,
  WrongNumber,
  StringLiteral,
  OpenString,
  WrongQuotes,
  WrongArrow,
  Arrow,
  Colon,
  Comma,
  Equals,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  LeftParen,
  RightParen,
  Plus,
  Minus,
  Star,
  Slash,
  HashComment,
  Semicolon,
];

export const lexer = new Lexer(allTokens, {
  positionTracking: "full",
  ensureOptimizations: true,
});
