/** How many classes a network tells apart is what people change of it first: a parameter. */
import type { Member } from "./members.js";
import type { Leaf, Step, Term } from "./tree.js";

/** The number that a model of one output ends in, from now on written `classes`; or nothing. */
export function takeClasses(members: readonly Member[]): number | undefined {
  const [output, ...others] = members.filter(({ kind }) => kind === "output");
  if (output === undefined || others.length > 0) return undefined;
  const { source } = output;
  const before = "stage" in source ? source.stage.chain.steps : [];
  const step = output.chain.steps.findLast(isLayer) ?? before.findLast(isLayer);
  const count = step?.kind === "call" ? leafOf(step.args[place(step)]?.value) : undefined;
  if (count?.number === undefined || count.number < 2 || count.text !== count.value)
    return undefined;
  count.text = "classes";
  return count.number;
}

const isLayer = (step: Step): boolean =>
  step.kind !== "call" || step.module !== undefined || /^(conv|linear)$/.test(step.name);

/** A kernel stands before the channels. */
const place = ({ name }: { readonly name: string }): number => (name === "conv" ? 1 : 0);

const leafOf = (term: Term | undefined): Leaf | undefined =>
  term?.kind === "leaf" ? term : undefined;
