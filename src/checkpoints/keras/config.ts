import { damaged } from "../damage.js";

/** A layer as a model's description has it. */
export interface LayerConfig {
  readonly name: string;
  /** The class as files write it: `conv2d`, `batch_normalization`. */
  readonly kind: string;
  /** Whether a normalization has a gamma, and a beta. */
  readonly scale: boolean;
  readonly center: boolean;
  /** Of a model within the model; empty for other layers. */
  readonly layers: readonly LayerConfig[];
}

/** Models within models: a backbone with its parts. */
const deepest = 32;

/**
 * The layers of `config.json`, or of the `model_config` of a legacy file, in their order.
 *
 * @param file as messages name it
 */
export function readConfig(file: string, text: string): readonly LayerConfig[] {
  try {
    return layersOf(JSON.parse(text), deepest);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw damaged(file, "the description of the model in it is no JSON");
  }
}

function layersOf(model: unknown, depth: number): readonly LayerConfig[] {
  const config = member(model, "config");
  // Sequential models of Keras before 2.2.3 are a bare list.
  const layers = Array.isArray(config) ? config : member(config, "layers");
  if (!Array.isArray(layers) || depth === 0) return [];
  return layers.flatMap((layer: unknown): LayerConfig[] => {
    const settings = member(layer, "config");
    const name = member(settings, "name") ?? member(layer, "name");
    const type = member(layer, "class_name");
    if (typeof name !== "string" || typeof type !== "string") return [];
    return [
      {
        name,
        kind: kindOf(type),
        scale: member(settings, "scale") !== false,
        center: member(settings, "center") !== false,
        layers: layersOf(layer, depth - 1),
      },
    ];
  });
}

const member = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

/** `BatchNormalization` as Keras names what it counts: `batch_normalization`. */
export const kindOf = (type: string): string =>
  type
    .replace(/^.*>/, "")
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();

/** In all places of layers: that of a model is in those of all layers in it. */
const mostPlaces = 1 << 26;

/**
 * The description's layers by where a `.weights.h5` has them: `layers/conv2d_1`. It counts the
 * layers of a class and does not name them.
 *
 * @param file as messages name it
 * @throws InceptError `weights/damaged` for places beyond any network's
 */
export function byPlace(
  file: string,
  layers: readonly LayerConfig[],
): ReadonlyMap<string, LayerConfig> {
  const places = new Map<string, LayerConfig>();
  let characters = 0;
  const add = (inner: readonly LayerConfig[], above: string): void => {
    const used = new Map<string, number>();
    for (const layer of inner) {
      const count = used.get(layer.kind) ?? 0;
      used.set(layer.kind, count + 1);
      const place = `${above}/${layer.kind}${count === 0 ? "" : `_${count}`}`;
      characters += place.length;
      if (characters > mostPlaces) {
        throw damaged(
          file,
          `its description has layers at places of over ${mostPlaces} characters`,
        );
      }
      places.set(place, layer);
      add(layer.layers, `${place}/layers`);
    }
  };
  add(layers, "layers");
  return places;
}
