import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { mending, suggesting } from "../../diagnostics/mending.js";
import { operators } from "../../ops/registry.js";
import { openBrackets } from "../brackets.js";
import { memberBefore } from "../members.js";
import type { Mend, Scene, Slip } from "../scene.js";
import { joins, stepEnds } from "../token-sets.js";

/** Rules whose braces hold one chain. */
const oneChain = ["moduleDeclaration", "residual", "repeat"];
/** Rules whose braces hold named members. */
const members = ["modelDeclaration", "branches"];

/**
 * `-> -> relu`, `a: -> relu`, `relu -> }` and `relu ->` before the next stage. A step may be lost
 * where the arrow stands, so that its removal is only suggested.
 */
export const danglingArrow: Slip = (s) => {
  const i = s.index;
  const remove = (at: number, side: "before" | "after"): Mend => ({
    finding: diagnostic(
      "syntax/dangling-arrow",
      { side },
      { span: s.span(at), ...suggesting("remove it", { span: s.span(at), text: "" }) },
    ),
    edits: [s.remove(at)],
  });
  if (atStep(s) && s.is(i, t.Arrow)) return remove(i, "before");
  if (atStep(s) && s.is(i - 1, t.Arrow)) {
    return endsChain(s, i) ? remove(i - 1, "after") : undefined;
  }
  // The next stage's name was taken for a step.
  const isStage =
    s.is(i, t.Colon) && s.is(i - 1, t.Name) && s.is(i - 2, t.Arrow) && s.sameRow(i - 1, i);
  return isStage && members.includes(s.rule) ? remove(i - 2, "after") : undefined;
};

const atStep = (s: Scene): boolean => s.rule === "step" || s.rule === "chain";

const endsChain = (s: Scene, i: number): boolean =>
  i >= s.tokens.length || s.is(i, t.RightBrace) || beginsMember(s, i);

const beginsMember = (s: Scene, i: number): boolean =>
  s.is(i, t.Output, t.Aux, t.Labels, t.Train, t.Input) &&
  s.is(i + 1, t.Name, t.StringLiteral, t.LeftBrace);

/** `a:` before the next stage, and `relu as` before it. */
export const missingStep: Slip = (s) => {
  const i = s.index;
  // The next stage's name was taken for the step, or for the name after `as`.
  const isTaken =
    s.is(i, t.Colon) && s.is(i - 1, t.Name) && members.includes(s.rule) && s.sameRow(i - 1, i);
  const before = isTaken ? i - 2 : i - 1;
  if (!isTaken && !(s.rule === "step" || s.rule === "chain") && !s.is(before, t.As))
    return undefined;
  if (!isTaken && !endsChain(s, i)) return undefined;
  if (!s.is(before, t.Colon, t.As)) return undefined;
  return {
    finding: diagnostic(
      "syntax/missing-step",
      {
        after: s.is(before, t.As) ? "as" : `${s.spoken(before - 1)}:`,
        what: s.is(before, t.As) ? "name" : "step",
      },
      { span: s.span(before) },
    ),
    edits: [s.insert(before + 1, t.Name)],
  };
};

/** `module A { a: relu }`: a module has no stages. */
export const namedStep: Slip = (s) => {
  if (!oneChain.includes(s.rule)) return undefined;
  const i = s.index;
  if (!s.is(i, t.Colon) || !s.is(i - 1, t.Name)) return undefined;
  const name = i - 1;
  const brace = openBrackets(s.tokens, i).at(-1) ?? 0;
  return {
    finding: diagnostic(
      "syntax/named-step",
      {
        of: s.image(brace - 1) === ")" ? s.image(0) : `A ${s.rule.replace("Declaration", "")}`,
        name: s.spoken(name),
      },
      {
        span: { ...s.span(name), end: s.span(i).end },
        help: `chain the steps with ->, and write "as ${s.image(name)}" after one to name its parameters`,
      },
    ),
    edits: namesInBody(s, brace).map((at) => unname(s, at, brace)),
  };
};

/** The other rows of such a body have names as well; they are the same slip. */
function namesInBody(s: Scene, brace: number): number[] {
  const names: number[] = [];
  let depth = 0;
  for (let i = brace + 1; i < s.tokens.length && depth >= 0; i++) {
    if (s.is(i, t.LeftBrace, t.LeftParen, t.LeftBracket)) depth++;
    if (s.is(i, t.RightBrace, t.RightParen, t.RightBracket)) depth--;
    if (depth === 0 && s.is(i, t.Name) && s.is(i + 1, t.Colon)) names.push(i);
  }
  return names.reverse();
}

function unname(s: Scene, name: number, brace: number): Mend["edits"][number] {
  const isFirst = name === brace + 1 || s.is(name - 1, t.Arrow);
  return { at: name, remove: 2, insert: isFirst ? [] : s.insert(name, t.Arrow).insert };
}

/** Two steps side by side, or a step where the name of a stage or branch belongs. */
export const missingArrowOrLabel: Slip = (s) => {
  const step = refusedStep(s);
  if (step === undefined) return undefined;
  if (!needsLabel(s, step)) return missingArrow(s, step);
  const what = openBrackets(s.tokens, step).length > 1 ? "branch" : "stage";
  const span = s.span(step);
  return {
    finding: diagnostic(
      "syntax/missing-label",
      { what, step: s.spoken(step) },
      { span, help: `write NAME: ${s.spoken(step)}` },
    ),
    edits: [s.insert(step, t.Name, t.Colon)],
  };
};

/** Where the step begins that the parser took for something else. */
function refusedStep(s: Scene): number | undefined {
  const i = s.index;
  if (oneChain.includes(s.rule) || members.includes(s.rule)) {
    return s.is(i, ...joins) || (s.is(i, t.Name) && !members.includes(s.rule)) ? i : undefined;
  }
  // The step's own name was taken for a label, and a colon was expected.
  if (s.rule !== "stage" || s.expected !== ":") return undefined;
  const label = i - 1;
  const isContinued = s.is(
    i,
    t.LeftParen,
    t.LeftBrace,
    t.Arrow,
    t.As,
    t.RightBrace,
    t.Output,
    t.Aux,
  );
  const isAlone = i >= s.tokens.length || !s.sameRow(label, i);
  const isInRow = s.is(label - 1, ...stepEnds) && s.sameRow(label - 1, label);
  return isContinued || isAlone || isInRow ? label : undefined;
}

function needsLabel(s: Scene, step: number): boolean {
  if (oneChain.includes(s.rule)) return false;
  const before = memberBefore(s, step);
  return before.kind !== "flow" || s.isInserted(before.index);
}

function missingArrow(s: Scene, step: number): Mend {
  const title = `write -> ${s.spoken(step)}`;
  const edit = { span: s.before(step), text: "-> " };
  return {
    finding: diagnostic(
      "syntax/missing-arrow",
      { before: spokenStep(s, step - 1), after: s.spoken(step) },
      {
        span: s.span(step),
        ...mending(isArrowAlone(s, step) ? "only-mark" : undefined, title, edit),
      },
    ),
    edits: [s.insert(step, t.Arrow)],
  };
}

/**
 * Whether nothing but an arrow can be missing: no `as`, which a bare name might follow, and no name
 * and colon of a stage or branch, which begin a row of their own.
 */
function isArrowAlone(s: Scene, step: number): boolean {
  if (s.isDoubled(step)) return false;
  if (s.rule === "flow") return true;
  const isStep = s.is(step, ...joins) || s.is(step + 1, t.LeftParen) || isWhole(s.image(step));
  if (!isStep) return false;
  if (oneChain.includes(s.rule)) return true;
  const member = memberBefore(s, step).index;
  return s.sameRow(member, step) && beginsRow(s, member);
}

/** An operator that needs no arguments, so that its bare name is a step. */
const isWhole = (name: string): boolean =>
  [...(operators.get(name)?.signature.args.values() ?? [{ required: true }])].every(
    ({ required }) => !required,
  );

const beginsRow = (s: Scene, index: number): boolean => index === 0 || !s.sameRow(index - 1, index);

/** `from image conv(…)` */
export const missingArrowAfterFrom: Slip = (s) =>
  s.rule === "flow" && s.expected === "->" && s.index < s.tokens.length && !s.is(s.index, t.Colon)
    ? missingArrow(s, s.index)
    : undefined;

/** The step that ends at a token: `conv(…)`, `concat {…}`. */
function spokenStep(s: Scene, end: number): string {
  if (s.isInserted(end)) return "the step before";
  const isCall = s.is(end, t.RightParen);
  const [open, close] = isCall ? [t.LeftParen, t.RightParen] : [t.LeftBrace, t.RightBrace];
  if (!s.is(end, close)) return s.spoken(end);
  let depth = 0;
  for (let i = end; i >= 0; i--) {
    if (s.is(i, close)) depth++;
    if (s.is(i, open) && --depth === 0) {
      if (!isCall && s.is(i - 1, t.RightParen)) return `${spokenStep(s, i - 1)} {…}`;
      return isCall ? `${s.spoken(i - 1)}(…)` : `${s.spoken(i - 1)} {…}`;
    }
  }
  return s.spoken(end);
}
