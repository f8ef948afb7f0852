/** Where a step stands in the expanded network. */
import type { Module, Name, Step } from "../../syntax/ast.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";

export interface Spot extends Site {
  /** Structural: what taps and comments name. */
  readonly path: string;
  /** What parameter names begin with: the same, but for `as`. */
  readonly parameters: string;
  /** What `as` writes below: the innermost module instance or repeat copy, or nothing. */
  readonly base: string;
  /** Written in a model, so that `from` may open a branch. */
  readonly inModel: boolean;
  /** Modules being expanded, for recursion. */
  readonly callers: readonly Module[];
  /** In an auxiliary head: takes a finding that is to say where the head would fit. */
  readonly head?: (report: (places: string | undefined) => void) => void;
  /** Chains around it. */
  readonly depth: number;
}

/** Dotted, without empty parts. */
export const dotted = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join(".");

/** The spot of step `index` in a chain of `count`: a lone step adds nothing to its chain's. */
export function stepSpot(step: Step, index: number, count: number, chain: Spot): Spot {
  const own = count > 1 ? String(index) : "";
  const parameters =
    step.as === undefined
      ? dotted(chain.parameters, own)
      : dotted(chain.base, parameterPath(step.as, chain));
  return { ...chain, path: dotted(chain.path, own), parameters };
}

/** What comes below a label: a branch, a copy. */
export const below = (spot: Spot, label: string): Spot => ({
  ...spot,
  path: dotted(spot.path, label),
  parameters: dotted(spot.parameters, label),
});

const longestPath = 200;

/** Checkpoints use dots, slashes and dashes; nothing else can reach a file or emitted text. */
function parameterPath({ text, span }: Name, site: Site): string {
  if (text.length > longestPath) {
    report(site, "name/too-long", { length: text.length, limit: longestPath }, { span });
  } else if (text !== "" && !/^[A-Za-z0-9_/-]+(\.[A-Za-z0-9_/-]+)*$/.test(text)) {
    report(site, "name/path", { path: text }, { span });
  }
  return text;
}
