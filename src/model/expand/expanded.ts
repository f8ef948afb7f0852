/** What an expansion yields, and what its parts ask of one another. */
import type { Frame, Span } from "../../diagnostics/diagnostic.js";
import type { Shape } from "../../ops/shape.js";
import type { Window } from "../../ops/window.js";
import type { Chain, Name, Step } from "../../syntax/ast.js";
import type { Patience } from "../mend/search.js";
import type { NetChain, NetStep } from "../network.js";
import type { ParameterNames } from "./parameter-names.js";
import { unknown, type Flowing } from "../flow/flowing.js";
import type { Spot } from "../flow/spot.js";
import type { Site } from "../scope/unit.js";

/** How a step came out; what a finding made impossible is absent or unknown. */
export interface Outcome {
  readonly output: Flowing;
  readonly net?: NetStep | undefined;
  /** How an operator slides over its input, for messages about shapes. */
  readonly window?: Window | undefined;
}

export interface ExpandedStep extends Outcome {
  readonly step: Step;
  readonly input: Flowing;
}

export interface ExpandedChain {
  readonly steps: readonly ExpandedStep[];
  readonly output: Flowing;
  readonly net?: NetChain | undefined;
}

/** The walk over a model, or over a module that none calls. */
export interface Walk {
  readonly parameters: ParameterNames;
  readonly patience: Patience;
  /** Steps or depth have run out: nothing more is expanded. */
  readonly exhausted: boolean;
  chain(chain: Chain, input: Flowing, spot: Spot): ExpandedChain;
  /** What an earlier stage or the input gives; a finding where the name is neither. */
  earlier(from: Name, site: Site): Flowing;
}

export const failed: Outcome = { output: unknown };

/** What every step of the network says of itself. */
export const stepBase = (
  span: Span,
  input: Shape,
  output: Shape,
  { path, frames }: Spot,
): { path: string; input: Shape; output: Shape; span: Span; frames: readonly Frame[] } => ({
  path,
  input,
  output,
  span,
  frames,
});
