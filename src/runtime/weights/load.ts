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
import { oddSummary, oddValues } from "./values.js";

export interface LoadedWeights {
  /** In the order of the parameters. */
  readonly values: readonly Float32Array[];
  /** Tensors of the source that belong to no layer of the network. */
  readonly unused: readonly string[];
  /** What a person should know although the weights are loaded; clauses without an end. */
  readonly remarks: readonly string[];
}

interface SourceOptions extends MatchOptions {
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

async function fromFile(
  file: Checkpoint,
  parameters: readonly RandomParameter[],
  options: SourceOptions,
): Promise<LoadedWeights> {
  try {
    const given = trainedTensors(file, options.averaged === true);
    const match = matchFile(file, given, parameters, options);
    const stored = new Map(given.map((tensor) => [tensor.name, tensor.stored]));
    const values: Float32Array[] = [];
    for (const { name } of parameters) {
      const found = match.found.get(name) ?? name;
      values.push(await file.readFloat32(stored.get(found) ?? found));
    }
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
  const odd = parameters.flatMap(
    ({ name, role }, i) => oddValues(match.found.get(name) ?? name, role, values[i]!) ?? [],
  );
  const renames = match.unusedRenames.map((entry) => `"${entry}"`);
  const remarks = [
    ...(match.leftOff === undefined ? [] : [leftOffText(match.leftOff)]),
    ...(odd.length === 0 ? [] : [oddSummary(file, odd)]),
    ...(renames.length === 0 ? [] : [`${file} has nothing to rename by ${listNames(renames)}`]),
  ];
  return { values, unused: match.unused, remarks };
}
