/**
 * Joins that differ in nothing but what their branches are called get the names that most of them
 * have: files name some of their parts, and a module has one name for each. Where as many say one thing
 * as another, it is of some of them alone: `branch1_1a` stands in another branch, too.
 */
import { labelsByFunction } from "./labels.js";
import { Skeletons } from "./skeletons.js";
import { type Chain, innerChains, type JoinStep } from "./tree.js";

export function agreeOnLabels(chains: readonly Chain[]): void {
  const skeletons = new Skeletons({ labels: false });
  const alike = new Map<number, JoinStep[]>();
  for (const join of chains.flatMap(joinsIn)) {
    const key = skeletons.of(join);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [join]);
    else group.push(join);
  }
  for (const group of alike.values()) {
    const most =
      usual(group.map(({ branches }) => branches.map(({ label }) => label))) ??
      labelsByFunction(group[0]!);
    for (const { branches } of group) {
      branches.forEach((branch, i) => (branch.label = most[i]!));
    }
  }
}

const joinsIn = ({ steps }: Chain): readonly JoinStep[] =>
  steps.flatMap((step) => [
    ...(step.kind === "join" ? [step] : []),
    ...innerChains(step).flatMap(joinsIn),
  ]);

/** The list that is there most often; none where several are. */
function usual(lists: readonly (readonly string[])[]): readonly string[] | undefined {
  const counts = new Map<string, { readonly list: readonly string[]; count: number }>();
  for (const list of lists) {
    const entry = counts.get(list.join()) ?? { list, count: 0 };
    counts.set(list.join(), entry);
    entry.count++;
  }
  const [most, next] = [...counts.values()].sort((a, b) => b.count - a.count);
  return most?.count === next?.count ? undefined : most?.list;
}
