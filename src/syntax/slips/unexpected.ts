import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { stubMember } from "../members.js";
import { type Scene, type Slip, type TokenEdit, writing } from "../scene.js";

/** Whatever has no name of its own. */
export const unexpected: Slip = (s) => {
  const otherType = s.expected === "f32" && s.is(s.index, t.Name);
  return {
    finding: diagnostic(
      "syntax/unexpected",
      { expected: s.expected, found: s.spoken(s.index) },
      { span: s.span(s.index), ...(otherType ? writing(s.span(s.index), "f32") : {}) },
    ),
    edits: [mend(s)],
  };
};

function mend(s: Scene): TokenEdit {
  if (s.expected === "f32") {
    return s.is(s.index, t.Name) ? s.replace(s.index, t.F32) : s.insert(s.index, t.F32);
  }
  if (s.rule === "file") return dropRest(s);
  const isMissing = s.is(s.index, t.RightBrace, t.RightParen, t.RightBracket, t.Comma, t.Arrow);
  if (isMissing && s.rule === "branches") return s.insert(s.index, t.Name, t.Colon, t.Name);
  if (isMissing && ["step", "chain", "primary"].includes(s.rule)) return s.insert(s.index, t.Name);
  return stubMember(s) ?? dropRest(s);
}

/** The declaration from here on, or all of it where its head is at fault. */
export function dropRest(s: Scene): TokenEdit {
  const start = s.rule === "file" ? s.index : 0;
  return s.remove(start, s.tokens.length - start);
}
