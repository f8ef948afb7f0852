import { counted } from "../../diagnostics/counted.js";
import { suggest } from "../../diagnostics/suggest.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { sameShape, type Shape } from "../../ops/shape.js";

/** A parameter that the network expects, or a tensor that a checkpoint has. */
export interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

/** How a checkpoint's tensors fit a network's parameters. */
export interface WeightMatch {
  /** Parameter name -> name of the tensor that fits it. */
  readonly found: ReadonlyMap<string, string>;
  readonly missing: readonly Missing[];
  readonly wrongShape: readonly { readonly expected: NamedShape; readonly given: NamedShape }[];
  /**
   * Tensors that stand beside a parameter of the network, where it has none of that name: the
   * spec's layer is not the checkpoint's (it lacks a bias, say), and results would be wrong.
   */
  readonly extra: readonly string[];
  /** Tensors of layers that the network does not have, such as another head. */
  readonly unused: readonly string[];
}

export interface Missing extends NamedShape {
  /** An unused tensor of the same shape with a similar name. */
  readonly nearest?: string;
}

/**
 * Name in the checkpoint -> name in the network, for whole names or dotted prefixes
 * (`"features.0": "conv_1"` renames `features.0.weight`). The longest prefix wins.
 */
export type RenameMap = Readonly<Record<string, string>>;

/**
 * Fits a checkpoint's tensors to a network's parameters by name. `num_batches_tracked` is no
 * weight and counts nowhere; neither does what `ignored` (the parameters of an aux left out) names.
 */
export function matchWeights(
  expected: readonly NamedShape[],
  given: readonly NamedShape[],
  options: { readonly rename?: RenameMap; readonly ignored?: (name: string) => boolean } = {},
): WeightMatch {
  const byName = new Map<string, NamedShape>();
  for (const tensor of given) {
    if (!tensor.name.endsWith("num_batches_tracked")) {
      byName.set(renamed(tensor.name, options.rename ?? {}), tensor);
    }
  }
  const names = new Set(expected.map((parameter) => parameter.name));
  const layers = new Set(expected.map((parameter) => layerOf(parameter.name)));
  const unclaimed = [...byName].filter(([name]) => !names.has(name) && !options.ignored?.(name));
  const found = new Map<string, string>();
  const missing: Missing[] = [];
  const wrongShape: { expected: NamedShape; given: NamedShape }[] = [];
  for (const parameter of expected) {
    const tensor = byName.get(parameter.name);
    if (tensor === undefined) missing.push(withNearest(parameter, unclaimed));
    else if (sameShape(tensor.shape, parameter.shape)) found.set(parameter.name, tensor.name);
    else wrongShape.push({ expected: parameter, given: tensor });
  }
  const isExtra = ([name]: readonly [string, NamedShape]): boolean => layers.has(layerOf(name));
  return {
    found,
    missing,
    wrongShape,
    extra: unclaimed.filter(isExtra).map(([, tensor]) => tensor.name),
    unused: unclaimed.filter((entry) => !isExtra(entry)).map(([, tensor]) => tensor.name),
  };
}

/**
 * @param file the checkpoint as messages name it
 * @throws InceptError `weights/missing`, `weights/shape` or `weights/extra`
 */
export function requireMatch(match: WeightMatch, file: string): void {
  const total = match.found.size + match.missing.length + match.wrongShape.length;
  const [lacking] = match.missing;
  if (lacking !== undefined) {
    const names = listNames(match.missing.map((parameter) => parameter.name));
    const near = match.missing.find((parameter) => parameter.nearest !== undefined)?.nearest;
    const hint = near === undefined ? "" : ` (it has ${near}: use --rename)`;
    throw new InceptError(
      "weights/missing",
      `${file} lacks ${match.missing.length} of ${counted(total, "parameter")}: ${names}${hint}`,
    );
  }
  const [wrong] = match.wrongShape;
  if (wrong !== undefined) {
    const others = match.wrongShape.length - 1;
    throw new InceptError(
      "weights/shape",
      `${file}: ${wrong.given.name} is [${wrong.given.shape.join(", ")}], expected ` +
        `[${wrong.expected.shape.join(", ")}]${others > 0 ? ` (and ${others} more)` : ""}`,
    );
  }
  if (match.extra.length > 0) {
    throw new InceptError(
      "weights/extra",
      `${file} has what the network's layers do not: ${listNames(match.extra)}`,
      { help: "is a bias: true or a norm missing in the spec?" },
    );
  }
}

/** The name that a tensor of the checkpoint goes by in the network. */
export function renamed(name: string, map: RenameMap): string {
  for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
    const prefix = name.slice(0, end);
    const to = Object.hasOwn(map, prefix) ? map[prefix] : undefined;
    if (to !== undefined) return to + name.slice(end);
  }
  return name;
}

const layerOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf(".")));

function withNearest(
  parameter: NamedShape,
  unclaimed: readonly (readonly [string, NamedShape])[],
): Missing {
  const alike = unclaimed.filter(([, tensor]) => sameShape(tensor.shape, parameter.shape));
  const nearest = suggest(
    parameter.name,
    alike.map(([, tensor]) => tensor.name),
  );
  const { name, shape } = parameter;
  return nearest === undefined ? { name, shape } : { name, shape, nearest };
}

const listNames = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(", ") : `${names.slice(0, 3).join(", ")}, …`;
