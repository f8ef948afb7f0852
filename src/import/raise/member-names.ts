/** What the inputs, stages and outputs are called: as in the file where that is a name, or by function. */
import type { Flow } from "./flow.js";
import type { Member } from "./members.js";
import { given, legal, Names } from "./names.js";
import { stemOf } from "./stems.js";
import type { Arg, Step } from "./tree.js";

/**
 * Names the members, and gives the names of the inputs.
 *
 * @param classifies whether the only output tells classes apart
 */
export function nameMembers(
  flow: Flow,
  members: readonly Member[],
  classifies: boolean,
): readonly string[] {
  const names = new Names();
  const inputs = flow.inputs.map((name, i) =>
    names.claim(portName(name, inputUse(flow.items[i]!.shape))),
  );
  const byKind = (kind: Member["kind"]): readonly Member[] =>
    members.filter((member) => member.kind === kind);
  for (const member of byKind("output"))
    member.name = names.claim(portName(member.name, outputUse(member, classifies)));
  for (const member of byKind("stage")) member.name = stageName(member, names);
  return inputs;
}

/** As the file has it, where somebody gave the name and a spec can have it; or by its function. */
const portName = (name: string, use: string): string => given(name) || use;

function inputUse(shape: readonly number[]): string {
  return shape.length === 3 && [1, 3, 4].includes(shape[0]!) ? "image" : "x";
}

function outputUse({ chain }: Member, classifies: boolean): string {
  const last = chain.steps.at(-1);
  if (last?.kind !== "call") return "features";
  if (/softmax|sigmoid/.test(last.name) || last.args.some(isSquashing)) return "prob";
  return classifies || chain.steps.some(isClassifier) ? "logits" : "features";
}

const isSquashing = ({ name, value }: Arg): boolean =>
  name === "act" && value.kind === "word" && value.word.includes("sigmoid");

const isClassifier = (step: Step): boolean => step.kind === "call" && step.name === "linear";

/** The file's own name for that part, or by its function: a pool by the number of what it follows. */
function stageName({ part, chain, source }: Member, names: Names): string {
  const own = part?.at(-1) ?? "";
  const stem = stemOf(chain.steps);
  if (/^\d+$/.test(own)) return names.claim(`${stem}${own}`);
  const name = legal(own);
  if (name !== "" && !name.endsWith("_")) return names.claim(name);
  const before = "stage" in source ? (source.stage.part?.at(-1) ?? "") : "";
  const number = /\d+(?=[a-z]?$)/.exec(before);
  const follows = stem === "pool" && number !== null;
  return follows ? names.claim(`pool_${number[0]}`) : names.numbered(stem);
}
