/** The numbers, sizes and flags of some steps, in the order in which equal skeletons have them. */
import { operators } from "../../ops/registry.js";
import type { Arg, CallStep, Leaf, Step, Term } from "./tree.js";

export interface Hole {
  readonly leaf: Leaf;
  /** The channels that enter the chain it is written in. */
  readonly entering: number;
  /** Whether that chain lies inside one of the steps. */
  readonly isNested: boolean;
  /** Of the argument: `channels`, `kernel`, `stride`. */
  readonly role: string;
  /** The nearest branch around it. */
  readonly label: string;
  /** Whether a later step of the chain says the same of itself. */
  readonly isEarlier: boolean;
}

type Place = Pick<Hole, "entering" | "isNested" | "label">;

export const holesOf = (steps: readonly Step[]): readonly Hole[] =>
  inChain(steps, { entering: steps[0]?.entering ?? 0, isNested: false, label: "" });

function inChain(steps: readonly Step[], place: Place): readonly Hole[] {
  const last = steps.findLastIndex((step) => step.kind === "call" && step.args.length > 0);
  return steps.flatMap((step, i) => inStep(step, place, i < last));
}

function inStep(step: Step, place: Place, isEarlier: boolean): readonly Hole[] {
  const inside = (steps: readonly Step[], label = place.label): readonly Hole[] =>
    inChain(steps, { entering: steps[0]?.entering ?? step.entering, isNested: true, label });
  switch (step.kind) {
    case "call":
      return inArgs(step.args, namesOf(step), { ...place, isEarlier });
    case "join":
      return step.branches.flatMap(({ label, chain }) =>
        inside(chain.steps, pools(chain.steps) ? "pool" : label),
      );
    case "residual": {
      const scale = { ...place, leaf: step.scale, role: "scale", isEarlier };
      return [scale, ...inside(step.body.steps)];
    }
    case "repeat":
      return inside(step.body.steps);
  }
}

const pools = ([first]: readonly Step[]): boolean =>
  first?.kind === "call" && /^(max|avg)pool$/.test(first.name);

/** What the arguments are called that the place says. */
const namesOf = ({ name, module }: CallStep): readonly string[] => {
  if (module !== undefined) return module.roles;
  const args = [...(operators.get(name)?.signature.args ?? [])];
  return args.flatMap(([argument, { positional }]) => (positional ? [argument] : []));
};

function inArgs(
  args: readonly Arg[],
  names: readonly string[],
  place: Omit<Hole, "leaf" | "role">,
): readonly Hole[] {
  return args.flatMap(({ name, value }, i) => inTerm(value, name ?? names[i] ?? "x", place));
}

function inTerm(term: Term, role: string, place: Omit<Hole, "leaf" | "role">): readonly Hole[] {
  switch (term.kind) {
    case "leaf":
      return [{ ...place, leaf: term, role }];
    case "window":
      return [
        { ...place, leaf: term.kernel, role: "kernel" },
        { ...place, leaf: term.stride, role: "stride" },
      ];
    case "call":
      return inArgs(term.args, [], place);
    case "word":
      return [];
  }
}
