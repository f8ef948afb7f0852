/** `train { … }`: parsed and checked here, used by training. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { CallArg } from "../../ops/kinds.js";
import type { ArgsIn } from "../../ops/signature.js";
import type { Field, Model, Train } from "../../syntax/ast.js";
import type { Loss, NetMember, Network, TrainCall, TrainLoss, TrainSettings } from "../network.js";
import type { Site } from "../scope/unit.js";
import { bind } from "../values/evaluate.js";
import type { Subject } from "./subject.js";
import { reportConflicts } from "./train-conflicts.js";
import { type AskedLosses, lossOf, readByOutput } from "./losses.js";
import { resolveLosses } from "./resolve-losses.js";
import { trainSignature } from "./train-tables.js";

/** Undefined where it is wrong, or something that it speaks of; findings say what. */
export function readTrain(train: Train, subject: Subject, site: Site): TrainSettings | undefined {
  const { fields, span } = train;
  const { model, members } = subject;
  const name = { text: "train", span: { ...span, end: span.start + "train".length } };
  const args = fields.map((field) => ({
    ...field,
    span: { ...field.name.span, end: field.value.span.end },
  }));
  const read = bind({ kind: "call", name, args, span: name.span }, trainSignature, site);
  const asked = readLosses(fields, read?.loss, model, site);
  if (read !== undefined) reportConflicts(read, fields, subject, site);
  if (asked === undefined || !areWhole(model, members)) return undefined;
  const { losses, findings } = resolveLosses(members, asked);
  for (const finding of findings) site.found.add(finding);
  return read === undefined ? undefined : settings(read, losses);
}

function readLosses(
  fields: readonly Field[],
  every: CallArg | undefined,
  model: Model,
  site: Site,
): AskedLosses | undefined {
  const written = fields.find(({ name }) => name.text === "loss")?.value;
  if (written?.kind === "record") return readByOutput(written, model, site);
  if (every === undefined) return undefined;
  return { every: { loss: lossOf(every), ...(written && { span: written.span }) } };
}

/** Whether all heads are there: what lacks one has a finding that says why. */
const areWhole = (model: Model, members: readonly NetMember[]): boolean =>
  ["output", "aux"].every(
    (kind) =>
      model.members.filter((member) => member.kind === kind).length ===
      members.filter((member) => member.kind === kind).length,
  );

export interface Trainable {
  /** Absent where there is a finding. */
  readonly settings?: TrainSettings;
  readonly findings: readonly Diagnostic[];
}

/**
 * How a network is trained: what its `train` block says, or all defaults where it has none; or why it
 * cannot be, such as an output of one number whose loss is not said.
 *
 * @param chosen by output, in place of the spec's losses; those left out are not trained, and names
 *   that are no output are passed over
 */
export function trainSettingsOf(
  { members, train }: Network,
  chosen?: Readonly<Record<string, Loss>>,
): Trainable {
  if (train !== undefined && chosen === undefined) return { settings: train, findings: [] };
  const defaults = trainSignature.complete(new Map());
  const asked: AskedLosses =
    chosen === undefined
      ? { every: { loss: lossOf(defaults.loss!) } }
      : { byOutput: new Map(Object.entries(chosen).map(([name, loss]) => [name, { loss }])) };
  const { losses, findings } = resolveLosses(members, asked);
  if (findings.length > 0) return { findings };
  const said = train === undefined ? settings(defaults, losses) : { ...train, losses };
  return { settings: said, findings };
}

function settings(
  read: ArgsIn<typeof trainSignature>,
  losses: readonly TrainLoss[],
): TrainSettings {
  const { batch, epochs, init, decay, average, clip_norm, optimizer, schedule, augment } = read;
  return {
    losses,
    optimizer: asCall(optimizer),
    schedule: asCall(schedule),
    batch,
    epochs,
    augment: augment.map(asCall),
    init,
    ...(clip_norm === undefined ? {} : { clipNorm: clip_norm }),
    decay,
    ...(average === undefined ? {} : { average }),
  };
}

/** The tables of these calls hold numbers and booleans only. */
const asCall = ({ name, args }: CallArg): TrainCall => ({ name, args: args as TrainCall["args"] });
