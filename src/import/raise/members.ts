/** The stages and outputs of a model, in an order in which nothing is read before it is there. */
import type { Flow } from "./flow.js";
import type { Led } from "./chains.js";
import type { Hint } from "../imported.js";
import type { Piece } from "./split.js";
import type { Chain, Step } from "./tree.js";

export interface Member {
  readonly kind: "stage" | "output";
  /** An output's name stands; a stage gets one. */
  name: string;
  /** The member, or the input, whose result it reads. */
  source: Source;
  chain: Chain;
  /** The part of the network that the file says it is. */
  readonly part?: Hint;
}

/** An input by its place, or a stage. */
export type Source = { readonly input: number } | { readonly stage: Member };

/**
 * @param split cuts the steps that lead to a value into those of several stages; at least one
 */
export function membersOf(
  flow: Flow,
  named: ReadonlySet<number>,
  to: (item: number) => Led,
  split: (steps: readonly Step[]) => readonly Piece[],
): { readonly members: readonly Member[]; readonly sources: ReadonlyMap<number, Source> } {
  const sources = new Map<number, Source>();
  flow.inputs.forEach((_, input) => sources.set(input, { input }));
  const stages: Member[] = [];
  const stagesOf = ({ source }: Led, parts: readonly Piece[]): Source => {
    let from = sources.get(source)!;
    for (const { steps, part } of parts) {
      const own = part === undefined ? {} : { part };
      const stage: Member = { kind: "stage", name: "", source: from, chain: { steps }, ...own };
      stages.push(stage);
      from = { stage };
    }
    return from;
  };
  const heads = new Map<number, { readonly source: Source; readonly chain: Chain }>();
  for (const item of [...new Set([...named, ...flow.outputs.map((output) => output.item)])].sort(
    (a, b) => a - b,
  )) {
    if (item < flow.inputs.length) continue;
    const led = to(item);
    const parts = split(led.chain.steps);
    if (named.has(item)) sources.set(item, stagesOf(led, parts));
    else {
      const source = stagesOf(led, parts.slice(0, -1));
      heads.set(item, { source, chain: { steps: parts.at(-1)!.steps } });
    }
  }
  const members = [...stages];
  let place = 0;
  for (const { name, item } of flow.outputs) {
    const bare = { source: sources.get(item)!, chain: { steps: [] } };
    const head: Member = { kind: "output", name, ...(heads.get(item) ?? bare) };
    const after = "stage" in head.source ? members.indexOf(head.source.stage) + 1 : 0;
    place = Math.max(place, after);
    members.splice(place, 0, head);
    place++;
  }
  return { members, sources };
}
