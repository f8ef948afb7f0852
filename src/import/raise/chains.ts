/** What leads to a value as a chain, joins and all, back to the nearest value that has a name. */
import { addWords } from "./adds.js";
import { callOf } from "./calls.js";
import type { Dominators } from "./dominators.js";
import type { Flow } from "./flow.js";
import { fused } from "./fuse.js";
import { branchLabels } from "./labels.js";
import { channels } from "../../ops/shape.js";
import type { Style } from "./style.js";
import type { Branch, Chain, JoinStep, Step } from "./tree.js";

export interface Led {
  readonly chain: Chain;
  /** The named value, or the fork, that it begins with. */
  readonly source: number;
}

export class Chains {
  constructor(
    private readonly flow: Flow,
    private readonly dominators: Dominators,
    private readonly named: ReadonlySet<number>,
    private readonly style: Style,
  ) {}

  /** From what was named before the value. */
  to(end: number): Led {
    return this.back(end, -1, true);
  }

  /** Back to `fork`, or a named value before; the end itself may be one unless it is asked for. */
  private back(end: number, fork: number, isEndInside = false): Led {
    const steps: Step[] = [];
    let id = end;
    while (id !== fork && (!this.named.has(id) || (isEndInside && id === end))) {
      const { node, operands, hint } = this.flow.items[id]!;
      if (operands.length > 1) {
        const { step, source } = this.join(id);
        steps.push(step);
        id = source;
      } else {
        steps.push(callOf(node!, hint));
        id = operands[0]!;
      }
    }
    return { chain: { steps: fused(steps.reverse(), this.style) }, source: id };
  }

  /** The stream goes on before the join where a branch begins there, else with the last named value. */
  private join(id: number): { readonly step: Step; readonly source: number } {
    const { node, operands, hint } = this.flow.items[id]!;
    const fork = this.dominators.before[id]!;
    const led = operands.map((operand) => this.back(operand, fork));
    const sources = led.map(({ source }) => source);
    const isNamed = fork < 0 || this.named.has(fork);
    const source = sources.includes(fork) && !isNamed ? fork : Math.max(...sources);
    const branches = led.map((branch): Branch => ({
      label: "",
      ...(branch.source === source ? {} : { from: branch.source }),
      chain: branch.chain,
    }));
    const entering = channels(this.flow.items[source]!.shape);
    const { name } = node!.primitive;
    const step: JoinStep = { kind: "join", name, branches, entering, hint };
    return { step: branchLabels(addWords(step, node!)), source };
  }
}
