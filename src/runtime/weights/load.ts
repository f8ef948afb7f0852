import { bug } from "../../diagnostics/bug.js";
import { type Known, likelyCauses } from "./causes.js";
import type { GivenTensor } from "./given.js";
import { matchWeights, type MatchOptions, type WeightMatch } from "./match.js";
import { requireOrder } from "./order.js";
import { randomParameter, type RandomParameter } from "./random.js";
import { leftOffText, listNames, requireMatch } from "./require-match.js";
import type { Checkpoint } from "../../checkpoints/checkpoint.js";
import { openCheckpoint } from "../../checkpoints/open.js";
import type { CheckedSource } from "./source.js";
import { type TrainedTensor, trainedTensors } from "./trained.js";
import { type OddValues, oddSummary, oddValues } from "./values.js";

export interface LoadedWeights extends WeightsTold {
  /** In the order of the parameters. */
  readonly values: readonly Float32Array[];
}

export interface WeightsTold {
  /** Tensors of the source that belong to no layer of the network. */
  readonly unused: readonly string[];
  /** What a person should know although the weights are loaded; clauses without an end. */
  readonly remarks: readonly string[];
}

export interface SourceOptions extends MatchOptions {
  /** Which dictionary of the file, as `openCheckpoint` takes it. */
  readonly key?: string | undefined;
  /** Of a training's checkpoint: its averages, where it has any. */
  readonly averaged?: boolean;
  /** Of the network's model: what is told of other classes names the one that decides them. */
  readonly settings?: Known["settings"];
}

/**
 * Fills the parameters.
 *
 * @throws InceptError of `weights/` or `file/` for what the file is or lacks
 */
export async function loadWeights(
  source: CheckedSource,
  parameters: readonly RandomParameter[],
  options: SourceOptions = {},
): Promise<LoadedWeights> {
  switch (source.kind) {
    case "random": {
      const values = parameters.map((parameter) => randomParameter(source.seed, parameter));
      return { values, unused: [], remarks: [] };
    }
    case "file":
      return fromFile(await openCheckpoint(source.path, { key: options.key }), parameters, options);
    case "bytes":
      return fromFile(
        await openCheckpoint(source.bytes, { key: options.key }),
        parameters,
        options,
      );
    case "values":
      return fromValues(source.values, parameters, options);
  }
}

/**
 * Looks at a file of weights before a network is compiled for it: that it is there, and what its
 * header says. Other sources are at hand.
 *
 * @param fits how it is read, and what it has to fill where that is known
 * @throws InceptError as `loadWeights` does, but for what the values are
 */
export async function requireFile(
  source: CheckedSource,
  fits: SourceOptions & { readonly parameters?: readonly RandomParameter[] },
): Promise<void> {
  if (source.kind !== "file") return;
  const file = await openCheckpoint(source.path, { key: fits.key });
  const { parameters } = fits;
  try {
    if (parameters !== undefined) matchFile(file, trainedTensors(file, false), parameters, fits);
  } finally {
    await file.close();
  }
}

function matchFile(
  file: Checkpoint,
  given: readonly TrainedTensor[],
  parameters: readonly RandomParameter[],
  options: SourceOptions,
): WeightMatch {
  if (options.byOrder === true) requireOrder(file);
  const match = matchWeights(parameters, given, options);
  const causes = likelyCauses(match, { parameters, settings: options.settings });
  requireMatch(match, file.name, given, causes);
  return match;
}

/** The tensor of each parameter, as the file calls it. */
export function storedTensors(
  file: Checkpoint,
  parameters: readonly RandomParameter[],
  options: SourceOptions,
): { readonly match: WeightMatch; readonly stored: readonly string[] } {
  const given = trainedTensors(file, options.averaged === true);
  const match = matchFile(file, given, parameters, options);
  const names = new Map(given.map((tensor) => [tensor.name, tensor.stored]));
  const stored = parameters.map(({ name }) => {
    const found = match.found.get(name) ?? name;
    return names.get(found) ?? found;
  });
  return { match, stored };
}

async function fromFile(
  file: Checkpoint,
  parameters: readonly RandomParameter[],
  options: SourceOptions,
): Promise<LoadedWeights> {
  try {
    const { match, stored } = storedTensors(file, parameters, options);
    const values: Float32Array[] = [];
    for (const name of stored) values.push(await file.readFloat32(name));
    return loaded(file.name, parameters, match, values);
  } finally {
    await file.close();
  }
}

function fromValues(
  arrays: ReadonlyMap<string, Float32Array>,
  parameters: readonly RandomParameter[],
  options: MatchOptions,
): LoadedWeights {
  const given = [...arrays].map(([name, { length }]): GivenTensor => ({
    name,
    shape: [length],
    flat: true,
  }));
  const match = matchWeights(parameters, given, options);
  requireMatch(match, "weights", given);
  const values = parameters.map(({ name }) => {
    const array = arrays.get(match.found.get(name) ?? name);
    if (array === undefined) bug(`${name} was matched and is not there`);
    return array;
  });
  return loaded("weights", parameters, match, values);
}

function loaded(
  file: string,
  parameters: readonly RandomParameter[],
  match: WeightMatch,
  values: readonly Float32Array[],
): LoadedWeights {
  const odd = values.flatMap((own, i) => oddOf(match, parameters[i]!, own));
  return { values, ...told(file, match, odd) };
}

/** What is odd about a parameter's values, by the tensor's name. */
export const oddOf = (
  match: WeightMatch,
  { name, role }: RandomParameter,
  values: Float32Array,
): readonly OddValues[] => {
  const odd = oddValues(match.found.get(name) ?? name, role, values);
  return odd === undefined ? [] : [odd];
};

/** @param file as messages name it */
export function told(file: string, match: WeightMatch, odd: readonly OddValues[]): WeightsTold {
  const renames = match.unusedRenames.map((entry) => `"${entry}"`);
  const remarks = [
    ...(match.leftOff === undefined ? [] : [leftOffText(match.leftOff)]),
    ...(odd.length === 0 ? [] : [oddSummary(file, odd)]),
    ...(renames.length === 0 ? [] : [`${file} has nothing to rename by ${listNames(renames)}`]),
  ];
  return { unused: match.unused, remarks };
}
