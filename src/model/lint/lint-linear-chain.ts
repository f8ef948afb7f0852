import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import { convOperator, type ConvArgs } from "../../ops/conv.js";
import { channels } from "../../ops/shape.js";
import { placeOf } from "../scope/claims.js";
import type { NetBranch, NetChain, NetStep, Network, OpStep } from "../network.js";

interface Linear {
  readonly step: OpStep;
  /** Whether it is left out where the map behind it takes its work over. */
  readonly isAlone: boolean;
}

/** The linear map that a value is, if nothing non-linear followed it. */
type State = Linear | undefined;

/**
 * `style/linear-chain`: two convolutions or linears with nothing non-linear between. Reported
 * once a chain, at its first. A concat or a sum is linear where all that it joins is. Nothing is said
 * of MobileNet-v2's linear bottlenecks (arXiv 1801.04381, section 3.2), which have no activation so
 * that it takes nothing from the few channels there.
 */
export function lintLinearChains(network: Network, found: Diagnostics): void {
  const states = new Map<string, State>();
  const walk = new Walk(states, found);
  for (const { name, from, chain } of network.members) {
    states.set(name, walk.chain(chain, states.get(from)));
  }
}

class Walk {
  constructor(
    private readonly states: ReadonlyMap<string, State>,
    private readonly found: Diagnostics,
  ) {}

  chain({ steps }: NetChain, entering: State): State {
    let state = entering;
    let reported = false;
    for (const step of steps) {
      if (step.kind === "op" && isSecond(step, state)) {
        if (!reported) this.report(step, state.step);
        reported = true;
      }
      state = this.step(step, state);
    }
    return state;
  }

  private step(step: NetStep, state: State): State {
    switch (step.kind) {
      case "op":
        return after(step, state);
      case "module":
        return this.chain(step.body, state);
      case "join": {
        const isLinear = step.join.linear || step.branches.length === 1;
        // What a gate reads is multiplied by it too: the two maps could not be made one.
        const isShared = step.branches.length > 1;
        const entering = isLinear ? (isShared ? shared(state) : state) : undefined;
        const branches = step.branches.map((branch) => this.branch(branch, entering));
        return isLinear ? together(branches) : undefined;
      }
      case "residual":
        return together([state, this.chain(step.body, state)]);
      case "repeat":
        return step.copies.reduce((last, copy) => this.chain(copy, last), state);
    }
  }

  private branch({ from, chain }: NetBranch, state: State): State {
    return this.chain(chain, from === undefined ? state : shared(this.states.get(from)));
  }

  private report(step: OpStep, before: OpStep): void {
    const { span, frames } = step;
    const where = placeOf(before.span, span);
    const label = `${before.operator.name} ${where} has no activation`;
    const params = { operator: step.operator.name };
    this.found.add(diagnostic("style/linear-chain", params, { span, label, frames }));
  }
}

/** Whether a step and the linear map before it could as well be one. */
const isSecond = (step: OpStep, before: State): before is Linear =>
  isLinear(step) && before !== undefined && !isBottleneck(before, step);

/** Two 1x1: one that narrows, and one that widens again or is not the only one that reads it. */
function isBottleneck({ step: before, isAlone }: Linear, step: OpStep): boolean {
  if (!isPointwise(before) || !isPointwise(step)) return false;
  return (growth(before) <= 1 && growth(step) > 1) || (growth(before) < 1 && !isAlone);
}

const growth = ({ input, output }: OpStep): number => channels(output) / channels(input);

function isPointwise({ operator, args }: OpStep): boolean {
  if (operator.name !== convOperator.name) return false;
  const { kernel, groups } = args as ConvArgs;
  return groups === 1 && kernel.kernel.every((side) => side === 1);
}

const isLinear = ({ operator, args }: OpStep): boolean => {
  const linearity = operator.linearity(args);
  return linearity === "linear" || linearity === "activated";
};

function after(step: OpStep, state: State): State {
  switch (step.operator.linearity(step.args)) {
    case "linear":
      return { step, isAlone: true };
    case "transparent":
      return state;
    case "activated":
    case "nonlinear":
      return undefined;
  }
}

/** A value that a branch reads, and others beside it. */
const shared = (state: State): State => state && { ...state, isAlone: false };

/** Where every one is linear the last of them that narrows, or else the last. */
function together(states: readonly State[]): State {
  const all = states.filter((state) => state !== undefined);
  if (all.length < states.length) return undefined;
  return all.findLast(({ step }) => isPointwise(step) && growth(step) < 1) ?? all.at(-1);
}
