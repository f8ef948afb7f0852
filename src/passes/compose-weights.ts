/** The nodes that prepare the weights of composed maps. */
import type { Node, Origin } from "../graph/graph.js";
import { resultTypes } from "../graph/results.js";
import { resultValue, type Value } from "../graph/value.js";
import { compose, type ComposeAttrs } from "../ops/algebra/compose.js";
import { composeBias, type ComposeBiasAttrs } from "../ops/algebra/compose-bias.js";
import type { Taps } from "../ops/conv2d-evaluate.js";
import type { Primitive } from "../ops/primitive.js";
import { elements } from "../ops/shape.js";

/** Rows of weights, and what is added to each row's sum. */
export interface LinearMap {
  readonly weight: Value;
  readonly bias: Value | undefined;
}

/** A map composed with another, and what prepares it. */
export interface Composed extends LinearMap {
  readonly prepares: readonly Node[];
}

/** How long weights may take to prepare, in multiply-adds: about a second. */
export const longestPreparation = 4e9;

type Geometry = Omit<ComposeAttrs, "rows" | "weight" | "bias" | "shift">;

/** Multiply-adds of composing, in double precision. */
export const preparationOf = ({ between, before, result, kernel, groups }: Geometry): number => {
  const rows = elements(result) / elements(before);
  return (rows * elements(between) * before[0]! * elements(kernel)) / groups;
};

/**
 * The map that reads what the earlier one reads.
 *
 * @param name what the weight is called in the later node, and the path of what is composed with it
 */
export function composed(
  later: LinearMap,
  earlier: LinearMap,
  geometry: Geometry,
  name: string,
  origin: Origin,
): Composed {
  const attrs: ComposeAttrs = {
    ...geometry,
    rows: later.weight.shape,
    weight: earlier.weight.shape,
    bias: later.bias !== undefined,
    shift: earlier.bias !== undefined,
  };
  const weights = {
    rows: later.weight,
    ...(later.bias === undefined ? {} : { bias: later.bias }),
    weight: earlier.weight,
    ...(earlier.bias === undefined ? {} : { shift: earlier.bias }),
  };
  const node = preparing(compose, attrs, [], weights, ["weight", "bias"], name, origin);
  const [weight, bias] = node.outputs;
  return { weight: weight!, bias, prepares: [node] };
}

/**
 * What the later map makes of the earlier one's bias, beside its own.
 *
 * @param taps of the later map, on what the earlier one makes
 */
export function composedBias(
  later: LinearMap,
  shift: Value,
  taps: Pick<ComposeBiasAttrs, keyof Taps | "between" | "result">,
  name: string,
  origin: Origin,
): Node<ComposeBiasAttrs> {
  const { weight: rows, bias } = later;
  const attrs: ComposeBiasAttrs = {
    ...taps,
    rows: rows.shape,
    bias: bias?.shape,
    shift: shift.shape,
  };
  const weights = { rows, ...(bias === undefined ? {} : { bias }), shift };
  return preparing(composeBias, attrs, [], weights, ["bias"], name, origin);
}

/** @param roles of the results, of which there may be fewer */
export function preparing<A>(
  primitive: Primitive<A>,
  attrs: A,
  inputs: readonly Value[],
  weights: Readonly<Record<string, Value>>,
  roles: readonly string[],
  name: string,
  origin: Origin,
): Node<A> {
  const types = resultTypes(primitive, inputs, Object.values(weights), attrs);
  const outputs = types.map((type, i) => resultValue(`${name}.${roles[i]!}:composed`, type));
  return { primitive, attrs, inputs, outputs, weights, origin };
}
