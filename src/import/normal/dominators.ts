/**
 * What all ways from the inputs to a value lead through, as a tree that grows node by node: a value
 * stands below the last of those. Each step up is one, or a jump over many (Myers, "An applicative
 * random-access stack", 1983), so that the way to any value above takes logarithmic time.
 */
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";

export interface Place {
  /** Nothing at the root, above all inputs. */
  readonly value: Value | undefined;
  readonly depth: number;
  readonly above: Place | undefined;
  readonly jump: Place | undefined;
}

export class Dominators {
  private readonly root: Place = { value: undefined, depth: 0, above: undefined, jump: undefined };
  private readonly places = new Map<Value, Place>();

  /** What a node reads has been added before, or is an input. */
  add({ inputs, outputs }: Node): void {
    const above = this.common(inputs);
    for (const value of outputs) this.places.set(value, below(above, value));
  }

  /** The last that the ways to all of these lead through: one of them itself, maybe. */
  common(values: readonly Value[]): Place {
    return values.map((value) => this.placeOf(value)).reduce(meeting);
  }

  /** The first below `above` that the ways from there to a value lead through. */
  firstBelow(above: Place, value: Value): Place {
    return climbed(this.placeOf(value), above.depth + 1);
  }

  private placeOf(value: Value): Place {
    const place = this.places.get(value) ?? below(this.root, value);
    this.places.set(value, place);
    return place;
  }
}

function below(above: Place, value: Value): Place {
  const { jump, depth } = above;
  const far = jump?.jump;
  const doubles = jump !== undefined && far !== undefined;
  const isTwice = doubles && depth - jump.depth === jump.depth - far.depth;
  return { value, depth: depth + 1, above, jump: isTwice ? far : above };
}

/** The place at this depth, at or above another one. */
function climbed(place: Place, depth: number): Place {
  let at = place;
  while (at.depth > depth) {
    at = at.jump !== undefined && at.jump.depth >= depth ? at.jump : at.above!;
  }
  return at;
}

/** The deepest place that is at or above both. */
function meeting(a: Place, b: Place): Place {
  const depth = Math.min(a.depth, b.depth);
  let [left, right] = [climbed(a, depth), climbed(b, depth)];
  while (left !== right) {
    const apart = left.jump !== right.jump;
    [left, right] = apart ? [left.jump!, right.jump!] : [left.above!, right.above!];
  }
  return left;
}
