/** Weights for the native side, which reads those that lie in a file as it needs them by itself. */
import type { Checkpoint } from "../../checkpoints/checkpoint.js";
import { openCheckpoint } from "../../checkpoints/open.js";
import { fromNative, type NativeAddon, type NativeModel } from "../addon.js";
import {
  loadWeights,
  oddOf,
  type SourceOptions,
  storedTensors,
  told,
  type WeightsTold,
} from "./load.js";
import type { RandomParameter } from "./random.js";
import type { CheckedSource } from "./source.js";

/**
 * Fills the parameters of a native model. Of a file whose numbers are stored as they are used nothing
 * is in memory but what is being prepared.
 *
 * @throws InceptError as `loadWeights` does, and what the native side says
 */
export async function handWeights(
  source: CheckedSource,
  parameters: readonly RandomParameter[],
  options: SourceOptions,
  { readsFiles = false }: Pick<NativeAddon, "readsFiles">,
  model: NativeModel,
): Promise<WeightsTold> {
  if (source.kind !== "file" || !readsFiles) {
    const { values, ...rest } = await loadWeights(source, parameters, options);
    await model.load(values);
    return rest;
  }
  const file = await openCheckpoint(source.path, { key: options.key });
  try {
    return await handFile(file, parameters, options, model);
  } finally {
    await file.close();
  }
}

async function handFile(
  file: Checkpoint,
  parameters: readonly RandomParameter[],
  options: SourceOptions,
  model: NativeModel,
): Promise<WeightsTold> {
  const { match, stored } = storedTensors(file, parameters, options);
  const places = stored.map((name, i) => placeOf(file, name, parameters[i]!));
  const values: (Float32Array | number)[] = [];
  for (const [i, name] of stored.entries()) {
    values.push(places[i]?.position ?? (await file.readFloat32(name)));
  }
  const descriptor = places.find((place) => place !== undefined)?.descriptor;
  const beyond = await model.load(values, descriptor).catch(async (error: unknown) => {
    const failure = fromNative(error);
    // What the file has come to, its reader says better.
    for (const [i, name] of stored.entries()) if (places[i]) await file.readFloat32(name);
    throw failure;
  });
  // Values that were prepared are counted, and told of, where something is odd about them.
  for (const i of beyond) values[i] = await file.readFloat32(stored[i]!);
  const odd = values.flatMap((own, i) =>
    typeof own === "number" ? [] : oddOf(match, parameters[i]!, own),
  );
  return told(file.name, match, odd);
}

/** Of running variances more has to be known than whether they are finite; there are few of them. */
const placeOf = (
  file: Checkpoint,
  name: string,
  { role }: RandomParameter,
): ReturnType<NonNullable<Checkpoint["place"]>> =>
  role === "running_var" ? undefined : file.place?.(name);
