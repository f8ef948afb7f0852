import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { suggesting } from "../../diagnostics/mending.js";
import { stubMember } from "../members.js";
import type { TokenEdit } from "../parse-tokens.js";
import type { Scene, Slip } from "../scene.js";

/** `A { relu }` without the word that says what A is. */
export const missingDeclarationWord: Slip = (s) => {
  const i = s.index;
  if (s.rule !== "file" || !s.is(i, t.Name) || !s.is(i + 1, t.LeftBrace, t.LeftParen))
    return undefined;
  const [word, type] = s.tokens.some((_, j) => s.is(j, t.Input))
    ? ["model", t.Model]
    : ["module", t.Module];
  return {
    finding: diagnostic(
      "syntax/unexpected",
      { expected: s.expected, found: s.spoken(i) },
      {
        span: s.span(i),
        ...suggesting(`write ${word} ${s.image(i)}`, { span: s.before(i), text: `${word} ` }),
      },
    ),
    edits: [s.insert(i, type)],
  };
};

/** Whatever has no name of its own. */
export const unexpected: Slip = (s) => {
  const otherType = s.expected === "f32" && s.is(s.index, t.Name);
  return {
    finding: diagnostic(
      "syntax/unexpected",
      { expected: expectedHere(s), found: s.spoken(s.index) },
      {
        span: s.span(s.index),
        ...(otherType ? suggesting("write f32", { span: s.span(s.index), text: "f32" }) : {}),
        ...(s.rule === "importDeclaration" ? { help: 'write import { NAME } from "./FILE"' } : {}),
      },
    ),
    edits: [mend(s)],
  };
};

/** The grammar's words where the token before says more. */
function expectedHere(s: Scene): string {
  if (s.is(s.index - 1, t.As)) return 'a name or a "string"';
  if (s.is(s.index - 1, t.LeftParen, t.LeftBracket))
    return s.expected.replace("a comma", "a value");
  return s.expected;
}

function mend(s: Scene): TokenEdit {
  if (s.expected === "f32") {
    return s.is(s.index, t.Name) ? s.replace(s.index, t.F32) : s.insert(s.index, t.F32);
  }
  if (s.rule === "file") return dropRest(s);
  const isMissing = s.is(s.index, t.RightBrace, t.RightParen, t.RightBracket, t.Comma, t.Arrow);
  if (isMissing && s.rule === "branches") return s.insert(s.index, t.Name, t.Colon, t.Name);
  if (isMissing && ["step", "chain", "primary", "value"].includes(s.rule))
    return s.insert(s.index, t.Name);
  return stubMember(s) ?? dropRest(s);
}

/** The declaration from here on, or all of it where its head is at fault. */
export function dropRest(s: Scene): TokenEdit {
  const start = s.rule === "file" ? s.index : 0;
  return s.remove(start, s.tokens.length - start);
}
