import { textOf } from "../hdf5/attribute.js";
import { type Dataset, datasetOf } from "../hdf5/dataset.js";
import { opaque } from "../hdf5/datatype.js";
import type { Group } from "../hdf5/group.js";
import { damaged } from "../damage.js";
import type { LayerConfig } from "./config.js";
import type { Variable } from "./variable.js";

/** What holds layers and is none: a model's list, and the same in files of TensorFlow 2.12 and 2.13. */
const containers = new Set(["layers", "_layer_checkpoint_dependencies"]);
/** State of training and of random numbers. */
const noLayers =
  /^(?:optimizer|metrics?|_?compile_metrics|_metrics|loss_tracker|seed_generator|random_generator|.*_tracker)$/;
const deepest = 32;

/**
 * The variables of a `.weights.h5` (Keras 3): groups by class and number, `layers/conv2d_1`, each
 * with its variables by number in `vars`. Newer files say the layer's own name beside them.
 *
 * @param configs what a description says of them, by their place
 */
export async function storedVariables(
  root: Group,
  configs: ReadonlyMap<string, LayerConfig>,
): Promise<readonly Variable[]> {
  const walk = new Walk(configs);
  await walk.children(root, { path: "", names: [] }, deepest);
  return walk.variables;
}

/** Where the walk is, and the names of the layers around it. */
interface Place {
  readonly path: string;
  readonly names: readonly string[];
}

class Walk {
  readonly variables: Variable[] = [];
  readonly #order: ReadonlyMap<string, number>;

  constructor(private readonly configs: ReadonlyMap<string, LayerConfig>) {
    this.#order = new Map([...configs.keys()].map((path, i) => [path, i]));
  }

  async children(group: Group, place: Place, depth: number): Promise<void> {
    const { file, path } = group.object;
    if (depth === 0) throw damaged(file.name, `${path} lies ${deepest} deep`);
    file.count(group.names.length);
    for (const name of this.#sorted(group.names, place.path)) {
      if (name === "vars" || noLayers.test(name)) continue;
      const child = await group.group(name);
      if (child === undefined) continue;
      // Wherever a file has the layers of a model, a description speaks of them as these.
      const isContainer = containers.has(name);
      const inner = [place.path, isContainer ? "layers" : name].filter(Boolean).join("/");
      if (isContainer) {
        await this.children(child, { path: inner, names: place.names }, depth - 1);
      } else {
        await this.#layer(child, inner, name, place.names, depth);
      }
    }
  }

  async #layer(
    group: Group,
    path: string,
    name: string,
    above: readonly string[],
    depth: number,
  ): Promise<void> {
    const vars = await group.group("vars");
    const said = vars === undefined ? undefined : await textOf(vars.object, "name");
    const config = this.configs.get(path);
    const names = [...above, config?.name ?? said ?? name];
    if (vars !== undefined) {
      // Where a model has its layers as attributes, the places are theirs and say no class.
      const kinds = [config?.kind, withoutCount(name), withoutCount(said ?? "")];
      const kind = kinds.find((one) => one !== undefined && isKnown(one));
      await this.#variables(vars, { layer: names.join("."), kind, config });
    }
    await this.children(group, { path, names }, depth - 1);
  }

  async #variables(
    vars: Group,
    {
      layer,
      kind,
      config,
    }: { layer: string; kind: string | undefined; config: LayerConfig | undefined },
  ): Promise<void> {
    const numbers = [...vars.names].sort((a, b) => Number(a) - Number(b));
    for (const [i, number] of numbers.entries()) {
      const dataset = await storedDataset(vars, number);
      if (dataset === undefined) continue;
      const name = variablesOf(kind, numbers.length, config)?.[i] ?? number;
      vars.object.file.take("bytes of text", layer.length);
      const unplaced = config === undefined ? { isUnplaced: true } : {};
      this.variables.push({ layer, kind, name, dataset, ...unplaced });
    }
  }

  /** As a description has them; else by class, and of one class by number. */
  #sorted(names: readonly string[], above: string): readonly string[] {
    const place = (name: string): number =>
      this.#order.get(`${above}/${name}`) ?? Number.MAX_SAFE_INTEGER;
    return [...names].sort(
      (a, b) =>
        place(a) - place(b) ||
        compare(withoutCount(a), withoutCount(b)) ||
        countOf(a) - countOf(b) ||
        compare(a, b),
    );
  }
}

/** HDF5 had no type for bfloat16 before 2.0: its bytes are opaque, and an attribute says what they are. */
async function storedDataset(vars: Group, number: string): Promise<Dataset | undefined> {
  const object = await vars.find(number);
  const dataset = object === undefined ? undefined : datasetOf(object);
  if (object === undefined || dataset?.type.dtype !== opaque || dataset.type.bytes !== 2) {
    return dataset;
  }
  const said = await textOf(object, "dtype");
  return said === "bfloat16" ? { ...dataset, type: { ...dataset.type, dtype: "BF16" } } : dataset;
}

const withoutCount = (name: string): string => name.replace(/_\d+$/, "");

const countOf = (name: string): number => Number(/_(\d+)$/.exec(name)?.[1] ?? 0);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isKnown = (kind: string): boolean => variablesOf(kind, 0, undefined) !== undefined;

/** The variables of a class in the order in which it makes them; undefined for others. */
function variablesOf(
  kind: string | undefined,
  count: number,
  config: LayerConfig | undefined,
): readonly string[] | undefined {
  if (kind === undefined) return undefined;
  if (kind === "batch_normalization") return normVariables(count, config);
  if (/^separable_conv[12]d$/.test(kind)) return ["depthwise_kernel", "pointwise_kernel", "bias"];
  if (/^depthwise_conv[12]d$/.test(kind)) return ["depthwise_kernel", "bias"];
  if (/^(?:dense|conv[123]d(?:_transpose)?)$/.test(kind)) return ["kernel", "bias"];
  if (/^(?:layer|group)_normalization$/.test(kind)) return ["gamma", "beta"];
  if (kind === "p_re_lu") return ["alpha"];
  return kind === "embedding" ? ["embeddings"] : undefined;
}

/**
 * A normalization without a scale or without a center has three. Where no description says which,
 * it has no scale: the Inceptions are made so, and hardly a network without a center.
 */
function normVariables(count: number, config: LayerConfig | undefined): readonly string[] {
  const scale = config?.scale ?? count === 4;
  const center = config?.center ?? count >= 3;
  return [
    ...(scale ? ["gamma"] : []),
    ...(center ? ["beta"] : []),
    "moving_mean",
    "moving_variance",
  ];
}
