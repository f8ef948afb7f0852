import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import { placeOf } from "../scope/claims.js";
import type { NetBranch, NetChain, NetStep, Network, OpStep } from "../network.js";

/** The linear map that a value is, if nothing non-linear followed it. */
type State = OpStep | undefined;

/**
 * `style/linear-chain`: two convolutions or linears with nothing non-linear between. Reported
 * once a chain, at its first. A concat or a sum is linear where all that it joins is.
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
      if (step.kind === "op" && isLinear(step) && state !== undefined) {
        if (!reported) this.report(step, state);
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
        const entering = isLinear ? state : undefined;
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
    return this.chain(chain, from === undefined ? state : this.states.get(from));
  }

  private report(step: OpStep, before: OpStep): void {
    const { span, frames } = step;
    const where = placeOf(before.span, span);
    const label = `${before.operator.name} ${where} has no activation`;
    const params = { operator: step.operator.name };
    this.found.add(diagnostic("style/linear-chain", params, { span, label, frames }));
  }
}

const isLinear = ({ operator, args }: OpStep): boolean => {
  const linearity = operator.linearity(args);
  return linearity === "linear" || linearity === "activated";
};

function after(step: OpStep, state: State): State {
  switch (step.operator.linearity(step.args)) {
    case "linear":
      return step;
    case "transparent":
      return state;
    case "activated":
    case "nonlinear":
      return undefined;
  }
}

/** The last of them where every one is linear. */
const together = (states: readonly State[]): State =>
  states.every((state) => state !== undefined) ? states.at(-1) : undefined;
