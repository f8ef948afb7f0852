import { visibleName } from "../../diagnostics/visible.js";
import { damaged } from "../damage.js";
import { textOf, textsOf } from "../hdf5/attribute.js";
import { datasetOf } from "../hdf5/dataset.js";
import type { Group } from "../hdf5/group.js";
import { unsupported } from "../hdf5/unsupported.js";
import type { LayerConfig } from "./config.js";
import type { Variable } from "./variable.js";

/**
 * The variables of a `.h5` that `model.save` or `save_weights` of Keras 1 and 2 wrote, in the order
 * of its lists: each layer is a group, whose attribute names its weights.
 *
 * @param weights the group of the layers
 * @param layers what the file's description has, where it has one
 */
export async function legacyVariables(
  weights: Group,
  layers: readonly LayerConfig[],
): Promise<readonly Variable[]> {
  const { file } = weights.object;
  if ((await textOf(weights.object, "backend")) === "theano") {
    throw unsupported(
      file.name,
      "kernels as Theano turns them",
      "load it in Keras with another backend, and save it there",
    );
  }
  const configs = new Map(layers.map((layer) => [layer.name, layer]));
  const variables: Variable[] = [];
  for (const layer of await listOf(weights, "layer_names")) {
    const group = await weights.group(layer);
    if (group === undefined) throw damaged(file.name, `it lacks its layer ${visibleName(layer)}`);
    const paths = await listOf(group, "weight_names");
    const isModel = holdsLayers(layer, paths, configs.get(layer));
    for (const path of paths) {
      const object = await group.find(path);
      const dataset = object === undefined ? undefined : datasetOf(object);
      if (dataset === undefined) {
        throw damaged(file.name, `it lacks ${visibleName(path)} of ${visibleName(layer)}`);
      }
      const above = { layer, isModel, config: configs.get(layer) };
      const named = nameOf(above, path);
      file.take("bytes of text", named.layer.length);
      variables.push({ ...named, dataset });
    }
  }
  return variables;
}

/** A list that is longer than an attribute may be is several: `layer_names0`, `layer_names1`, … */
async function listOf({ object }: Group, name: string): Promise<readonly string[]> {
  const whole = await textsOf(object, name);
  if (whole !== undefined) return whole;
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = await textsOf(object, `${name}${i}`);
    if (part === undefined) return parts;
    parts.push(...part);
  }
}

/** The way from a layer to one of its weights, and the weight's name at the end. */
const wayTo = (layer: string, path: string): string[] =>
  (path.startsWith(`${layer}/`) ? path.slice(layer.length + 1) : path).split("/");

/**
 * Whether a layer is a model of layers. Where no description says it, its weights lie in several
 * places: all of one layer lie in one, under the name that it was made with, whatever it is now.
 */
function holdsLayers(
  layer: string,
  paths: readonly string[],
  config: LayerConfig | undefined,
): boolean {
  if (config !== undefined) return config.layers.length > 0;
  return new Set(paths.map((path) => wayTo(layer, path).slice(0, -1).join("/"))).size > 1;
}

interface Above {
  readonly layer: string;
  readonly isModel: boolean;
  readonly config: LayerConfig | undefined;
}

/**
 * What a weight's path says: `conv2d_1/kernel:0` of the layer `conv2d_1`, `inner/conv/kernel` or
 * `conv/kernel:0` of a model `inner` within the model.
 */
function nameOf(
  { layer, isModel, config }: Above,
  path: string,
): Pick<Variable, "layer" | "kind" | "name"> {
  const parts = wayTo(layer, path);
  const name = variableName(parts.pop() ?? "", layer);
  const inner = isModel ? parts : [];
  const innermost = inner.reduce<LayerConfig | undefined>(
    (above, part) => above && layersByName(above).get(part),
    config,
  );
  return { layer: [layer, ...inner].join("."), kind: innermost?.kind, name };
}

/** Of each model its layers by name, which each of its weights asks for. */
const known = new WeakMap<LayerConfig, ReadonlyMap<string, LayerConfig>>();

/** Of two of one name the first. */
function layersByName(model: LayerConfig): ReadonlyMap<string, LayerConfig> {
  const named =
    known.get(model) ?? new Map([...model.layers].reverse().map((layer) => [layer.name, layer]));
  known.set(model, named);
  return named;
}

/** Keras 1 has the layer's name and a letter. */
const oldNames: ReadonlyMap<string, string> = new Map([
  ["W", "kernel"],
  ["b", "bias"],
  ["running_mean", "moving_mean"],
  ["running_std", "moving_variance"],
]);

/** `kernel` of `kernel:0`, of `kernel_1:0` and of Keras 1's `block1_conv1_W_1:0`. */
function variableName(text: string, layer: string): string {
  const name = text.replace(/:\d+$/, "");
  const plain =
    /^(kernel|bias|gamma|beta|moving_mean|moving_variance|depthwise_kernel|pointwise_kernel)(?:_\d+)?$/.exec(
      name,
    )?.[1];
  if (plain !== undefined) return plain;
  const old = name.startsWith(`${layer}_`) ? name.slice(layer.length + 1).replace(/_\d+$/, "") : "";
  return oldNames.get(old) ?? (/^(?:gamma|beta)$/.test(old) ? old : name);
}
