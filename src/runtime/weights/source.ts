import { fileURLToPath } from "node:url";
import { elements } from "../../ops/shape.js";
import { matchWeights, type NamedShape, renamed, type RenameMap, requireMatch } from "./match.js";
import { randomParameter, type RandomParameter } from "./random.js";
import { SafetensorsFile } from "./safetensors.js";

/**
 * Where a network's parameters come from: a .safetensors file (path or file URL), `random:SEED`
 * with an unsigned 32-bit SEED, or the values themselves by parameter name.
 */
export type WeightSource = string | URL | Readonly<Record<string, Float32Array>>;

export interface LoadedWeights {
  /** In the order of the parameters. */
  readonly values: readonly Float32Array[];
  /** Tensors of the source that belong to no layer of the network. */
  readonly unused: readonly string[];
}

export interface WeightOptions {
  readonly rename?: RenameMap;
  /** Parameters that a checkpoint may hold and this build does not need. */
  readonly ignored?: (name: string) => boolean;
}

/**
 * Fills the parameters.
 *
 * @throws InceptError of `weights/` or `file/` for what the file is or lacks
 * @throws TypeError for what is no source at all
 */
export async function loadWeights(
  source: WeightSource,
  parameters: readonly RandomParameter[],
  options: WeightOptions = {},
): Promise<LoadedWeights> {
  if (typeof source === "string" && source.startsWith("random:")) {
    const seed = parseSeed(source);
    return { values: parameters.map((p) => randomParameter(seed, p)), unused: [] };
  }
  if (typeof source === "string") return fromFile(source, parameters, options);
  if (source instanceof URL) return fromFile(fileURLToPath(source), parameters, options);
  if (typeof source !== "object" || source === null) {
    throw new TypeError(
      "weights: expected a .safetensors file, random:SEED, or tensors by parameter name.",
    );
  }
  return fromValues(source, parameters, options);
}

function parseSeed(source: string): number {
  const text = source.slice("random:".length);
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > 0xffffffff) {
    throw new TypeError(
      `weights: ${source} has no seed between 0 and ${0xffffffff}; write random:1.`,
    );
  }
  return seed;
}

async function fromFile(
  path: string,
  parameters: readonly RandomParameter[],
  options: WeightOptions,
): Promise<LoadedWeights> {
  const file = await SafetensorsFile.open(path);
  try {
    const match = matchWeights(parameters, [...file.tensors.values()], options);
    requireMatch(match, path);
    const values: Float32Array[] = [];
    for (const { name } of parameters) {
      values.push(await file.readFloat32(match.found.get(name) ?? name));
    }
    return { values, unused: match.unused };
  } finally {
    await file.close();
  }
}

/** The arrays are copied: they are read on another thread, and the caller may go on using them. */
function fromValues(
  tensors: Readonly<Record<string, Float32Array>>,
  parameters: readonly RandomParameter[],
  options: WeightOptions,
): LoadedWeights {
  const expected = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const given = Object.entries(tensors).map(([name, values]): NamedShape => {
    if (!(values instanceof Float32Array)) {
      throw new TypeError(`weights: ${name} is not a Float32Array.`);
    }
    const shape = expected.get(renamed(name, options.rename ?? {}))?.shape;
    const fits = shape !== undefined && elements(shape) === values.length;
    return { name, shape: fits ? shape : [values.length] };
  });
  const match = matchWeights(parameters, given, options);
  requireMatch(match, "weights");
  const values = parameters.map(({ name }) => {
    const array = tensors[match.found.get(name) ?? name];
    if (array === undefined) throw new Error(`${name} was matched and is not there.`);
    return array.slice();
  });
  return { values, unused: match.unused };
}
