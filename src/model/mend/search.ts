/**
 * The one argument that would have given the shape that is wanted: each step on the way is asked
 * again with other arguments, by its own rule, and so is all that follows it.
 */
import { sameShape, type Shape } from "../../ops/shape.js";
import type { Applied, Flowing, Joined } from "../flow/flowing.js";
import {
  channelCandidates,
  channelsArgument,
  windowCandidates,
  type Candidate,
} from "./candidates.js";
import { rewritten, type Rewritten } from "./rewrite.js";

/** Steps that are looked back over for one finding. */
const farthest = 100;

/** How many shapes may be tried, for all findings of a spec together. */
export class Patience {
  constructor(public left = 300_000) {}
}

export interface Goal {
  readonly fits: (shape: Shape) => boolean;
  /** The channels that are wanted, where only these are wrong. */
  readonly channels?: Channels;
  /** What enters the branch or the body that is looked through; else all before is. */
  readonly since?: Flowing;
  /** How far the change may be from what is written; any unless said. */
  readonly effort?: Candidate["effort"];
}

export interface Channels {
  readonly count: number;
  /** How they are written where it is not as a number: `in`. */
  readonly text?: string;
}

/** The call with the change in it, and what it is now. */
export interface Change extends Rewritten {
  readonly step: Applied;
  /** What it gives as written, and with the change. */
  readonly now: Shape;
  readonly then: Shape;
}

/** Of the smallest changes the nearest; undefined where no single one would do. */
export function findChange(value: Flowing, goal: Goal, patience: Patience): Change | undefined {
  const way = wayTo(value, goal.since);
  const tries = (
    goal.channels === undefined ? windows(way, patience) : channels(value, goal.channels)
  )
    .filter(({ effort }) => effort <= (goal.effort ?? 2))
    // Sorting is stable: nearer steps stay first.
    .sort((a, b) => a.effort - b.effort);
  for (const { flowing, step, args, texts } of tries) {
    if (patience.left <= 0) return undefined;
    const given = ask(step, step.input.shape, args, patience);
    const now = flowing.shape;
    if (given === undefined || now === undefined || sameShape(given, now)) continue;
    const output = new Again(way, patience, new Map([[flowing, given]])).shape(value);
    if (output === undefined || !goal.fits(output)) continue;
    return { step, now, then: given, ...rewritten(step.call, step.operator, texts) };
  }
  return undefined;
}

interface Try extends Candidate {
  readonly flowing: Flowing;
  readonly step: Applied;
}

const windows = (way: ReadonlySet<Flowing>, patience: Patience): Try[] =>
  [...way].flatMap((flowing) => {
    const step = flowing.made;
    if (step?.kind !== "applied" || patience.left <= 0) return [];
    const candidates = windowCandidates(step);
    patience.left -= candidates.length;
    return candidates.map((each) => ({ flowing, step, ...each }));
  });

function channels(value: Flowing, wanted: Channels): Try[] {
  const flowing = setter(value);
  const step = flowing.made;
  if (step?.kind !== "applied") return [];
  return channelCandidates(step, wanted).map((each) => ({ flowing, step, ...each }));
}

/** The step that says how many channels arrive; none where a join has many that could say it. */
export function channelSetter(value: Flowing): Applied | undefined {
  const { made } = setter(value);
  return made?.kind === "applied" ? made : undefined;
}

/** What that step gives, or a join, or what is before all steps. */
function setter(value: Flowing): Flowing {
  let flowing = value;
  while (flowing.made?.kind === "applied" && channelsArgument(flowing.made) === undefined) {
    flowing = flowing.made.input;
  }
  return flowing;
}

/** Nearest first. */
function wayTo(value: Flowing, since: Flowing | undefined): ReadonlySet<Flowing> {
  const way = new Set<Flowing>();
  const queue = [value];
  for (const each of queue) {
    const { made } = each;
    if (way.size === farthest) break;
    if (each === since || made === undefined) continue;
    way.add(each);
    queue.push(...(made.kind === "applied" ? [made.input] : made.inputs.slice(0, farthest)));
  }
  return way;
}

/** What the step gives for an input of this shape; undefined where its rule finds a problem. */
function ask(
  { operator }: Applied,
  input: Shape | undefined,
  args: unknown,
  patience: Patience,
): Shape | undefined {
  patience.left--;
  const output = input === undefined ? undefined : operator.shape(input, args);
  return output === undefined || "code" in output ? undefined : output;
}

/** Shapes on the way once more, where one of them is another; what is before the way stays. */
class Again {
  constructor(
    private readonly way: ReadonlySet<Flowing>,
    private readonly patience: Patience,
    private readonly known: Map<Flowing, Shape | undefined>,
  ) {}

  shape(value: Flowing): Shape | undefined {
    const { made } = value;
    if (made === undefined || !this.way.has(value)) return value.shape;
    if (this.known.has(value)) return this.known.get(value);
    const shape = made.kind === "applied" ? this.applied(made) : this.joined(made);
    this.known.set(value, shape);
    return shape;
  }

  private applied(step: Applied): Shape | undefined {
    return ask(step, this.shape(step.input), step.args, this.patience);
  }

  private joined({ inputs, join }: Joined): Shape | undefined {
    const shapes = inputs.map((input) => this.shape(input));
    return shapes.every((shape) => shape !== undefined) ? join(shapes) : undefined;
  }
}
