/** What is likely wrong where a checkpoint does not fit: said beside what does not. */
import { sameShape } from "../../ops/shape.js";
import { counted } from "../../diagnostics/counted.js";
import { visibleName } from "../../diagnostics/visible.js";
import type { Setting } from "../../model/network.js";
import { layerOf } from "./given.js";
import type { Mismatch, WeightMatch } from "./match.js";
import type { RandomParameter } from "./random.js";
import { otherForm } from "./shape-cause.js";

/** The network that a checkpoint is held against. */
export interface Known {
  /** In the spec's order: the first is the stem's, the last the head's. */
  readonly parameters: readonly RandomParameter[];
  /** Of the model's parameters, where they are known. */
  readonly settings?: Readonly<Record<string, Setting>> | undefined;
}

export interface Cause {
  /** The parameters that it explains. */
  readonly names: readonly string[];
  readonly text: string;
}

/** Each cause once, with all parameters that it may be of, those of another shape first. */
export function likelyCauses(match: WeightMatch, known: Known): readonly Cause[] {
  const causes = new Map<string, string[]>();
  for (const mismatch of match.wrongShape) {
    if (mismatch.given.flat === true) continue;
    const text = shapeCause(mismatch, known);
    if (text === undefined) continue;
    causes.set(text, [...(causes.get(text) ?? []), mismatch.expected.name]);
  }
  const norms = normCause(match, known);
  return [
    ...[...causes].map(([text, names]) => ({ text, names })),
    ...(norms === undefined ? [] : [norms]),
  ];
}

function shapeCause(mismatch: Mismatch, known: Known): string | undefined {
  const { expected, given } = mismatch;
  return (
    otherForm(expected.shape, given.shape) ??
    stemCause(mismatch, known) ??
    countCause(mismatch, known)
  );
}

/** Pictures of other channels than the spec's. */
function stemCause({ expected, given }: Mismatch, { parameters }: Known): string | undefined {
  const stem = parameters.find(({ role }) => role === "weight");
  const [out, wanted, ...window] = expected.shape;
  const [theirOut, channels, ...theirWindow] = given.shape;
  const isOther = channels !== undefined && channels !== wanted;
  if (stem?.name !== expected.name || window.length !== 2 || !isOther) return undefined;
  if (out !== theirOut || !sameShape(window, theirWindow)) return undefined;
  const theirs = counted(channels, "channel");
  return `the file's first layer reads ${theirs}, the spec's ${wanted}: write input …: f32[${channels}, …]`;
}

/** Outputs of another count: of the last layer, classes. */
function countCause(
  { expected, given }: Mismatch,
  { parameters, settings = {} }: Known,
): string | undefined {
  const [wanted, ...rest] = expected.shape;
  const [count, ...theirRest] = given.shape;
  if (wanted === undefined || count === undefined || !sameShape(rest, theirRest)) return undefined;
  const head = parameters.findLast(({ role }) => role === "weight");
  if (layerOf(expected.name) !== layerOf(head?.name ?? "")) return undefined;
  const deciding = Object.entries(settings).filter(([, value]) => value === wanted);
  const [only, ...others] = deciding;
  const set = only === undefined || others.length > 0 ? "" : `: --set ${only[0]}=${count}`;
  const background =
    count === wanted + 1 ? ", one of them perhaps for the background, as TF-slim's" : "";
  return `the file has ${counted(count, "class", "classes")}${background}, the spec ${wanted}${set}`;
}

/** Normalizations on one side alone. */
function normCause(match: WeightMatch, { parameters }: Known): Cause | undefined {
  const roles = new Map(parameters.map(({ name, role }) => [name, role]));
  const missing = match.missing.map(({ name }) => name);
  const others = [...match.extra, ...match.unused];
  const theirs = others.filter((name) => /(?:^|\.)running_(?:mean|var)$/.test(name));
  const biases = missing.filter((name) => roles.get(name) === "bias");
  const [norm] = theirs;
  const isOurs = (name: string): boolean => roles.get(name)?.startsWith("running_") === true;
  if (norm !== undefined && !missing.some(isOurs)) {
    const has = `the file has batch norms (${visibleName(norm)})`;
    const text = `${has}${biases.length > 0 ? " in place of biases" : ""}: is norm: batchnorm missing in the spec?`;
    return { names: biases, text };
  }
  const norms = missing.filter(isOurs);
  const theirBiases = others.filter((name) => /(?:^|\.)bias$/.test(name));
  const hasNone = norms.length > 0 && norms.length === [...roles.keys()].filter(isOurs).length;
  if (hasNone && theirs.length === 0 && theirBiases.length > 0) {
    const text = `the file has biases (${visibleName(theirBiases[0]!)}) and no batch norms: are they folded in? Leave norm: batchnorm out of the spec`;
    return { names: norms, text };
  }
  return undefined;
}
