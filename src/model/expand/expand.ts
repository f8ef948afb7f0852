/**
 * Chains to their expanded form: modules and repeats unrolled, every shape and parameter known.
 * After a finding the shape is unknown and nothing more is said about it, but what does not
 * depend on it is still checked.
 */
import { operators } from "../../ops/registry.js";
import { channels } from "../../ops/shape.js";
import { fixed } from "../../ops/trace.js";
import type { Call, Chain, Name, Step } from "../../syntax/ast.js";
import { failed } from "./expanded.js";
import type { ExpandedChain, ExpandedStep, Outcome, Walk } from "./expanded.js";
import { expandBranches, expandRepeat, expandResidual } from "./joins.js";
import { Patience } from "../mend/search.js";
import { expandModule } from "./module-step.js";
import { expandOperator } from "./op-step.js";
import { ParameterNames } from "./parameter-names.js";
import { report } from "../scope/site.js";
import { unknown, type Flowing } from "../flow/flowing.js";
import { stepSpot, type Spot } from "../flow/spot.js";
import { reportUnknownOperator } from "./unknown-operator.js";
import type { ModuleRef, Site } from "../scope/unit.js";

const mostPathCharacters = 20_000_000;
const deepest = 200;

export class Expansion implements Walk {
  readonly parameters = new ParameterNames();
  /** Modules that some chain has called. */
  readonly called = new Set<ModuleRef["module"]>();
  exhausted = false;
  /** Steps so far. */
  steps = 0;
  private pathCharacters = 0;

  /** `earlier` finds what `from` names. */
  constructor(
    readonly earlier: (from: Name, site: Site) => Flowing,
    private readonly mostSteps = 100_000,
    readonly patience = new Patience(),
  ) {}

  chain(chain: Chain, input: Flowing, spot: Spot): ExpandedChain {
    const entering = {
      channels: input.shape === undefined ? undefined : channels(input.shape),
      trace: input.traces?.[0] ?? fixed,
    };
    const inside = { ...spot, entering, depth: spot.depth + 1 };
    const steps: ExpandedStep[] = [];
    let current = input;
    for (const [index, step] of chain.steps.entries()) {
      const at = stepSpot(step, index, chain.steps.length, inside);
      if (!this.affords(step, at)) return { steps, output: unknown };
      const outcome = this.step(step, current, at);
      steps.push({ step, input: current, ...outcome });
      current = outcome.output;
    }
    return { steps, output: current, net: netOf(steps, input, current) };
  }

  /** False, with one finding, once the network is larger or deeper than any has reason to be. */
  private affords(step: Step, spot: Spot): boolean {
    if (this.exhausted) return false;
    this.steps++;
    this.pathCharacters += spot.path.length + spot.parameters.length;
    // Of a tower of modules, the top and the bottom tell enough.
    const frames =
      spot.frames.length > 4 ? [...spot.frames.slice(0, 3), spot.frames.at(-1)!] : spot.frames;
    const place = { span: step.span, frames };
    if (spot.depth > deepest) report(spot, "model/too-deep", { limit: deepest }, place);
    else if (this.steps > this.mostSteps || this.pathCharacters > mostPathCharacters) {
      report(spot, "model/too-large", { limit: this.mostSteps }, place);
    } else return true;
    this.exhausted = true;
    return false;
  }

  private step({ body }: Step, input: Flowing, spot: Spot): Outcome {
    switch (body.kind) {
      case "call":
        return this.call(body, input, spot);
      case "join":
        return expandBranches(body, input, spot, this);
      case "residual":
        return expandResidual(body, input, spot, this);
      case "repeat":
        return expandRepeat(body, input, spot, this);
    }
  }

  private call(call: Call, input: Flowing, spot: Spot): Outcome {
    const { text } = call.name;
    const operator = operators.get(text);
    if (operator !== undefined) return expandOperator(operator, call, input, spot, this);
    const module = spot.unit.modules.get(text);
    if (module !== undefined) {
      this.called.add(module.module);
      return expandModule(module, call, input, spot, this);
    }
    if (spot.unit.missing.has(text)) return failed;
    return reportUnknownOperator(call, input, [...spot.unit.modules.keys()], spot);
  }
}

function netOf(
  steps: readonly ExpandedStep[],
  input: Flowing,
  output: Flowing,
): ExpandedChain["net"] {
  const nets = steps.flatMap(({ net }) => (net === undefined ? [] : [net]));
  if (nets.length < steps.length || input.shape === undefined || output.shape === undefined) {
    return undefined;
  }
  return { steps: nets, input: input.shape, output: output.shape };
}
