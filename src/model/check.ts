/** The one way from a spec's text to a checked network. */
import { likening } from "../diagnostics/mending.js";
import { Diagnostics } from "../diagnostics/diagnostics.js";
import type { Diagnostic, Source } from "../diagnostics/diagnostic.js";
import { varying } from "../ops/trace.js";
import type { Labels, Model, Train } from "../syntax/ast.js";
import { Expansion } from "./expand/expand.js";
import { readInput } from "./settings/input.js";
import { readLabels } from "./settings/labels.js";
import { lint } from "./lint/lint.js";
import { load, type Loaded } from "./declare/load.js";
import { expandMembers } from "./expand/members.js";
import type { Network } from "./network.js";
import { type Read, Reads } from "./sources/read.js";
import { readSettings } from "./settings/settings.js";
import { fileSite, report } from "./scope/site.js";
import { unknown } from "./flow/flowing.js";
import { listed } from "./scope/listed.js";
import { readTrain } from "./settings/train.js";
import type { Site, Unit } from "./scope/unit.js";

export interface CheckOptions {
  /** Gives an imported file or labels, by its path beside the file that names it. */
  readonly read: Read;
  /** Which model of the file; needed where there are several. */
  readonly model?: string | undefined;
  /** The model's parameters from outside: `{ classes: "10" }`. */
  readonly set?: Readonly<Record<string, string>> | undefined;
}

export interface Checked {
  /** Absent where there is an error. */
  readonly network?: Network;
  /** Errors and warnings, by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Files that the answer depends on, absolute, the spec first: read, or looked for in vain. */
  readonly files: readonly string[];
}

/** Parses, follows imports, resolves, expands, infers shapes, and lints. Never throws for a spec. */
export function checkSpec(source: Source, options: CheckOptions): Checked {
  const found = new Diagnostics();
  const reads = new Reads(options.read);
  const network = checkLoaded(load(source, reads.read, found), reads, options);
  const failed = network === undefined || found.hasErrors;
  if (!failed) lint(network, found);
  const files = [...(source.file === undefined ? [] : [source.file]), ...reads.files()];
  return { ...(failed ? {} : { network }), diagnostics: found.sorted(), files };
}

function checkLoaded(
  loaded: Loaded | undefined,
  reads: Reads,
  options: CheckOptions,
): Network | undefined {
  if (loaded === undefined) return undefined;
  const { root } = loaded;
  for (const unit of loaded.units) {
    for (const constant of unit.consts.values()) constant.value(fileSite(unit));
  }
  const model = chooseModel(root, options.model);
  const checked = model === undefined ? undefined : checkModel(model, loaded, reads, options);
  checkUncalled(root, checked?.expansion);
  return checked?.network;
}

function chooseModel(unit: Unit, wanted: string | undefined): Model | undefined {
  const { models, source } = unit.file;
  const site = fileSite(unit);
  const names = models.map(({ name }) => name.text);
  const top = { source, start: 0, end: 0 };
  if (wanted !== undefined && !names.includes(wanted)) {
    const has = names.length === 0 ? undefined : `it declares ${listed(names)}`;
    const { help = has } = likening(wanted, { names }, top);
    report(site, "model/unknown", { name: wanted }, { span: models[0]?.name.span ?? top, help });
    return undefined;
  }
  if (wanted !== undefined) return models.find(({ name }) => name.text === wanted);
  const [first, second] = models;
  if (first === undefined) report(site, "model/none", {}, { span: top });
  if (second === undefined) return first;
  const help = `choose one: --model ${names[0]!}`;
  report(site, "model/ambiguous", { names: listed(names) }, { span: second.name.span, help });
  return undefined;
}

function checkModel(
  model: Model,
  { root, units }: Loaded,
  reads: Reads,
  options: CheckOptions,
): { network: Network | undefined; expansion: Expansion } {
  const { params, settings } = readSettings(model, root, options.set ?? {});
  const own = new Map([...params.keys()].map((parameter) => [parameter, varying()]));
  const site: Site = { ...fileSite(root), params, traces: own };
  const inputs = model.inputs.map((input) => readInput(input, site));
  const { members, expansion } = expandMembers(model, inputs, site);

  const outputs = members.filter(({ kind }) => kind === "output");
  const labels = only<Labels>(model, "labels", site);
  const train = only<Train>(model, "train", site);
  const read = labels === undefined ? undefined : readLabels(labels, outputs, root, reads.read);
  const trained = train && readTrain(train, { model, members, shape: inputs[0]?.shape }, site);
  const [first, ...others] = inputs.map(({ net }) => net);
  if (first === undefined || !others.every((input) => input !== undefined)) {
    return { network: undefined, expansion };
  }
  const { name, doc } = model;
  const sources = units.map(({ file }) => file.source);
  return {
    expansion,
    network: {
      name: name.text,
      ...(doc === undefined ? {} : { doc }),
      sources: read === undefined ? sources : [...sources, read.source],
      read: reads.again,
      settings,
      inputs: [first, ...others],
      members,
      ...(read === undefined ? {} : { labels: read.labels }),
      ...(trained === undefined ? {} : { train: trained }),
    },
  };
}

/** A model says its labels once, and how it is trained once. */
function only<M extends Labels | Train>(model: Model, kind: M["kind"], site: Site): M | undefined {
  const all = model.members.filter((member): member is M => member.kind === kind);
  for (const { span } of all.slice(1)) {
    const word = { ...span, end: span.start + kind.length };
    report(site, "model/twice", { what: kind, model: model.name.text }, { span: word });
  }
  return all[0];
}

/** Modules that no model calls are checked as far as that goes without shapes. */
function checkUncalled(unit: Unit, expansion: Expansion | undefined): void {
  const dry = new Expansion(() => unknown);
  for (const module of unit.file.modules) {
    if (expansion?.called.has(module) === true || dry.called.has(module)) continue;
    const params = new Map(module.params.map(({ name }) => [name.text, undefined]));
    dry.chain(module.body, unknown, {
      ...fileSite(unit),
      params,
      path: "",
      parameters: "",
      base: "",
      inModel: false,
      callers: [module],
      depth: 0,
    });
  }
}
