import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { suggesting } from "../../diagnostics/mending.js";
import type { Scene, Slip } from "../scene.js";
import { missingComma } from "./commas.js";

const beginsFrom = (s: Scene, i: number): boolean => s.is(i, t.From) && s.is(i + 1, t.Colon);

/** `repeat(4, 1)`, `repeat(4, start: 1)`: the number of the first copy by another name, or by none. */
export const copiesFromNothing: Slip = (s) => {
  const i = s.index;
  if (s.rule !== "repeat" || s.expected !== "from" || !s.is(i - 1, t.Comma)) return undefined;
  const isNamed = s.is(i, t.Name) && s.is(i + 1, t.Colon);
  if (!isNamed && s.is(i, t.RightParen)) return undefined;
  const mending = isNamed
    ? suggesting("write from", { span: s.span(i), text: "from" })
    : suggesting(`write from: ${s.image(i)}`, { span: s.before(i), text: "from: " });
  return {
    finding: diagnostic(
      "syntax/unexpected",
      { expected: "from:", found: s.spoken(i) },
      { span: s.span(i), ...mending },
    ),
    edits: [isNamed ? s.replace(i, t.From) : s.insert(i, t.From, t.Colon)],
  };
};

/** `repeat(4 from: 1)` and `repeat(from: 1)`: what comes before where copies are numbered from. */
export const copiesBeforeFrom: Slip = (s) => {
  const i = s.index;
  if (!beginsFrom(s, i)) return undefined;
  if (s.rule === "repeat") return missingComma(s);
  if (!s.is(i - 1, t.LeftParen) || !s.is(i - 2, t.Repeat)) return undefined;
  return {
    finding: diagnostic(
      "syntax/unexpected",
      { expected: "how many copies", found: s.spoken(i) },
      { span: s.span(i), help: "write repeat(COPIES, from: …)" },
    ),
    edits: [s.insert(i, t.Int, t.Comma)],
  };
};
