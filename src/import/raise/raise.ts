/** A graph as the spec that a person would have written. */
import type { Imported } from "../imported.js";
import { Chains } from "./chains.js";
import { namedItems } from "./cuts.js";
import { dominatorsOf } from "./dominators.js";
import { flowOf } from "./flow.js";
import { flowRows } from "./layout.js";
import { type Member, membersOf, type Source } from "./members.js";
import { legal, Names } from "./names.js";
import { splitSteps, stemOf } from "./split.js";

export interface About {
  /** Of the network, as its file calls it: any characters. */
  readonly name: string;
  /** What stands above the spec, a row each. */
  readonly comment: readonly string[];
}

/** Text that is parsed and lowered to the same graph, but for what passes everything on. */
export function raise(imported: Imported, about: About): string {
  const flow = flowOf(imported);
  const dominators = dominatorsOf(flow);
  const named = namedItems(flow, dominators);
  const chains = new Chains(flow, dominators, named);
  const { members, sources } = membersOf(flow, named, (item) => chains.to(item), splitSteps);
  const names = new Names();
  const inputs = flow.inputs.map((name) => names.claim(legal(name) || "input"));
  for (const member of members) {
    if (member.kind === "output") member.name = names.claim(legal(member.name) || "output_");
  }
  for (const member of members) {
    if (member.kind === "stage") member.name = names.numbered(stemOf(member.chain.steps));
  }
  const nameOf = (source: Source): string =>
    "input" in source ? inputs[source.input]! : source.stage.name;
  const opening = (item: number): string => nameOf(sources.get(item)!);
  let current = inputs[0]!;
  const rows = members.flatMap((member: Member) => {
    const source = nameOf(member.source);
    const from = source === current ? "" : `from ${source} -> `;
    const kind = member.kind === "output" ? "output " : "";
    if (member.kind === "stage") current = member.name;
    return flowRows(`${kind}${member.name}: ${from}`, member.chain, 2, opening);
  });
  const declared = imported.graph.inputs.map(
    ({ shape }, i) => `  input ${inputs[i]!}: f32[${shape.join(", ")}]`,
  );
  return [
    ...about.comment.map((row) => `// ${row.replace(/[\p{Cc}\u2028\u2029]+/gu, " ")}`.trimEnd()),
    ...(about.comment.length > 0 ? [""] : []),
    `model ${legal(about.name) || "Network"} {`,
    ...declared,
    "",
    ...rows,
    "}",
    "",
  ].join("\n");
}
