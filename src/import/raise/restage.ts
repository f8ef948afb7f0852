/** Stages that the file does not name, once modules are known: a block each, and equal ones as one. */
import { flatText } from "./layout.js";
import type { Member, Source } from "./members.js";
import { byBlock } from "./split.js";
import type { Style } from "./style.js";
import { innerChains, type Step } from "./tree.js";

export function restaged(
  members: readonly Member[],
  sources: ReadonlyMap<number, Source>,
  style: Style,
): readonly Member[] {
  return joined(
    members.flatMap((member) => cut(member, style)),
    sources,
  );
}

/** The last part stays the member that others read. */
function cut(member: Member, style: Style): readonly Member[] {
  if (member.part !== undefined) return [member];
  const parts = byBlock(member.chain.steps, style);
  const before = parts.slice(0, -1).map(({ steps }): Member => {
    const stage: Member = { kind: "stage", name: "", source: member.source, chain: { steps } };
    member.source = { stage };
    return stage;
  });
  const last = parts.at(-1);
  if (last !== undefined) member.chain = { steps: last.steps };
  return [...before, member];
}

/** Equal stages in a row, of which nothing reads any but the last. */
function joined(
  members: readonly Member[],
  sources: ReadonlyMap<number, Source>,
): readonly Member[] {
  const readers = readersOf(members, sources);
  const result: Member[] = [];
  let text = "";
  for (const member of members) {
    const last = result.at(-1);
    const own = flatText(member.chain);
    const reads = "stage" in member.source && member.source.stage === last;
    const isBlock = member.chain.steps.some(
      (step) => step.kind !== "call" || step.module !== undefined,
    );
    const isPlain =
      isBlock && [member, last].every((each) => each?.kind === "stage" && each.part === undefined);
    if (last !== undefined && reads && isPlain && own === text && readers.get(last) === 1) {
      member.chain = { steps: [...last.chain.steps, ...member.chain.steps] };
      member.source = last.source;
      result.pop();
    }
    result.push(member);
    text = own;
  }
  return result;
}

function readersOf(
  members: readonly Member[],
  sources: ReadonlyMap<number, Source>,
): ReadonlyMap<Member, number> {
  const counts = new Map<Member, number>();
  const count = (source: Source | undefined): void => {
    if (source === undefined || "input" in source) return;
    counts.set(source.stage, (counts.get(source.stage) ?? 0) + 1);
  };
  for (const { source, chain } of members) {
    count(source);
    for (const from of chain.steps.flatMap(openings)) count(sources.get(from));
  }
  return counts;
}

/** The values that branches inside begin with. */
const openings = (step: Step): readonly number[] => [
  ...(step.kind === "join" ? step.branches.flatMap(({ from }) => from ?? []) : []),
  ...innerChains(step).flatMap(({ steps }) => steps.flatMap(openings)),
];
