/**
 * A graph as the spec that a person would have written, in these steps:
 *
 * 1. `flow.ts`, `dominators.ts`, `cuts.ts`, `regions.ts`: which values need names
 * 2. `chains.ts` with `calls.ts`, `fuse.ts`, `adds.ts`, `labels.ts`: what leads to each as a chain
 * 3. `members.ts`, `split.ts`: stages and outputs in order
 * 4. `defaults.ts`, `modules.ts` with `params.ts`, `restage.ts`, `repeats.ts`: what is said once
 * 5. `module-names.ts`, `member-names.ts`, `spec.ts`: names and text
 */
import type { Imported } from "../imported.js";
import { agreeOnLabels } from "./agree.js";
import { Chains } from "./chains.js";
import { takeClasses } from "./classes.js";
import { namedItems } from "./cuts.js";
import { takeDefaults } from "./defaults.js";
import { dominatorsOf } from "./dominators.js";
import { flowOf } from "./flow.js";
import { Parts } from "./hints.js";
import { nameMembers } from "./member-names.js";
import { membersOf } from "./members.js";
import { nameModules } from "./module-names.js";
import { extractModules } from "./modules.js";
import { legal } from "./names.js";
import { repeatRuns } from "./repeats.js";
import { restaged } from "./restage.js";
import { specText } from "./spec.js";
import { splitSteps } from "./split.js";
import { styleOf } from "./style.js";

export interface About {
  /** Of the network, as its file calls it: any characters. */
  readonly name: string;
  /** What stands above the spec, a row each. */
  readonly comment: readonly string[];
}

/**
 * Text that is parsed and lowered to the same graph, but for what passes everything on and for the
 * order of the two terms of a residual. It is the same text for the same graph.
 */
export function raise(imported: Imported, about: About): string {
  const flow = flowOf(imported);
  const dominators = dominatorsOf(flow);
  const named = namedItems(flow, dominators);
  const style = styleOf(flow);
  const parts = new Parts(flow.items.map(({ hint }) => hint));
  const chains = new Chains(flow, dominators, named, style);
  const { members: whole, sources } = membersOf(
    flow,
    named,
    (item) => chains.to(item),
    (steps) => splitSteps(steps, parts, style),
  );
  const roots = whole.map(({ chain }) => chain);
  agreeOnLabels(roots);
  const defaults = takeDefaults(roots);
  const found = extractModules(roots, style);
  const members = restaged(whole, sources, style);
  const classes = takeClasses(members);
  repeatRuns([...members.map(({ chain }) => chain), ...found.map(({ body }) => body)]);
  const name = legal(about.name) || "Network";
  const modules = nameModules(
    members.map(({ chain }) => chain),
    name,
  );
  const inputs = nameMembers(flow, members, classes !== undefined);
  return specText({
    comment: about.comment,
    defaults,
    modules,
    name,
    classes,
    inputs: inputs.map((input, i) => ({ name: input, shape: flow.items[i]!.shape })),
    members,
    sources,
  });
}
