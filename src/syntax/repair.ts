import type { IRecognitionException, IToken } from "chevrotain";
import type { DeclarationCstNode } from "../../grammar/cst.generated.js";
import { diagnostic } from "../diagnostics/catalogue.js";
import type { Diagnostic, Source } from "../diagnostics/diagnostic.js";
import { uncertain } from "../diagnostics/mending.js";
import { positionAt } from "../diagnostics/source.js";
import { cutDeclarations } from "./chunks.js";
import { stubMember } from "./members.js";
import { edited, parseTokens, type TokenEdit } from "./parse-tokens.js";
import { maxCompared } from "./readings.js";
import { type Mend, Scene, type Surroundings } from "./scene.js";
import { slips } from "./slips/slips.js";
import { dropRest } from "./slips/unexpected.js";

/** As many as anyone mends before checking again. */
export const maxErrors = 100;
/** An error within so many tokens of a mend is taken for its echo. */
const echo = 1;
/** Tokens that are parsed again at most: a bound on the time that hostile text can take. */
const maxReparsed = 1_000_000;

export interface Declarations {
  readonly declarations: readonly DeclarationCstNode[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses tokens. Where the parser stops, the slip is named and mended in the tokens, and the
 * declaration is parsed again: what comes after is then judged as if the slip had not been made,
 * and one slip is one finding. `found` is what was seen before, by row with the rest.
 */
export function parseDeclarations(
  tokens: readonly IToken[],
  source: Source,
  found: readonly Diagnostic[],
): Declarations {
  const whole = parseTokens(tokens);
  if (whole.error === undefined) {
    return { declarations: whole.declarations, diagnostics: onePerRow(found, source) };
  }
  const chunks = cutDeclarations(tokens);
  const budget = { left: maxReparsed };
  const comparisons = { left: maxCompared };
  const findings = [...found];
  const declarations: DeclarationCstNode[] = [];
  for (const [i, chunk] of chunks.entries()) {
    const mended = mendChunk(chunk, chunks[i + 1]?.[0], source, { budget, comparisons });
    findings.push(...mended.diagnostics);
    declarations.push(...mended.declarations);
    if (budget.left < 0 || findings.length > 2 * maxErrors) break;
  }
  return { declarations, diagnostics: onePerRow(findings, source) };
}

interface Bounds {
  readonly budget: { left: number };
  readonly comparisons: { left: number };
}

function mendChunk(
  chunk: readonly IToken[],
  next: IToken | undefined,
  source: Source,
  { budget, comparisons }: Bounds,
): Declarations {
  let tokens = [...chunk];
  const diagnostics: Diagnostic[] = [];
  let settled = -1;
  let times = 0;
  for (;;) {
    const { declarations, error } = parseTokens(tokens);
    budget.left -= tokens.length;
    if (error === undefined) return { declarations, diagnostics };
    if (budget.left < 0 || diagnostics.length > maxErrors) return { declarations: [], diagnostics };

    const scene = sceneOf(error, tokens, { source, next, comparisons });
    times = isEcho(scene, settled) ? times + 1 : 0;
    // What the parser does not get past was not what was meant, however likely it looked.
    if (times === 1) diagnostics.push(...diagnostics.splice(-1).map(uncertain));
    const { finding, edits } = mendFor(scene, times);
    settled = Math.max(settled, settledBy(scene, edits));
    if (finding !== undefined) diagnostics.push(finding);
    tokens = edited(tokens, edits);
  }
}

/** Whether an error follows from a mend and says nothing new. */
const isEcho = (scene: Scene, settled: number): boolean =>
  scene.span(scene.index).start <= settled ||
  scene.isInserted(scene.index) ||
  scene.isInserted(scene.index - 1);

/** Up to where the text is dealt with by a mend: what it removed, and a token further. */
function settledBy(scene: Scene, edits: readonly TokenEdit[]): number {
  const removed = edits
    .filter(({ at, remove }) => remove > 0 && at <= scene.index)
    .map(({ at, remove }) => scene.span(at + remove - 1).start);
  return Math.max(scene.span(scene.index + echo).start, ...removed);
}

/**
 * The mend of the first slip that fits. Where the last mend did not lead past the place, what
 * follows from it is not worth a finding: the stage is given up, then the declaration.
 */
function mendFor(scene: Scene, times: number): Partial<Mend> & Pick<Mend, "edits"> {
  if (times === 0) {
    for (const slip of slips) {
      const mend = slip(scene);
      if (mend !== undefined) return mend;
    }
  }
  const stub = times < 3 ? stubMember(scene) : undefined;
  return { edits: [stub ?? dropAll(scene)] };
}

const dropAll = (scene: Scene): TokenEdit =>
  scene.rule === "file" ? dropRest(scene) : scene.remove(0, scene.tokens.length);

function sceneOf(
  error: IRecognitionException,
  tokens: readonly IToken[],
  surroundings: Surroundings,
): Scene {
  const found = tokens.indexOf(error.token);
  const rule = error.context.ruleStack.at(-1) ?? "file";
  const index = found < 0 ? tokens.length : found;
  return new Scene(tokens, index, rule, error.message, surroundings);
}

/** The first finding of each row, in the order of the text; a note where there are too many. */
function onePerRow(findings: readonly Diagnostic[], source: Source): Diagnostic[] {
  const rows = new Map<number, Diagnostic>();
  for (const finding of findings.toSorted((a, b) => a.span.start - b.span.start)) {
    const { line } = positionAt(source, finding.span.start);
    if (!rows.has(line)) rows.set(line, finding);
  }
  const all = [...rows.values()];
  const beyond = all[maxErrors];
  if (beyond === undefined) return all;
  return [
    ...all.slice(0, maxErrors),
    diagnostic("syntax/too-many", { limit: maxErrors }, { span: beyond.span }),
  ];
}
