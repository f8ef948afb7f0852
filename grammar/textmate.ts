import type { TokenType } from "chevrotain";
import * as t from "./tokens.js";

const scope = "source.incept";
const word = (type: TokenType): string => type.LABEL ?? type.name;
const source = ({ PATTERN }: TokenType): string =>
  PATTERN instanceof RegExp ? PATTERN.source : typeof PATTERN === "string" ? PATTERN : "";

const joins: readonly TokenType[] = [...t.joinTokens, t.Residual, t.Repeat];
const constants: readonly TokenType[] = [t.True, t.False];
const declarations = t.keywords.filter(
  (type) => !joins.includes(type) && !constants.includes(type),
);

const words = (types: readonly TokenType[]): string => `\\b(?:${types.map(word).join("|")})\\b`;

/** Colours for editors and for GitHub, from the same tokens that the lexer reads. */
export function textMateGrammar(): object {
  const rule = (name: string, match: string) => ({ name: `${name}.incept`, match });
  return {
    $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
    name: "Incept",
    scopeName: scope,
    fileTypes: ["incept"],
    patterns: [
      rule("comment.line.documentation", source(t.DocComment)),
      rule("comment.line.double-slash", source(t.LineComment)),
      { name: "comment.block.incept", begin: "/\\*", end: "\\*/" },
      rule("string.quoted.double", source(t.StringLiteral)),
      rule("keyword.control", words(joins)),
      rule("storage.type", words(declarations)),
      rule("constant.language", words(constants)),
      rule("support.type", words([t.F32])),
      rule("constant.numeric.size", `\\b${source(t.Size)}`),
      rule("constant.numeric.float", `\\b${source(t.Float)}`),
      rule("constant.numeric.integer", `\\b${source(t.Int)}`),
      rule("keyword.operator.arrow", source(t.Arrow)),
      rule("entity.name.tag", `${source(t.Name)}(?=\\s*:)`),
      rule("entity.name.function", `${source(t.Name)}(?=\\s*\\()`),
      rule("variable.other", source(t.Name)),
    ],
  };
}
