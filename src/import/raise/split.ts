/** Where the steps that lead to a value are cut into stages: where the network's parts are, or its blocks. */
import type { Hint } from "../imported.js";
import type { Parts } from "./hints.js";
import { isAnchor, isGate, phraseStarts } from "./phrases.js";
import type { Style } from "./style.js";
import { isCall, type Step } from "./tree.js";

type Steps = readonly Step[];

export interface Piece {
  readonly steps: Steps;
  /** The part of the network that it is. */
  readonly part?: Hint;
}

/** At least one. */
export function splitSteps(steps: Steps, parts: Parts, style: Style): readonly Piece[] {
  const [body, head] = withoutHead(steps);
  const whole = joined(byPart(body, parts)).flatMap((piece) =>
    piece.part === undefined ? byBlock(piece.steps, style) : [piece],
  );
  const all = head.length === 0 ? whole : [...whole, { steps: head }];
  return all.length === 0 ? [{ steps: [] }] : all;
}

/** The classifier is one, whatever its layers are called. */
function withoutHead(steps: Steps): readonly [Steps, Steps] {
  const last = steps.findLastIndex((step) => !isHead(step) && !isCall(step));
  const from = steps.findIndex((step, i) => i > last && isHead(step));
  const isTail =
    from >= 0 && steps.slice(from).every((step) => isCall(step) && !isConvolution(step));
  return isTail ? [steps.slice(0, from), steps.slice(from)] : [steps, []];
}

function byPart(steps: Steps, parts: Parts): readonly Piece[] {
  const own = steps.map((step) => parts.of(step));
  const isOwn = (i: number, other: number): boolean => own[i]?.join("/") === own[other]?.join("/");
  // An activation that has a part to itself belongs to what it follows; so does a shuffle, which is
  // called as what reads it.
  const keys = own.map((part, i) => {
    const follows = i > 0 && !isAnchor(steps[i]!) && !isOwn(i, i - 1);
    return follows && (isShuffle(steps[i]!) || !isOwn(i, i + 1)) ? undefined : part;
  });
  const result: { steps: Step[]; part?: Hint }[] = [];
  steps.forEach((step, i) => {
    const last = result.at(-1);
    const own = keys[i];
    const next = own ?? keys.slice(i).find((key) => key !== undefined);
    const isSame = last?.part !== undefined && next?.join("/") === last.part.join("/");
    const isAlone = last?.part === undefined;
    if (last !== undefined && own === undefined && (isSame || isAlone || stays(step, last.steps))) {
      last.steps.push(step);
    } else if (
      last !== undefined &&
      own !== undefined &&
      (isSame || (isAlone && isCall(step) && opens(last.steps)))
    ) {
      last.steps.push(step);
      last.part ??= own;
    } else result.push({ steps: [step], ...(own === undefined ? {} : { part: own }) });
  });
  return result;
}

const isShuffle = (step: Step): boolean => step.kind === "call" && step.name === "shuffle";

/** Whether a step that says nothing belongs to what comes before. */
const stays = (step: Step, before: Steps): boolean =>
  !isAnchor(step) || (isCall(step) && !isConvolution(step) && before.every(isCall));

/** Whether layers that say nothing belong to what comes behind them. */
const opens = (steps: Steps): boolean =>
  steps.every((step) => isCall(step) && !isConvolution(step));

/** Neighbours that are no part. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: { steps: Step[]; part?: Hint }[] = [];
  for (const { steps, part } of pieces) {
    const last = result.at(-1);
    if (part === undefined && last !== undefined && last.part === undefined)
      last.steps.push(...steps);
    else result.push({ steps: [...steps], ...(part === undefined ? {} : { part }) });
  }
  return result;
}

/** Blocks with what belongs to them, and between blocks runs of layers. */
export function byBlock(steps: Steps, style: Style): readonly Piece[] {
  const starts = phraseStarts(steps, style);
  const found: { readonly steps: Step[] }[] = [];
  starts.forEach((start, i) => {
    const phrase = steps.slice(start, starts[i + 1]);
    const last = found.at(-1);
    if (last !== undefined && belongs(phrase, last.steps)) last.steps.push(...phrase);
    else found.push({ steps: phrase });
  });
  return found;
}

/** Whether some layers go on in the stage that these are. */
function belongs(phrase: Steps, before: Steps): boolean {
  if (![...phrase, ...before].every(isOperator)) return false;
  // After a pool something new begins.
  return !(
    phrase.some(isConvolution) && before.some((step) => !isConvolution(step) && isLayer(step))
  );
}

const isOperator = (step: Step): boolean =>
  isGate(step) || (isCall(step) && step.module === undefined);

export const isConvolution = (step: Step): boolean =>
  isCall(step) && (step.name.includes("conv") || step.name === "depthwise");

const isLayer = (step: Step): boolean => isCall(step) && /pool|lrn|linear|upsample/.test(step.name);

const isHead = (step: Step): boolean =>
  isCall(step) &&
  (step.name.startsWith("global") || ["linear", "flatten", "adaptiveavgpool"].includes(step.name));
